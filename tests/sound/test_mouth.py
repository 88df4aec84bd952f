"""The mouth says the same sentence with the same bytes, and never falls silent."""

import asyncio
import os
import select
import signal
import sys
from subprocess import PIPE, Popen

import numpy as np
import pytest
import soundfile

from voice.sound.level import LEVEL, as_samples, speech_level
from voice.sound.mouth import Mouth
from voice.sound.recorded import Recorded
from voice.sound.synthesis import Limits, MouthError, Synthesis, Voice

SET = "Sammanträde, åter fjorton och trettio. Klart."
HELLO = "Telefonisten. Jag är en dator. Vad gäller det?"

ONE_SENTENCE = f"""
import asyncio, hashlib
from voice.sound.mouth import Mouth

async def main():
    async with Mouth() as mouth:
        print(hashlib.sha256(await mouth.say({SET!r})).hexdigest())

asyncio.run(main())
"""

A_HOUSE_THAT_STAYS = """
import asyncio
from voice.sound.mouth import Mouth

async def main():
    async with Mouth() as mouth:
        print(mouth.synthesis.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def mouth():
    async with Mouth() as mouth:
        yield mouth


def children():
    """Return the processes of this one that are not yet gone for good."""
    path = f"/proc/self/task/{os.getpid()}/children"
    with open(path) as file:
        return set(file.read().split())


def python(program):
    return Popen([sys.executable, "-c", program], stdout=PIPE, text=True)


async def test_a_sentence_is_speech_at_the_level_of_the_line(mouth):
    sound = await mouth.say(SET)
    assert len(sound) % 320 == 0
    assert 2 < len(sound) / 16000 < 6
    assert speech_level(as_samples(sound)) == pytest.approx(LEVEL, abs=1)
    assert np.abs(as_samples(sound)).max() < 0.95


async def test_silence_round_a_sentence_is_short(mouth):
    loud = np.flatnonzero(np.abs(as_samples(await mouth.say(SET))) > 0.01)
    assert loud[0] < 0.05 * 8000
    length = len(await mouth.say(SET)) // 2
    assert length - loud[-1] < 0.2 * 8000


@pytest.mark.parametrize("text", ["", " \n", "."])
async def test_nothing_to_say_is_no_sound(mouth, text):
    assert await mouth.say(text) == b""


@pytest.mark.parametrize("name", ["sv", "sv+f2", "sv+klatt"])
async def test_a_sentence_is_the_same_whatever_was_said_before(name):
    async with Synthesis(Voice(name)) as synthesis:
        alone = await synthesis.sound(SET)
        for other in (SET, HELLO, "Hej.", HELLO):
            await synthesis.sound(other)
            assert await synthesis.sound(SET) == alone


def test_a_sentence_is_the_same_in_every_process():
    houses = [python(ONE_SENTENCE) for _ in range(2)]
    heard = {house.communicate()[0] for house in houses}
    assert len(heard) == 1
    assert len(heard.pop().strip()) == 64
    assert [house.returncode for house in houses] == [0, 0]


async def test_voices_differ_and_are_told_apart(mouth):
    async with Mouth(Voice(rate=220)) as quick, Mouth(Voice("sv+f2")) as woman:
        sounds = {await m.say(SET) for m in (mouth, quick, woman)}
    assert len(sounds) == 3


async def test_a_voice_that_is_not_there_is_said_at_the_start():
    before = children()
    with pytest.raises(MouthError, match="'qq'.*check the voice's name"):
        await Mouth(Voice("qq")).say(SET)
    assert children() == before


async def test_many_asking_at_once_all_get_their_own(mouth):
    texts = [f"Åter {hour} och {minute}." for hour in (9, 14) for minute in (5, 10, 30)]
    together = await asyncio.gather(*map(mouth.say, texts))
    async with Mouth() as other:
        assert together == [await other.say(text) for text in texts]


async def test_the_first_sentence_starts_the_process_by_itself():
    mouth = Mouth()
    assert mouth.synthesis.pid is None
    assert await mouth.say("Klart.")
    await mouth.close()


async def test_a_killed_process_is_replaced_by_the_next_sentence(mouth):
    alone = await mouth.say(SET)
    killed = mouth.synthesis.pid
    os.kill(killed, signal.SIGKILL)
    assert await mouth.say(HELLO)
    assert mouth.synthesis.pid != killed
    assert await mouth.synthesis.sound(SET)
    assert await mouth.say(SET) == alone


async def test_a_process_killed_in_the_middle_of_a_sentence_says_it_again(mouth):
    long = " ".join([HELLO] * 10)
    async with asyncio.TaskGroup() as calls:
        saying = calls.create_task(mouth.say(long))
        await asyncio.sleep(0)
        os.kill(mouth.synthesis.pid, signal.SIGKILL)
    assert len(saying.result()) > 16000 * 20


async def test_a_hung_process_is_killed_and_the_sentence_said_in_a_new_one():
    before = children()
    async with Mouth(limits=Limits(sentence=1.0)) as mouth:
        hung = mouth.synthesis.pid
        os.kill(hung, signal.SIGSTOP)
        assert await mouth.say(SET)
        assert mouth.synthesis.pid != hung
    assert children() == before


async def test_a_sentence_that_never_comes_is_an_error_and_not_a_wait():
    before = children()
    mouth = Mouth(limits=Limits(sentence=0.0))
    with pytest.raises(MouthError, match="telefonist check"):
        await mouth.say(SET)
    assert children() == before


async def test_a_process_that_never_gets_ready_is_an_error():
    before = children()
    with pytest.raises(MouthError, match="hung while starting"):
        await Mouth(limits=Limits(start=0.0)).say(SET)
    assert children() == before


async def test_a_text_that_cannot_be_spoken_does_not_stop_the_next(mouth):
    with pytest.raises(MouthError):
        await mouth.say("\ud800")
    assert await mouth.say(SET)


async def test_who_hangs_up_does_not_get_between_the_others(mouth):
    async with Mouth() as other:
        expected = await other.say(SET)
    for _ in range(5):
        hung_up = asyncio.ensure_future(mouth.say(HELLO * 3))
        await asyncio.sleep(0)
        hung_up.cancel()
        assert await mouth.synthesis.sound("Hej.")
    assert await mouth.say(SET) == expected


async def test_no_process_is_left_when_the_mouth_is_closed():
    before = children()
    async with Mouth() as mouth:
        await mouth.say(SET)
        assert children() > before
    assert children() == before
    await mouth.close()


def test_the_process_ends_with_a_house_that_was_killed():
    with python(A_HOUSE_THAT_STAYS) as house:
        speech = os.pidfd_open(int(house.stdout.readline()))
        house.kill()
    ended, _, _ = select.select([speech], [], [], 30)
    os.close(speech)
    assert ended


async def test_a_fixed_prompt_is_made_once_for_all_houses(tmp_path):
    async with Mouth(cache=tmp_path) as mouth:
        made = await mouth.say("Klart.", keep=True)
    later = Mouth(cache=tmp_path)
    assert await later.say("Klart.", keep=True) == made
    assert later.synthesis.pid is None


async def test_another_voice_has_its_own_prompts(tmp_path):
    async with Mouth(cache=tmp_path) as mouth, Mouth(Voice(pitch=70), tmp_path) as high:
        sounds = {await m.say("Klart.", keep=True) for m in (mouth, high)}
    assert len(sounds) == 2


async def test_variable_sentences_are_remembered_but_never_on_disk(tmp_path):
    async with Mouth(cache=tmp_path) as mouth:
        made = await mouth.say(SET)
        await mouth.close()
        assert await mouth.say(SET) == made
        assert mouth.synthesis.pid is None
    assert list(tmp_path.iterdir()) == []


async def test_a_cache_that_cannot_be_written_does_not_silence_it(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    async with Mouth(cache=tmp_path / "file") as mouth:
        assert await mouth.say("Klart.", keep=True)


async def test_a_recording_of_the_same_words_comes_first(tmp_path):
    at = np.arange(8000) / 8000
    soundfile.write(tmp_path / "done.wav", 0.1 * np.sin(3000 * at), 8000)
    recorded = Recorded(tmp_path, {"done": "Klart."})
    mouth = Mouth(recorded=recorded)
    said = await mouth.say("Klart.", key="done", keep=True)
    assert said == recorded.sound("done", "Klart.")
    assert mouth.synthesis.pid is None
    assert await mouth.say("Klart då.", key="done") != said
    await mouth.close()


async def test_the_log_does_not_tell_what_was_said(mouth, caplog):
    os.kill(mouth.synthesis.pid, signal.SIGKILL)
    await mouth.say(SET)
    assert "speech process failed" in caplog.text
    assert "fjorton" not in caplog.text
