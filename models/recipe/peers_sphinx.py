"""pocketsphinx with the English model it ships, Swedish phones said with English ones.

It has no Swedish model, and none for 8 kHz: each phone is the nearest English one,
and the sound is brought to 16 kHz.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr
from pocketsphinx import Decoder, get_model_path

from recipe.peers_run import Recognize
from voice.config import settings
from voice.house import read_catalog
from voice.sound.models import open_model, pronunciations

RATE = 16000
# By ear: there is no better English phone for ö, y, u and the sj sound.
PLAIN = {"a": "AA", "h": "HH", "j": "Y"}
ENGLISH = PLAIN | {phone: phone.upper() for phone in "bdfklmnprstv"} | {
    "eː": "EY", "iː": "IY", "oː": "OW", "uː": "UW", "yː": "IY", "øː": "ER",
    "ŋ": "NG", "œ": "ER", "ɑː": "AA", "ɔ": "AO", "ɕ": "SH", "ɛ": "EH", "ɛː": "EH",
    "ɡ": "G", "ɧ": "SH", "ɪ": "IH", "ɵ": "UH", "ʉː": "UW", "ʊ": "UH", "ʏ": "IH",
}  # fmt: skip


def opened(phrases: Sequence[str]) -> Recognize:
    """Open the English model with a dictionary and a grammar of the phrases."""
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.dict"
        words.write_text(dictionary(phrases), encoding="utf-8")
        model = get_model_path("en-us/en-us")
        decoder = Decoder(hmm=model, dict=str(words), loglevel="FATAL")
    decoder.add_jsgf_string("phrases", grammar(phrases))
    decoder.activate_search("phrases")

    def recognize(pcm: bytes) -> tuple[str, float]:
        sound = np.frombuffer(pcm, "<i2").astype(np.float32)
        wide = soxr.resample(sound, 8000, RATE).clip(-32768, 32767)
        decoder.start_utt()
        decoder.process_raw(wide.astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        if best is None or not best.hypstr:
            return "", 0.0
        # That of a second, so that long sounds are not taken for worse ones.
        return best.hypstr, min(1.0, best.score ** (100 / max(1, decoder.n_frames())))

    return recognize


def grammar(phrases: Sequence[str]) -> str:
    """Return the phrases as a JSGF grammar."""
    told = " | ".join(phrases)
    return f"#JSGF V1.0 UTF-8;\ngrammar phrases;\npublic <phrase> = {told};\n"


def dictionary(phrases: Sequence[str]) -> str:
    """Return the words of the phrases, as the model's lexicon says them."""
    chosen = settings()
    own = {
        word: [tuple(way.split()) for way in ways]
        for word, ways in read_catalog(chosen.grammar).lexicon.items()
    }
    words = {word for phrase in phrases for word in phrase.split()}
    said = pronunciations(open_model(chosen.models), words, own)
    lines = []
    for word, ways in said.items():
        for number, phones in enumerate(ways, 1):
            name = word if number == 1 else f"{word}({number})"
            lines.append(f"{name} {' '.join(english(phone) for phone in phones)}")
    return "\n".join(sorted(lines)) + "\n"


def english(phone: str) -> str:
    """Return the English phone nearest to one of the model's."""
    return ENGLISH.get(phone) or ENGLISH.get(phone[:1], "AH")
