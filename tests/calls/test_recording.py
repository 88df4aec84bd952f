"""The sound of calls: both sides in a file of the owner's, or nowhere at all."""

import asyncio
import os
import resource
import stat
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile as sf
from log_watch import logged
from sound_scan import sounds

from voice.calls.recording import Tape, erase_old, keep_clean, recorded
from voice.config import RecordingSettings
from voice.phone.memory import CallerStep, HangsUp, MemoryLine, Plays, Presses, Waits
from voice.phone.port import Keyed, Line, Sound
from voice.store.database import open_store
from voice.store.port import Call, CallId, Turn, Who

CALL = CallId("0a1b2c3d4e5f")
CALLER = array("h", [7001] * 160).tobytes()
ATTENDANT = array("h", [-3002] * 160).tobytes()
# Ten milliseconds of each voice, by itself and of both.
VOICES = (CALLER[:160], ATTENDANT[:160], array("h", [7001, -3002] * 40).tobytes())
NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> RecordingSettings:
    return RecordingSettings(tmp_path / "calls", days=30)


async def attend(line: Line, answers: int = 3) -> int:
    """Answer each of the caller's spoken frames with some of our own."""
    came = left = 0
    async for arrival in line.arrivals():
        came += 1
        left = answers if arrival == Sound(CALLER) else left
        if left and isinstance(arrival, Sound):
            await line.send(ATTENDANT)
            left -= 1
    return came


async def call(
    settings: RecordingSettings, *plan: CallerStep, name: CallId = CALL
) -> int:
    async with recorded(MemoryLine([*plan, HangsUp(True)]), name, settings) as line:
        return await attend(line)


def heard(settings: RecordingSettings, name: str = f"{CALL}.call.wav") -> list[str]:
    """Return who is heard in each frame of a recording."""
    sound, rate = sf.read(settings.folder / name, dtype="int16", always_2d=True)
    assert rate == 8000
    assert sound.shape[1] == 2
    sides = {(0, 0): "", (7001, 0): "c", (0, -3002): "a", (7001, -3002): "ca"}
    frames = [sound[at : at + 160] for at in range(0, len(sound), 160)]
    for frame in frames:
        assert (frame == frame[0]).all()
    return [sides[int(frame[0][0]), int(frame[0][1])] for frame in frames]


async def test_both_sides_are_kept_as_they_were_in_time(kept: RecordingSettings):
    spoken = Plays(CALLER, over=True)
    await call(kept, Waits(0.04), spoken, Waits(0.1), spoken, Waits(1.2))
    begun = ["", "", "ca", "a", "a", "", "", "", "ca", "a", "a"]
    assert heard(kept) == begun + [""] * 58


async def test_keys_and_what_the_line_answers_pass_through(kept: RecordingSettings):
    line = MemoryLine([Presses("#")])
    async with recorded(line, CALL, kept) as taped:
        came = [arrival async for arrival in _some(taped, 700)]
        assert Keyed("#") in came
        assert await taped.transfer("1234")
        await taped.hang_up()
    assert line.transferred_to == "1234"


async def _some(line: Line, count: int):
    async for arrival in line.arrivals():
        yield arrival
        count -= 1
        if not count:
            return


async def test_what_is_sent_reaches_the_caller_unchanged(kept: RecordingSettings):
    line = MemoryLine([Plays(CALLER, over=True), Waits(1.0), HangsUp(True)])
    async with recorded(line, CALL, kept) as taped:
        await attend(taped)
    assert bytes(line.sent) == ATTENDANT * 3


async def test_speech_that_ran_ahead_of_the_caller_is_kept_whole(
    kept: RecordingSettings,
):
    async with recorded(MemoryLine([Waits(0.02)]), CALL, kept) as line:
        for _ in range(120):
            await line.send(ATTENDANT)
    assert heard(kept) == ["a"] * 120


async def test_only_its_owner_can_read_a_recording(kept: RecordingSettings):
    async with recorded(MemoryLine([Waits(3.0)]), CALL, kept) as line:
        async for _ in _some(line, 120):
            pass
        (part,) = kept.folder.iterdir()
        assert part.name == f"{CALL}.call.part"
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    (whole,) = kept.folder.iterdir()
    assert whole.name == f"{CALL}.call.wav"
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700


async def test_a_crash_loses_no_more_than_the_second_under_way(
    kept: RecordingSettings,
):
    async with recorded(MemoryLine([Waits(3.0)]), CALL, kept) as line:
        async for _ in _some(line, 120):
            pass
        # As it would be found if the process died now.
        left = (kept.folder / f"{CALL}.call.part").read_bytes()
        (kept.folder / "left.call.wav").write_bytes(left)
    assert len(heard(kept, "left.call.wav")) == 100


