"""Words that no lexicon has -> the model's phones, by the rules of espeak-ng.

espeak-ng is asked in a process of its own; its IPA is then written in the phones that
the model's lexicon would use. Of 2,000 random words of that lexicon, 9 % of the phones
come out otherwise.
"""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise

from voice.sound import phonemes
from voice.sound.models import Phones, PronunciationError

_PATIENCE = 30.0  # seconds for all words; it takes a fifth of one
_REMEDY = "write them in the lexicon, in the phones of the model's phones.txt"
# Sounds that the model has no phone for, as its lexicon writes them. Those of English
# come in words that espeak-ng takes for English, as a Swede would say them.
_SOUNDS = {
    # Between sounds, a word's foreign language, and lengths that no phone has.
    **dict.fromkeys(("_", " ", "(en)", "(sv)", "ː", "ʔ"), ""),
    **{"sx": "ɧ", "ʃ": "ɧ", "ʒ": "ɧ", "tʃ": "ɕ", "dʒ": "j", "ʂ": "ɕ", "x": "h"},
    **{"ɖ": "d", "ʈ": "t", "ɳ": "n", "ɭ": "l", "z": "s", "w": "v", "g": "ɡ"},
    **{"ɹ": "r", "ɾ": "r", "ʁ": "r", "ɫ": "l", "θ": "t", "ð": "d", "c": "k"},
    **{"ə": "ɛ", "ɐ": "a", "ʌ": "a", "ɑ": "a", "æ": "ɛ", "ɒ": "ɔ", "ɜ": "œ"},
    **{"i": "ɪ", "y": "ʏ", "u": "ʊ", "e": "ɛ", "o": "ɔ", "ø": "œ", "ʉ": "ʉː"},
    **{"æː": "ɛː", "aː": "ɑː", "ɔː": "ɔ", "ɒː": "ɑː", "ɜː": "œ", "ɵː": "ɵ"},
    **{"aɪ": "a j", "eɪ": "ɛ j", "ɔɪ": "ɔ j", "aʊ": "a ʊ", "əʊ": "oː", "oʊ": "oː"},
    **{"əl": "ɛ l", "iə": "ɪ a", "eə": "ɛː", "ʊə": "ʊ a", "ɪə": "ɪ a"},
}
_STRESS = "ˈˌ"
_VOWELS = frozenset("aeioøuyœɑɔɛɪɵʉʊʏ")  # by their first letter


def by_rule(
    words: Iterable[str], phones: Sequence[str], patience: float = _PATIENCE
) -> dict[str, Phones]:
    """Say how words would be pronounced, in the given phones.

    espeak-ng gets `patience` seconds for all of them.
    PronunciationError names the words whose letters have no sound in Swedish, a sound
    that none of the phones stands for, and why espeak-ng gives no answer.
    """
    asked = sorted(set(words))
    strange = [word for word in asked if not _is_spelled_in_latin(word)]
    if strange:
        raise PronunciationError(
            f"No rule says how to pronounce {', '.join(strange)}: write the words as "
            f"they are said, in Latin letters, or {_REMEDY}."
        )
    if not asked:
        return {}
    sounds = zip(asked, _sounds(asked, patience), strict=True)
    return {word: phones_of(word, ipa, phones) for word, ipa in sounds}


def by_rule_where_known(
    words: Iterable[str], phones: Sequence[str], patience: float = _PATIENCE
) -> dict[str, Phones]:
    """Say how words would be pronounced, but for those that no rule pronounces."""
    asked = sorted({word for word in words if _is_spelled_in_latin(word)})
    found: dict[str, Phones] = {}
    for word, ipa in zip(asked, _sounds(asked, patience) if asked else (), strict=True):
        with suppress(PronunciationError):
            found[word] = phones_of(word, ipa, phones)
    return found


def phones_of(word: str, ipa: str, phones: Sequence[str]) -> Phones:
    """Write espeak-ng's IPA of a word in the given phones."""
    signs = _SOUNDS | {phone: phone for phone in phones}
    longest_first = sorted(signs, key=len, reverse=True)
    pattern = re.compile(f"([{_STRESS}]?)({'|'.join(map(re.escape, longest_first))})")
    spoken: list[tuple[str, bool]] = []
    at = 0
    while at < len(ipa):
        found = pattern.match(ipa, at)
        if found is None:
            raise _unknown(word, ipa[at:].lstrip(_STRESS)[:1] or ipa[at])
        at = found.end()
        spoken += [(p, bool(found[1])) for p in signs[found[2]].split()]
    if not spoken:
        raise PronunciationError(f"espeak-ng is silent on {word}: {_REMEDY}.")
    written = tuple(_retroflex(_shortened(spoken)))
    for phone in written:
        if phone not in phones:
            raise _unknown(word, phone)
    return written


def _unknown(word: str, sign: str) -> PronunciationError:
    return PronunciationError(
        f"espeak-ng says {word} with {sign!r}, which is no sound of the model: "
        f"{_REMEDY}."
    )


def _shortened(spoken: Sequence[tuple[str, bool]]) -> list[str]:
    """Make short what espeak-ng writes long though no stress is on it."""
    short = []
    followed = [*(phone for phone, _ in spoken[1:]), ""]
    for (phone, stressed), after in zip(spoken, followed, strict=True):
        if phone == "iː" and (not stressed or after[:1] in _VOWELS):
            short.append("ɪ")
        elif phone == "uː" and not stressed and not after:
            short.append("ʊ")
        else:
            short.append(phone)
    return short


def _retroflex(phones: Sequence[str]) -> list[str]:
    """Join "r" with what follows, where the lexicon has one sound for both."""
    joined: list[str] = []
    for before, phone in pairwise(["", *phones]):
        if before == "r" and phone in ("d", "l", "n", "s", "t"):
            joined[-1:] = ["ɕ" if phone == "s" else phone]
        else:
            joined.append(phone)
    return joined


def _is_spelled_in_latin(word: str) -> bool:
    letters = [sign for sign in word if sign not in "'’-"]
    return bool(letters) and all(
        sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN")
        for sign in letters
    )


def _sounds(words: Sequence[str], patience: float) -> list[str]:
    """Ask espeak-ng for the IPA of each word."""
    # -P: our folder has a wave.py, which must not hide that of Python.
    program = (sys.executable, "-P", phonemes.__file__)
    try:
        ran = subprocess.run(
            program,
            input=json.dumps(words).encode(),
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _no_answer(words, "it hangs") from None
    except OSError as error:
        raise _no_answer(words, str(error)) from error
    if ran.returncode:
        why = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _no_answer(words, why[-1] if why else f"it ended with {ran.returncode}")
    told: list[str] = json.loads(ran.stdout)
    return told


def _no_answer(words: Sequence[str], why: str) -> PronunciationError:
    return PronunciationError(
        f"espeak-ng does not say how to pronounce {', '.join(words)} ({why}): install "
        f"espeakng-loader anew, or {_REMEDY}."
    )
