"""Peers are run on the same sounds, and what they lack is told before any is run."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from recipe import peers
from recipe.measure import Clip, Share
from recipe.measure_clips import Clips
from recipe.peers_run import Done, Job, Recognize, run
from recipe.report_kept import ReportError, built

ROOT = Path(__file__).parents[2]
SOURCE = "people unheard"


def clip(name: str, text: str, listed: bool) -> Clip:
    return Clip(Path(name), text, "anna", SOURCE, "words", listed)


def told(*clips: Clip) -> Clips:
    return Clips(clips, {"words": ("ett", "två")}, ())


def first_phrase(phrases: Sequence[str]) -> Recognize:
    return lambda pcm: (phrases[0], len(pcm) / 32000)


def test_every_sound_is_heard_among_its_own_phrases(tmp_path: Path):
    (tmp_path / "a.raw").write_bytes(bytes(16000))
    (tmp_path / "b.raw").write_bytes(bytes(8000))
    job = Job({"words": ["a.raw"], "more": ["b.raw"]}, {"words": ["x"], "more": ["y"]})
    done = run(first_phrase, job, tmp_path)
    assert done.heard == {"a.raw": ("x", 0.5), "b.raw": ("y", 0.25)}
    assert done.seconds == 1.5
    assert min(done.cpu_seconds, done.load_seconds) >= 0
    assert done.memory > 1
    assert built(Done, json.loads(json.dumps(asdict(done)))) == done


def test_few_foreign_sounds_are_kept_and_all_that_are_in_the_list():
    clips = [clip(f"{n}.wav", "katt", listed=False) for n in range(10)]
    inside = clip("x.wav", "ett", listed=True)
    few = peers.few_foreign(told(inside, *clips), 4).clips
    assert few == (inside, clips[0], clips[2], clips[5], clips[7])
    assert len(peers.few_foreign(told(inside, *clips), 60).clips) == 11
    assert peers.few_foreign(told(inside, *clips), 0).clips == (inside,)


def test_what_a_peer_lacks_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(peers.NEEDS, "whisper", ("no_such_module",))
    with pytest.raises(
        peers.PeerError, match=r"need no_such_module: .*'telefonist\[peers\]'"
    ):
        peers.check(["ours", "whisper"])


def test_peers_want_something_to_hear():
    with pytest.raises(ReportError, match="give --recordings TABLE"):
        peers.measured(peers.arguments().parse_args([]))


@pytest.mark.model
def test_ours_is_run_as_a_peer_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELEFONIST_CACHE", str(tmp_path / "cache"))
    said = ROOT / "audio-fixtures/said/semester-kokoro-mix-olle.wav"
    heard = Clip(said, "semester", "olle", SOURCE, "words", listed=True)
    clips = Clips((heard,), {"words": ("semester", "lunch", "radera")}, ())
    (line,) = peers.chosen(["A-law"])
    peers.laid_out(clips, line, tmp_path)
    ours = peers.peer("ours", clips, line.name, tmp_path)
    assert ours.rows[0].best == Share(1, 1)
    assert ours.cpu > 0


def test_a_recognizer_that_ends_badly_is_told(tmp_path: Path):
    with pytest.raises(peers.PeerError, match="ours does not run: "):
        peers.peer("ours", told(), "A-law", tmp_path)


def test_the_runner_says_what_is_missing(tmp_path: Path):
    (tmp_path / "job.json").write_text('{"sounds": {}, "phrases": {}}', "utf-8")
    program = (
        "import sys; sys.modules['pocketsphinx'] = None; "
        f"sys.argv = ['x', 'pocketsphinx', {str(tmp_path)!r}]; "
        "from recipe.peers_run import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stderr == "it needs pocketsphinx: pip install 'telefonist[peers]'\n"
