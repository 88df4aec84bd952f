"""A line that is measured as it is used: how soon calls are greeted and answered."""

from collections.abc import AsyncIterator, Callable

from voice.calls.errands import Note
from voice.dialogue.heard import Heard, Unclear
from voice.measures import Measures
from voice.phone.port import Arrival, Backlog, Line, Sound
from voice.sound.endpoint import Loudness


def noted_in(measures: Measures) -> Note:
    """Return what notes how well utterances fitted, and where none was understood."""

    def note(place: str, heard: Heard, score: float | None) -> None:
        if score is not None:
            measures.heard(place, score)
        if isinstance(heard, Unclear):
            measures.missed(place)

    return note


class MeasuredLine:
    """Notes the time from the offer to the greeting, and from speech to its answer."""

    def __init__(
        self, line: Line, measures: Measures, clock: Callable[[], float], offered: float
    ) -> None:
        """Measure a line by a clock in seconds; the call was `offered` at its time."""
        self._line, self._measures, self._clock = line, measures, clock
        self._loudness = Loudness()
        self._offered: float | None = offered
        self._spoke: float | None = None
        self._is_answered = True

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._line.backlog

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes, and note when somebody last spoke."""
        async for arrival in self._line.arrivals():
            match arrival:
                case Sound(pcm) if self._loudness.loud(pcm):
                    self._spoke = self._clock()
            yield arrival

    def was_understood(self) -> None:
        """Say that speech has been heard, and that what is sent next answers it."""
        self._is_answered = False

    async def send(self, frame: bytes) -> None:
        """Send 20 ms, and note what it begins."""
        if self._offered is not None:
            self._measures.greeting(self._clock() - self._offered)
            self._offered = None
        if not self._is_answered and self._spoke is not None:
            self._measures.answered(self._clock() - self._spoke)
            self._is_answered = True
        await self._line.send(frame)

    async def transfer(self, number: str) -> bool:
        """Put the caller through to a number of the exchange."""
        return await self._line.transfer(number)

    async def hang_up(self) -> None:
        """End the call."""
        await self._line.hang_up()
