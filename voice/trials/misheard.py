"""Turns that were misheard, as a set of trials that `telefonist replay` reads."""

import asyncio
import io
import logging
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from voice.divert.model import Divert
from voice.errors import VoiceError
from voice.house import desk
from voice.language.catalog import Catalog
from voice.language.masking import Mask, masked
from voice.personal import mask_of
from voice.store.audit_port import ChangesWanted
from voice.store.marks_port import Marked
from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Store, Turn
from voice.trials.misheard_play import Heard, play_of, with_demands
from voice.trials.misheard_sound import Clip, clip_of, manifest
from voice.trials.replay import check_reasons, prepare, replay
from voice.trials.screenplay import read

log = logging.getLogger(__name__)

# The latest marks alone: the set is made in memory.
_MOST = 1000
_MOST_TURNS_BEFORE = 60
_LOOKED_AT = 20
_CHANGES = ("DivertSet", "DivertsCleared", "DivertChanged", "ChangeUndone")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Tapes(Protocol):
    """The sound of calls."""

    async def find(self, call: CallId) -> Path | None:
        """Return the sound of a call; None where there is none."""
        ...


async def misheard_set(store: Store, catalog: Catalog, tapes: Tapes) -> bytes:
    """Return a folder, packed: a sound of each marked turn, else a screenplay.

    Nobody is named in it: names and personal numbers are struck out of what was said,
    and a sound that says one is left out.
    """
    veil = await mask_of(store, catalog)
    clips: list[Clip] = []
    files: dict[str, bytes] = {}
    for number, marked in enumerate((await store.marks.all())[-_MOST:], 1):
        name = _name(number, marked)
        there = await _heard(store, marked)
        heard = _veiled(there, veil)
        tape = await tapes.find(marked.call.id)
        clip: Clip | None = None
        if tape is not None and heard.marked == there.marked:
            clip = await asyncio.to_thread(clip_of, tape, heard, name, catalog)
        if clip is not None:
            clips.append(clip)
        elif heard.marked.mark.said:
            play = await _play(heard, catalog, f"{name}.call")
            files |= {f"calls/{name}.call": play.encode()} if play else {}
    files |= {clip.file: clip.sound for clip in clips}
    files["manifest.toml"] = manifest(clips).encode()
    return await asyncio.to_thread(_packed, files)


async def _heard(store: Store, marked: Marked) -> Heard:
    call, turn = marked.call, marked.mark.turn
    first = max(0, turn - _MOST_TURNS_BEFORE)
    turns = await store.search.turns(call.id, first, turn - first + 1)
    said = {mark.turn - first: mark.said for mark in await store.marks.of(call.id)}
    return Heard(marked, turns, said, await _stood(store, call))


def _veiled(heard: Heard, veil: Mask) -> Heard:
    """Return what was heard, and said in truth, by anybody and of nobody."""
    turns = tuple(replace(each, text=masked(each.text, veil)) for each in heard.turns)
    said = {number: masked(text, veil) for number, text in heard.said.items()}
    mark, turn = heard.marked.mark, heard.marked.turn
    marked = replace(
        heard.marked,
        mark=replace(mark, said=masked(mark.said, veil)),
        turn=replace(turn, text=masked(turn.text, veil)),
    )
    return replace(heard, marked=marked, turns=turns, said=said)


async def _stood(store: Store, call: Call) -> tuple[Divert, ...]:
    """Return what stood on the caller's phone when a call began, by the trail."""
    if call.caller is None:
        return ()
    wanted = ChangesWanted(extension=call.caller, until=call.began)
    found = await store.audit.find(wanted, limit=_LOOKED_AT)
    entries = (noted.entry for noted in found.changes)
    last = next(
        (e for e in entries if e.event in (*_CHANGES, "CalendarFollowed")), None
    )
    return last.after if last else ()


async def _play(heard: Heard, catalog: Catalog, name: str) -> str | None:
    """Return a screenplay, with what comes of it today; None where none can be made."""
    text = play_of(heard, catalog)
    turns: list[Turn] = []

    async def tell(turn: Turn) -> None:
        turns.append(turn)

    try:
        play = read(text, name, Path())
        check_reasons(play, catalog)
        store = memory_store()
        await prepare(play, store, known=False)
        ended = await replay(play, desk(catalog, store, play.now), None, tell)
    except VoiceError as error:
        log.warning("a turn that was misheard is no trial: %s", type(error).__name__)
        return None
    return text + with_demands(heard, turns, ended.stands, ended.outcome)


def _name(number: int, marked: Marked) -> str:
    # å, ä and ö in file names differ between systems.
    call = _NOT_IN_NAMES.sub("-", marked.call.id.lower()).strip("-")[:40]
    return f"{number:04}-{call or 'call'}-{marked.mark.turn + 1}"


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name in sorted(files):
            folder.writestr(f"felhort/{name}", files[name])
    return packed.getvalue()
