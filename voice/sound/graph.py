"""The sentences of each place and their pronunciations -> graphs that Vosk decodes.

A prepared folder has a hash of everything that went in as its name, so that it is made
once, and never read when anything has changed.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from voice.errors import VoiceError
from voice.sound.acceptor import Acceptor, Machine
from voice.sound.models import Model, Phones
from voice.sound.transducer import Spelling, decoding_graph, placed, written

COMPILER = "c5"  # part of every cache name: raise it when graphs come out otherwise
PLACES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}

Pronunciations = Mapping[str, Sequence[Phones]]


class GraphError(VoiceError):
    """A decoding graph cannot be written."""


def prepare(
    model: Model, acceptor: Acceptor, pronunciations: Pronunciations, cache: Path
) -> list[Path]:
    """Return the folders that Vosk loads, one for each of the acceptor's places.

    They are made if they are not there. Two processes may prepare the same places at
    once: each writes a folder of its own, and the first to finish gives it its name.
    """
    folder = cache / _name(model, acceptor, pronunciations)
    places = [folder / str(place) for place in range(len(acceptor.starts))]
    if folder.is_dir():
        return places
    try:
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=cache))
        try:
            _write(unfinished, model, acceptor.machine, pronunciations)
            _give_name(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise GraphError(
            f"The graph cannot be kept in {cache} ({error.strerror}): "
            "make room, or set TELEFONIST_CACHE to a folder that may be written."
        ) from error
    return places


def spelled(folder: Path) -> dict[str, tuple[Phones, ...]]:
    """Return the pronunciations that a prepared folder was made with."""
    ways: dict[str, tuple[Phones, ...]] = {}
    for line in (folder / "pronunciations.txt").read_text("utf-8").splitlines():
        word, *phones = line.split()
        ways[word] = (*ways.get(word, ()), tuple(phones))
    return ways


def _name(model: Model, acceptor: Acceptor, pronunciations: Pronunciations) -> str:
    spoken = [(w, tuple(pronunciations[w])) for w in sorted(acceptor.words)]
    whole = (
        COMPILER,
        model.digest,
        str(model.folder),
        # As it was drawn: to find its smallest machine takes longer than to load it.
        sorted(acceptor.arcs),
        sorted(acceptor.finals),
        acceptor.starts,
        spoken,
    )
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


def _give_name(unfinished: Path, folder: Path) -> None:
    unfinished.chmod(0o755)
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process was first: as good
            raise


def _write(
    folder: Path, model: Model, machine: Machine, pronunciations: Pronunciations
) -> None:
    names = placed(model.phones)
    words = sorted({word for row in machine.moves for word in row})
    symbols = {word: n for n, word in enumerate(["<eps>", "[unk]", *words])}
    graph = decoding_graph(machine, Spelling(names, symbols, pronunciations))
    texts = {
        "graph/words.txt": [f"{word} {number}" for word, number in symbols.items()],
        "graph/phones/word_boundary.int": [
            f"{number} {_place(name)}" for name, number in names.items()
        ],
        "pronunciations.txt": [
            f"{word} {' '.join(way)}" for word in words for way in pronunciations[word]
        ],
    }
    for number, fst in enumerate(written(graph)):
        place = folder / str(number)
        (place / "graph/phones").mkdir(parents=True)
        # Links, not copies: all places share the one model in memory and on disk.
        for part in ("am", "conf"):
            os.symlink(model.folder / part, place / part)
        for name, lines in texts.items():
            _text(place / name, lines)
        (place / "graph/HCLG.fst").write_bytes(fst)


def _text(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _place(name: str) -> str:
    """Say in Vosk's words where in its word a placed phone stands."""
    _, between, place = name.partition("_")
    return PLACES[place] if between else "nonword"
