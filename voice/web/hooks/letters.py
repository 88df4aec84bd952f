"""What is sent to a hook: the text, what it is known by, and what proves it ours."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from voice.divert.model import Divert
from voice.divert.walltime import local
from voice.language.catalog import Catalog
from voice.store.hooks_port import Hook
from voice.web.hooks.happenings import Occurrence

SIGNATURE = "X-Telefonist-Signature"
_ID_LETTERS = 32


def id_of(told: Occurrence, catalog: Catalog) -> str:
    """Return what an occurrence is known by: the same however often it is told."""
    divert = told.divert
    place = _instant(told.at) if told.position is None else str(told.position)
    shown = _shown(divert, catalog)
    parts = (
        told.event,
        place,
        divert.extension,
        # No more than is told: there are few reasons to try until one fits.
        str(shown["reason"] or shown["outer"]),
        _instant(divert.start),
        _instant(divert.until),
        divert.mode,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_ID_LETTERS]


def body(told: Occurrence, catalog: Catalog) -> bytes:
    """Write an occurrence as a hook is told of it."""
    before = told.before
    said = {
        "id": id_of(told, catalog),
        "type": told.event.value,
        "at": local(told.at).isoformat(),
        "extension": told.divert.extension,
        "by_itself": told.position is None,
        "divert": _shown(told.divert, catalog),
        "before": None if before is None else _shown(before, catalog),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def headers(
    hook: Hook, told: Occurrence, catalog: Catalog, text: bytes, now: datetime
) -> dict[str, str]:
    """Return the headers that go with a body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "telefonist",
        "X-Telefonist-Event": told.event.value,
        "X-Telefonist-Delivery": id_of(told, catalog),
        SIGNATURE: signature(hook.secret, text, now),
    }


def signature(secret: str, text: bytes, now: datetime) -> str:
    """Sign a body together with the time, so that nobody can send it again later."""
    at = str(int(now.timestamp()))
    signed = hmac.new(secret.encode(), at.encode() + b"." + text, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def _shown(divert: Divert, catalog: Catalog) -> Mapping[str, str | None]:
    """Return a divert as others may know it."""
    wording = catalog.wordings.get(divert.reason)
    is_discreet = wording is None or wording.discreet
    return {
        "reason": None if is_discreet else divert.reason,
        "outer": wording.outer if wording else catalog.prompts["outer_unknown"],
        "start": local(divert.start).isoformat(),
        "until": None if divert.until is None else local(divert.until).isoformat(),
        "mode": divert.mode.value,
        "source": divert.source.value,
    }


def _instant(instant: datetime | None) -> str:
    return "" if instant is None else instant.astimezone(UTC).isoformat()
