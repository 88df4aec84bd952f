"""Where somebody else is spoken of in what was said, and how that is struck out."""

import json
from dataclasses import replace

from voice.store.calls_port import Turn
from voice.store.retention_port import Named
from voice.store.words import composed, words_in, words_of

_STRUCK_OUT = "…"


def is_mention(turn: Turn, named: Named) -> bool:
    """Tell whether a turn speaks of a person."""
    return without(turn, named) != turn


def without(turn: Turn, named: Named) -> Turn:
    """Return a turn that does not speak of a person."""
    meaning = turn.meaning
    if meaning is not None and number_in(named) in meaning:
        meaning = _meaning_without(meaning, named)
    return replace(turn, text=text_without(turn.text, named.name), meaning=meaning)


def number_in(named: Named) -> str:
    """Return what stands in the meaning of a turn that means a person's number."""
    return f'"{named.extension}"'


def _meaning_without(meaning: str, named: Named) -> str:
    try:
        record = json.loads(meaning)
    except ValueError:
        return meaning
    if not isinstance(record, dict) or record.get("extension") != named.extension:
        return meaning
    return json.dumps(record | {"extension": None}, ensure_ascii=False)


def text_without(text: str, name: str) -> str:
    """Strike out a whole name, wherever it stands and whatever signs are in it."""
    wanted = [words_of(word.group()) for word in words_in(name)]
    if not wanted:
        return text
    text = composed(text)
    there = list(words_in(text))
    folded = [words_of(word.group()) for word in there]
    # From the end, so that what is struck out moves nothing that is still to come.
    for first in reversed(range(len(there) - len(wanted) + 1)):
        last = first + len(wanted)
        if _is_name(folded[first:last], wanted):
            begin, end = there[first].start(), there[last - 1].end()
            text = text[:begin] + _STRUCK_OUT + text[end:]
            del there[first:last], folded[first:last]
    return text


def _is_name(words: list[tuple[str, ...]], wanted: list[tuple[str, ...]]) -> bool:
    *others, last = wanted
    # Who is named may own something.
    owns = (*last[:-1], f"{last[-1]}s") if last else last
    return words[:-1] == others and words[-1] in (last, owns)
