"""Recorded fixtures: each sound through the ear and the dialogue's understanding."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from voice.dialogue.heard import Heard, Meant, Unclear
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.hearing import Hearing
from voice.language.catalog import Catalog
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.phone.port import FRAME_BYTES, FRAME_SECONDS
from voice.sound.ears import Utterance
from voice.sound.endpoint import Loudness
from voice.sound.wave import read_wave

# Quiet of the line after a sound, so that an utterance in it comes to its end.
_QUIET_SECONDS = 1.6
_SAID = "said"
_WITHOUT_WORDS = ("calls",)


class FixtureError(VoiceError):
    """A set of fixtures cannot be read."""


class Verdict(StrEnum):
    """What came of one fixture."""

    RIGHT = "right"
    ASKED = "asked"
    """The right meaning, which would have been asked about."""
    REFUSED = "refused"
    MISHEARD = "misheard"
    ACCEPTED = "accepted"
    """Something was understood where nothing was meant."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """One sound, what is said in it, and where in the dialogue."""

    file: Path
    folder: str
    text: str
    place: str
    kind: str
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A fixture, what was heard in it, and whether that is right."""

    fixture: Fixture
    heard: str
    score: float
    verdict: Verdict

    @property
    def is_right(self) -> bool:
        """Tell whether nothing wrong would have come of it."""
        nothing_said = self.fixture.folder != _SAID
        right = {Verdict.REFUSED} if nothing_said else {Verdict.RIGHT, Verdict.ASKED}
        return self.verdict in right


def read_fixtures(manifest: Path) -> list[Fixture]:
    """Read the sounds of a manifest, but for those of whole calls."""
    try:
        listed = tomllib.loads(manifest.read_text(encoding="utf-8"))["sound"]
        found = [_fixture(entry, manifest.parent) for entry in listed]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FixtureError(f"{manifest} cannot be read: {error}.") from error
    except (KeyError, TypeError) as missing:
        raise FixtureError(
            f"{manifest} has a [[sound]] without {missing}: write file, text and kind."
        ) from missing
    return [fixture for fixture in found if fixture.folder not in _WITHOUT_WORDS]


def _fixture(entry: dict[str, str], root: Path) -> Fixture:
    return Fixture(
        file=root / entry["file"],
        folder=entry["file"].split("/")[0],
        text=entry["text"],
        place=entry.get("place", "start"),
        kind=entry["kind"],
        fails=bool(entry.get("fails", False)),
    )


def check_places(fixtures: Iterable[Fixture], catalog: Catalog) -> None:
    """Refuse sounds of a place that the dialogue does not have."""
    strange = sorted({f.place for f in fixtures} - catalog.places.keys())
    if strange:
        raise FixtureError(
            f"The dialogue has no place '{', '.join(strange)}': write one of "
            f"{', '.join(catalog.places)} in the manifest."
        )


def judge(
    fixture: Fixture, hearing: Hearing, catalog: Catalog, moment: Moment
) -> Judged:
    """Hear one sound as a call would, and compare what is understood with the text.

    It is the meaning that is compared: a misheard ending that means the same passes.
    """
    here = Here(fixture.place, Extension("1234"), moment)
    wanted = _meaning(understand(fixture.text, here, catalog))
    utterances = list(_utterances(read_wave(fixture.file), fixture.place, hearing))
    best = max(utterances, key=lambda u: u.score, default=None)
    if best is None:
        return Judged(fixture, "", 0.0, Verdict.REFUSED)
    thresholds = hearing.thresholds
    taken = [u for u in utterances if u.score >= thresholds.ask]
    heard = [understand(u.text, here, catalog, u.score >= thresholds.do) for u in taken]
    meanings = [_meaning(h) for h in heard if not isinstance(h, Unclear)]
    verdict = Verdict.REFUSED
    if meanings:
        verdict = Verdict.ACCEPTED if fixture.folder != _SAID else Verdict.MISHEARD
        if meanings == [wanted] and fixture.folder == _SAID:
            sure = best.score >= thresholds.do
            verdict = Verdict.RIGHT if sure else Verdict.ASKED
    text = " / ".join(u.text for u in utterances)
    return Judged(fixture, text, round(best.score, 3), verdict)


def _meaning(heard: Heard) -> Heard:
    return replace(heard, sure=True) if isinstance(heard, Meant) else heard


def _utterances(pcm: bytes, place: str, hearing: Hearing) -> Iterator[Utterance]:
    listening = hearing.listen(place, Loudness())
    quiet = bytes(round(_QUIET_SECONDS / FRAME_SECONDS) * FRAME_BYTES)
    whole = pcm + bytes(-len(pcm) % FRAME_BYTES) + quiet
    for at in range(0, len(whole), FRAME_BYTES):
        utterance = listening.feed(whole[at : at + FRAME_BYTES])
        if utterance is not None:
            yield utterance
