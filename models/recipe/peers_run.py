"""One recognizer in a process of its own, so that time and memory are its own.

`python -m recipe.peers_run NAME JOB` reads JOB/job.json and writes JOB/NAME.json.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from voice.errors import VoiceError

Recognize: TypeAlias = Callable[[bytes], tuple[str, float]]
"""s16le at 8 kHz -> the nearest phrase of the list, and how near from 0 to 1."""
Open: TypeAlias = Callable[[Sequence[str]], Recognize]

# Each of these modules has `opened(phrases)`, an Open, and says what it is.
NAMES = {
    "ours": "peers_ours",
    "whisper": "peers_whisper",
    "pocketsphinx": "peers_sphinx",
}
BYTES_A_SECOND = 16000


@dataclass(frozen=True, slots=True)
class Job:
    """Sounds by list, each a raw file, and the phrases of each list."""

    sounds: dict[str, list[str]]
    phrases: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Done:
    """What was heard in each sound, and what it cost."""

    heard: dict[str, tuple[str, float]]
    load_seconds: float
    cpu_seconds: float
    seconds: float
    memory: float
    """Peak resident memory in MB."""


def run(opened: Open, job: Job, folder: Path) -> Done:
    """Hear every sound of a job; what is read from disk beforehand costs nothing."""
    heard, loading, spent, seconds = {}, 0.0, 0.0, 0.0
    for name, files in job.sounds.items():
        began = time.process_time()
        recognize = opened(job.phrases[name])
        # The first sound brings in what was left for later: it counts as loading.
        recognize(bytes(BYTES_A_SECOND))
        loading = loading or time.process_time() - began
        for file in files:
            pcm = (folder / file).read_bytes()
            began = time.process_time()
            heard[file] = recognize(pcm)
            spent += time.process_time() - began
            seconds += len(pcm) / BYTES_A_SECOND
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Done(heard, loading, spent, seconds, round(peak, 1))


def main() -> None:
    """Run the recognizer that is named."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    told = json.loads((folder / "job.json").read_text("utf-8"))
    try:
        opened: Open = importlib.import_module(f"recipe.{NAMES[name]}").opened
        done = run(opened, Job(**told), folder)
    except ModuleNotFoundError as missing:
        sys.exit(f"it needs {missing.name}: pip install 'telefonist[peers]'")
    except VoiceError as error:
        sys.exit(str(error))
    (folder / f"{name}.json").write_text(json.dumps(asdict(done)), "utf-8")


if __name__ == "__main__":
    main()
