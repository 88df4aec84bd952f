"""One utterance from first sound to end: frames in, an utterance out at its end."""

from collections import deque

from voice.sound.acceptor import Acceptor, Progress
from voice.sound.ears import Ear, Ears, Utterance
from voice.sound.endpoint import Endpoint, Loudness, Patience

BEFORE_FRAMES = 20  # 0.4 s of sound from before speech was noticed
SETTLE_SECONDS = 0.16  # quiet after which the words so far are asked for


class Listening:
    """Hears utterances of one place, one after the other.

    The same frames always give the same utterances: nothing depends on a clock.
    """

    def __init__(
        self, ears: Ears, acceptor: Acceptor, patience: Patience, loudness: Loudness
    ) -> None:
        """Listen with a place's ears and sentences; `loudness` is the whole call's."""
        self._ears, self._acceptor = ears, acceptor
        self._patience, self._loudness = patience, loudness
        self._begin()

    @property
    def begun(self) -> bool:
        """Whether somebody is speaking, or has been, since the last utterance."""
        return self._endpoint.begun

    def feed(self, frame: bytes) -> Utterance | None:
        """Hear 20 ms; return the utterance that ends with it.

        Sound in which no word is found is passed over, as if it had been quiet.
        """
        self._endpoint.hear(self._loudness.loud(frame))
        if not self._endpoint.begun:
            self._before.append(frame)
            return None
        self._hear(frame)
        if not self._endpoint.ended(self._progress):
            return None
        utterance = self.finish()
        return utterance if utterance and utterance.words else None

    def finish(self) -> Utterance | None:
        """Return what has been heard when no more will come; None if nothing began."""
        utterance = self._ear.finish() if self._ear else None
        self._begin()
        return utterance

    def _begin(self) -> None:
        self._ear: Ear | None = None
        self._endpoint = Endpoint(self._patience)
        self._before: deque[bytes] = deque(maxlen=BEFORE_FRAMES)
        self._settled = False
        self._progress = Progress.INCOMPLETE

    def _hear(self, frame: bytes) -> None:
        if self._ear is None:
            self._ear = self._ears.listen()
            for earlier in self._before:
                self._ear.feed(earlier)
        self._ear.feed(frame)
        if self._endpoint.quiet >= SETTLE_SECONDS and not self._settled:
            self._settled = True
            self._progress = self._acceptor.progress(self._ear.settle())
        elif self._endpoint.quiet == 0 and self._settled:
            self._settled = False
            self._progress = Progress.INCOMPLETE
            self._ear.resume()
