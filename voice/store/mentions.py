"""Where somebody else is spoken of in what was said, and how that is struck out."""

import json
import re
from dataclasses import replace

from voice.store.calls_port import Turn
from voice.store.retention_port import Named
from voice.store.words import composed, words_of

_STRUCK_OUT = "…"


def is_mention(turn: Turn, named: Named) -> bool:
    """Tell whether a turn speaks of a person."""
    return without(turn, named) != turn


def without(turn: Turn, named: Named) -> Turn:
    """Return a turn that does not speak of a person."""
    meaning = turn.meaning
    if number_in(named) in (meaning or ""):
        meaning = _meaning_without(meaning or "", named)
    name = _name(named)
    if name is None or not name.search(composed(turn.text)):
        return replace(turn, meaning=meaning)
    text = name.sub(_STRUCK_OUT, composed(turn.text))
    return replace(turn, text=text, meaning=meaning)


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


def _name(named: Named) -> re.Pattern[str] | None:
    words = words_of(named.name)
    if not words:
        return None
    # Between its words anything may stand but other words; it may own something.
    parts = r"[\W_]+".join(map(re.escape, words))
    return re.compile(rf"(?<![^\W_]){parts}s?(?![^\W_])", re.IGNORECASE)
