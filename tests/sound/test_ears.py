"""A real decode with the shipped model, on speech that espeak makes here."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voice.sound.acceptor import Acceptor, of_phrases
from voice.sound.ears import EarError, Ears, Utterance
from voice.sound.endpoint import Loudness, Patience
from voice.sound.graph import prepare
from voice.sound.listening import Listening
from voice.sound.models import open_model, pronunciations

pytestmark = pytest.mark.model

PHRASES = [
    "radera",
    "sammanträde",
    "sammanträde till halv tre",
    "semester till måndag",
    "ja",
    "nej",
]
ACCEPTOR: Acceptor = of_phrases(PHRASES)
MODEL = open_model(Path(__file__).parents[2] / "models")
MORE = "radera gamla bananer"
FRAME = 320
SECOND = 16000


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Ears:
    spoken = pronunciations(MODEL, ACCEPTOR.words)
    (graph,) = prepare(MODEL, ACCEPTOR, spoken, tmp_path_factory.mktemp("g"))
    return Ears(MODEL, graph)


@pytest.fixture(scope="module")
def speech() -> dict[str, bytes]:
    phrases = [*PHRASES, "bananer", "det var en gång en gubbe", MORE]
    program = Path(__file__).with_name("speaking.py")
    told = subprocess.run(
        [sys.executable, program],
        input=json.dumps(phrases),
        capture_output=True,
        text=True,
        check=True,
    )
    spoken = {t: bytes.fromhex(pcm) for t, pcm in json.loads(told.stdout).items()}
    assert all(map(any, spoken.values())), "espeak said nothing"
    return spoken


def hear(ears: Ears, pcm: bytes) -> Utterance:
    ear = ears.listen()
    for at in range(0, len(pcm) - FRAME + 1, FRAME):
        ear.feed(pcm[at : at + FRAME])
    return ear.finish()


def utterances(ears: Ears, pcm: bytes) -> list[tuple[float, Utterance]]:
    """Each utterance with the second at which it ended."""
    listening = Listening(ears, ACCEPTOR.progress, Patience(), Loudness())
    found = []
    for at in range(0, len(pcm) - FRAME + 1, FRAME):
        utterance = listening.feed(pcm[at : at + FRAME])
        if utterance:
            found.append(((at + FRAME) / SECOND, utterance))
    return found


def framed(pcm: bytes, quiet: float = 2.0) -> bytes:
    return bytes(SECOND // 2) + pcm + bytes(int(quiet * SECOND) // 2 * 2)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_heard_and_sure(ears, speech, phrase):
    utterance = hear(ears, framed(speech[phrase], 0.5))
    assert utterance.text == phrase
    assert utterance.score >= MODEL.thresholds.ask


@pytest.mark.parametrize("text", ["bananer", "det var en gång en gubbe"])
def test_other_speech_is_refused(ears, speech, text):
    assert hear(ears, framed(speech[text], 0.5)).score < MODEL.thresholds.ask


def test_silence_is_no_words(ears):
    utterance = hear(ears, bytes(2 * SECOND))
    assert (utterance.words, utterance.score, utterance.text) == ((), 0.0, "")
    assert utterance.seconds == 2.0


@pytest.mark.parametrize("text", [*PHRASES, "bananer", MORE])
def test_frames_that_are_heard_together_are_heard_as_alone(ears, speech, text):
    pcm = framed(speech[text]) + speech["ja"] + bytes(2 * SECOND)
    listening = Listening(ears, ACCEPTOR.progress, Patience(), Loudness())
    alone: list[tuple[float, Utterance]] = []
    for at in range(0, len(pcm) - FRAME + 1, FRAME):
        listening.notice(pcm[at : at + FRAME])
        # Whether it is time or not.
        if listening.begun and (utterance := listening.hear()):
            alone.append(((at + FRAME) / SECOND, utterance))
    assert utterances(ears, pcm) == alone
    assert alone


def test_no_sound_at_all_is_no_words(ears):
    assert ears.listen().finish().words == ()


def test_noise_is_refused(ears):
    rng = np.random.default_rng(1)
    noise = (rng.standard_normal(3 * 8000) * 3000).astype("<i2").tobytes()
    assert hear(ears, noise).score < MODEL.thresholds.ask


def test_words_lie_in_order_within_the_sound(ears, speech):
    utterance = hear(ears, framed(speech["sammanträde till halv tre"], 0.5))
    times = [time for word in utterance.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= utterance.seconds


def test_a_frame_of_another_length_is_refused(ears):
    with pytest.raises(EarError, match="320"):
        ears.listen().feed(bytes(100))


def test_a_folder_without_a_graph_is_refused(tmp_path):
    with pytest.raises(EarError, match="remove that folder"):
        Ears(MODEL, tmp_path)


def test_what_settles_may_go_on(ears, speech):
    whole = framed(speech["sammanträde till halv tre"], 0.5)
    ear = ears.listen()
    for at in range(0, len(whole) - FRAME + 1, FRAME):
        ear.feed(whole[at : at + FRAME])
        if at == FRAME * 40:
            ear.settle()
            ear.resume()
    assert ear.finish() == hear(ears, whole)


def test_a_whole_sentence_ends_quickly(ears, speech):
    pcm = speech["radera"]
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2")) > 300)[-1] / 8000 + 0.5
    [(ended, utterance)] = utterances(ears, framed(pcm))
    assert utterance.text == "radera"
    assert ended - loud < 0.3


def test_a_sentence_that_could_go_on_is_waited_for(ears, speech):
    [(short, _)] = utterances(ears, framed(speech["radera"]))
    [(long, utterance)] = utterances(ears, framed(speech["sammanträde"]))
    assert utterance.text == "sammanträde"
    longer_speech = (len(speech["sammanträde"]) - len(speech["radera"])) / SECOND
    assert long - short - longer_speech > 0.2


def test_two_sentences_in_a_row_are_two_utterances(ears, speech):
    pcm = framed(speech["radera"]) + framed(speech["ja"])
    assert [u.text for _, u in utterances(ears, pcm)] == ["radera", "ja"]


def test_the_same_frames_give_the_same_utterances(ears, speech):
    pcm = framed(speech["semester till måndag"])
    assert utterances(ears, pcm) == utterances(ears, pcm)


def test_a_sentence_with_more_said_is_unsure(ears, speech):
    [(_, utterance)] = utterances(ears, framed(speech[MORE]))
    assert utterance.score < MODEL.thresholds.do


def test_phrases_of_one_sense_do_not_compete(ears, speech, tmp_path):
    spoken_words = pronunciations(MODEL, ACCEPTOR.words)
    (graph,) = prepare(MODEL, ACCEPTOR, spoken_words, tmp_path)
    alike = Ears(MODEL, graph, sense=lambda text: bool(text))
    pcm = framed(speech["nej"], 0.5)
    assert hear(alike, pcm).score >= hear(ears, pcm).score