async def test_a_call_that_breaks_off_has_its_sound(kept: RecordingSettings):
    async def break_off() -> None:
        async with recorded(MemoryLine([Waits(3.0)]), CALL, kept) as line:
            async for _ in _some(line, 60):
                pass
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await break_off()
    assert len(heard(kept)) == 60


async def test_calls_at_once_have_files_of_their_own(kept: RecordingSettings):
    names = [CallId(f"call{number}") for number in range(8)]
    await asyncio.gather(
        *(call(kept, Plays(CALLER * 60, True), name=name) for name in names)
    )
    for name in names:
        assert heard(kept, f"{name}.call.wav") == ["ca"] * 60


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b\\c", "å ä ö", "*"])
async def test_no_name_of_a_call_leads_out_of_the_folder(
    kept: RecordingSettings, tmp_path: Path, name: str
):
    await call(kept, Plays(CALLER, True), name=CallId(name))
    (whole,) = kept.folder.iterdir()
    assert whole.name.endswith(".call.wav")
    assert os.listdir(tmp_path) == ["calls"]


async def test_a_folder_that_cannot_be_made_harms_no_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").write_text("")
    settings = RecordingSettings(tmp_path / "file" / "calls", days=1)
    assert await call(settings, Plays(CALLER * 120, True)) == 121
    (record,) = caplog.records
    assert "the sound of a call cannot be kept: Not a directory" in record.message
    assert CALL not in caplog.text


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file of this process grow beyond some bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_is_full_harms_no_call(
    kept: RecordingSettings, caplog: pytest.LogCaptureFixture
):
    with full_disk(40_000):
        came = await call(kept, Plays(CALLER * 300, True))
    assert came == 301
    assert "the sound of a call cannot be kept: File too large" in caplog.text


async def test_a_call_that_has_a_recording_already_does_not_overwrite_one_under_way(
    kept: RecordingSettings, caplog: pytest.LogCaptureFixture
):
    first = Tape(kept.folder, CALL)
    first.write(CALLER, ATTENDANT)
    assert await call(kept, Plays(CALLER, True)) == 2
    assert "File exists" in caplog.text
    first.close()
    assert heard(kept) == ["ca"]


async def test_a_call_without_any_sound_leaves_no_file(kept: RecordingSettings):
    await call(kept)
    assert not kept.folder.exists()


def aged(folder: Path, name: str, days: float) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(b"RIFF")
    then = (NOW - timedelta(days=days)).timestamp()
    os.utime(file, (then, then))
    return file


def test_what_has_been_kept_for_its_days_is_erased(kept: RecordingSettings):
    gone = [aged(kept.folder, "a.call.wav", 30.1), aged(kept.folder, "b.call.part", 31)]
    stays = [
        aged(kept.folder, "c.call.wav", 29.9),
        aged(kept.folder, "d.call.part", 0),
        # Not ours to erase.
        aged(kept.folder, "holiday.wav", 400),
        aged(kept.folder, "telefonist.db", 400),
    ]
    assert erase_old(kept, NOW) == 2
    assert not any(file.exists() for file in gone)
    assert all(file.exists() for file in stays)
    assert erase_old(kept, NOW) == 0


def test_a_site_that_keeps_no_sound_any_longer_has_none_left(tmp_path: Path):
    off = RecordingSettings(tmp_path / "calls")
    assert erase_old(off, NOW) == 0
    left = aged(off.folder, "a.call.wav", 0.01)
    assert erase_old(off, NOW) == 1
    assert not left.exists()


async def test_old_sound_is_erased_at_once_when_the_house_opens(
    kept: RecordingSettings,
):
    old = aged(kept.folder, "a.call.wav", 31)
    with logged("voice.calls.recording", "of 1 calls was erased") as erased:
        async with asyncio.TaskGroup() as group:
            cleaning = group.create_task(keep_clean(kept, lambda: NOW))
            async with asyncio.timeout(20):
                await erased.wait()
            cleaning.cancel()
    assert not old.exists()


async def test_no_sound_is_written_anywhere_while_a_site_keeps_none(tmp_path: Path):
    off = RecordingSettings(tmp_path / "calls")
    async with open_store(str(tmp_path / "telefonist.db")) as store:
        for number in range(20):
            name = CallId(f"call{number}")
            await store.transcripts.begin(Call(name, "4949", None, NOW))
            await call(off, Plays(CALLER * 60, True), name=name)
            said = Turn(0.5, Who.CALLER, "hänvisning radera")
            await store.transcripts.add(name, said)
            await store.transcripts.end(name, "hung_up", NOW)
        assert sounds(tmp_path, *VOICES) == []
    on = RecordingSettings(tmp_path / "calls", days=1)
    await call(on, Plays(CALLER * 60, True))
    assert sounds(tmp_path, *VOICES) == [tmp_path / "calls" / f"{CALL}.call.wav"]
