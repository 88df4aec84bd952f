"""One utterance from first sound to end: frames in, an utterance out at its end."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias

from voice.sound.acceptor import Progress
from voice.sound.ears import Ear, Ears, Utterance
from voice.sound.endpoint import Endpoint, Loudness, Patience

BEFORE_FRAMES = 20  # 0.4 s of sound from before speech was noticed
GATHERED_FRAMES = 5  # are heard together: each time costs, and words come late anyhow
SETTLE_SECONDS = 0.16  # quiet after which the words so far are asked for
UNKNOWN = "[unk]"

Measure: TypeAlias = Callable[[Sequence[str]], Progress]


class Listening:
    """Hears utterances of one place, one after the other.

    The same frames always give the same utterances: nothing depends on a clock.
    """

    def __init__(
        self, ears: Ears, measure: Measure, patience: Patience, loudness: Loudness
    ) -> None:
        """Listen with a place's ears; `measure` says how far words have come there.

        `loudness` is the whole call's.
        """
        self._ears, self._measure = ears, measure
        self._patience, self._loudness = patience, loudness
        self._begin()

    @property
    def begun(self) -> bool:
        """Whether somebody is speaking, or has been, since the last utterance."""
        return self._endpoint.begun

    def feed(self, frame: bytes, own: bool = False) -> Utterance | None:
        """Hear 20 ms; return the utterance that ends with it.

        Sound in which no word is found is passed over, as if it had been quiet; and
        what is our `own` voice coming back is nobody speaking.
        """
        return self.hear() if self.notice(frame, own) else None

    def notice(self, frame: bytes, own: bool = False) -> bool:
        """Take 20 ms, which costs next to nothing; whether it is time to `hear`."""
        loud = self._loudness.loud(frame)
        self._endpoint.hear(loud and not own)
        if not self._endpoint.begun:
            self._before.append(frame)
            return False
        self._gathered.append(frame)
        return (
            self._ear is None
            or len(self._gathered) >= GATHERED_FRAMES
            or self._settles
            or self._resumes
            or self._endpoint.ended(self._progress)
        )

    def hear(self) -> Utterance | None:
        """Hear what was noticed, which computes; return the utterance that ends."""
        self._hear()
        if not self._endpoint.ended(self._progress):
            return None
        utterance = self.finish()
        return utterance if utterance and utterance.words else None

    def words_so_far(self) -> tuple[str, ...]:
        """Return the known words of what is being said; they lag behind the sound."""
        words = self._heard().partial() if self._ear else ()
        return tuple(word for word in words if word != UNKNOWN)

    def finish(self) -> Utterance | None:
        """Return what has been heard when no more will come; None if nothing began."""
        utterance = self._heard().finish() if self._endpoint.begun else None
        self._begin()
        return utterance

    def _begin(self) -> None:
        self._ear: Ear | None = None
        self._endpoint = Endpoint(self._patience)
        self._before: deque[bytes] = deque(maxlen=BEFORE_FRAMES)
        self._gathered: list[bytes] = []
        self._settled = False
        self._progress = Progress.INCOMPLETE

    @property
    def _settles(self) -> bool:
        return self._endpoint.quiet >= SETTLE_SECONDS and not self._settled

    @property
    def _resumes(self) -> bool:
        return self._endpoint.quiet == 0 and self._settled

    def _hear(self) -> None:
        ear = self._heard()
        if self._settles:
            self._settled = True
            self._progress = self._measure(ear.settle())
        elif self._resumes:
            self._settled = False
            self._progress = Progress.INCOMPLETE
            ear.resume()

    def _heard(self) -> Ear:
        """Return the ear when it has heard all that was noticed."""
        if self._ear is None:
            self._ear = self._ears.listen()
            self._gathered = [*self._before, *self._gathered]
        for frame in self._gathered:
            self._ear.feed(frame)
        self._gathered = []
        return self._ear
