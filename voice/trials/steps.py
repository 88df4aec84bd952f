"""What the caller of a screenplay does on a line, of telephones or of memory."""

from voice.phone.memory import CallerStep, HangsUp, Plays, Presses, Waits
from voice.sound.wave import read_wave
from voice.trials.lines import Line
from voice.trials.screenplay import Screenplay

# Longer than any place waits before it asks again.
_SILENCE_SECONDS = 6.0


def steps(play: Screenplay) -> tuple[CallerStep, ...]:
    """Return what the caller does, one after the other."""
    return tuple(_step(line, play) for line in play.doings)


def _step(line: Line, play: Screenplay) -> CallerStep:
    match line.word:
        case "plays" | "over":
            return Plays(read_wave(play.folder / line.rest), line.word == "over")
        case "keys":
            return Presses(line.rest)
        case "waits":
            return Waits(float(line.rest))
        case "silence":
            return Waits(_SILENCE_SECONDS)
        case "hangs":
            return HangsUp(once=line.rest == "up at once")
        case _:
            raise AssertionError(f"{line.word} cannot be done on a line")
