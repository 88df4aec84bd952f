"""Hooks are told what happens: in order, and once where all goes well."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import trustme
from hook_office import HOUR, Office, opened, sets
from hook_receiver import PATIENCE, Receiver, is_signed, receiving
from web_house import ANNA, BO, fill

from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    UndoChange,
)
from voice.language.catalog import Catalog
from voice.store.hooks_port import HookEvent
from voice.web.hooks.calling import CallError, calling, may_be_called
from voice.web.hooks.patience import is_in_vain
from voice.web.hooks.telling import BY


@pytest.fixture(params=["memory:", "sqlite:///{}/store.db"])
async def office(request, tmp_path, catalog: Catalog) -> AsyncIterator[Office]:
    async with opened(request.param.format(tmp_path), catalog) as there:
        await fill(there.store)
        yield there


@pytest.fixture
async def board() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_a_hook_is_told_in_full_and_signed(office: Office, board: Receiver):
    hook = await office.hooks(board)
    await office.obeys(sets())
    await office.tells()
    (letter,) = board.letters
    assert letter.told == {
        "id": letter.headers["x-telefonist-delivery"],
        "type": "divert.begun",
        "at": "2026-03-05T11:40:00+01:00",
        "extension": "1234",
        "by_itself": False,
        "divert": {
            "reason": "SAM",
            "outer": "på sammanträde",
            "start": "2026-03-05T11:40:00+01:00",
            "until": "2026-03-05T12:40:00+01:00",
            "mode": "closed",
            "source": "voice",
        },
        "before": None,
    }
    assert letter.path == "/hooks/telefonist"
    assert letter.headers["host"] == f"127.0.0.1:{board.port}"
    assert letter.headers["x-telefonist-event"] == "divert.begun"
    assert is_signed(letter, hook.secret)
    assert not is_signed(letter, "another secret")
    assert not is_signed(replace_body(letter), hook.secret)


def replace_body(letter):
    return replace(letter, body=letter.body.replace(b"1234", b"1300"))


async def test_all_is_told_in_order_and_once(office: Office, board: Receiver):
    await office.hooks(board)
    await office.obeys(sets(), ChangeDivert(ANNA, None, HOUR), sets("LUN", BO))
    await office.tells()
    await office.obeys(ClearDivert(ANNA), UndoChange(ANNA))
    await office.tells()
    office.clock.goes(hours=1)
    await office.tells()
    office.clock.goes(hours=1)
    for _ in range(3):
        await office.tells()
    of_anna = [kind for kind in board.kinds if kind.startswith(ANNA)]
    events = ["begun", "changed", "ended", "begun", "ended"]
    assert of_anna == [f"1234 {event}" for event in events]
    assert [k for k in board.kinds if k.startswith(BO)] == ["1300 begun", "1300 ended"]
    assert [letter.told["by_itself"] for letter in board.letters[-2:]] == [True, True]
    ids = [letter.told["id"] for letter in board.letters]
    assert len(set(ids)) == len(ids)


async def test_what_is_nobodys_business_is_not_sent(office: Office, board: Receiver):
    await office.hooks(board)
    await office.obeys(sets("SJK"))
    await office.tells()
    (letter,) = board.letters
    assert letter.told["divert"]["reason"] is None
    assert b"SJK" not in letter.body
    assert "sjuk" not in letter.body.decode()


async def test_a_hook_is_called_for_what_it_wants(office: Office, board: Receiver):
    await office.hooks(board, HookEvent.DIVERT_ENDED)
    await office.obeys(sets(), ClearDivert(ANNA))
    await office.tells()
    assert board.kinds == ["1234 ended"]


async def test_what_is_not_taken_is_sent_again_in_its_place(
    office: Office, board: Receiver
):
    await office.hooks(board)
    await office.obeys(sets(), ClearDivert(ANNA))
    board.answers = [b"204 No Content", b"500 Internal Server Error", b"503 Busy"]
    for attempts in (1, 2):
        await office.tells()
        delivery = (await office.hooked()).delivery
        assert delivery.attempts == attempts
        assert delivery.due is not None
        assert delivery.due > office.clock.now
        assert delivery.fault.startswith("It answered 50")
    await office.tells()
    assert board.kinds == ["1234 begun"] + ["1234 ended"] * 3
    assert len({letter.told["id"] for letter in board.letters}) == 2
    delivery = (await office.hooked()).delivery
    assert (delivery.attempts, delivery.due, delivery.fault) == (0, None, "")


async def test_a_hook_that_fails_for_a_day_is_paused_and_says_why(
    office: Office, board: Receiver
):
    await office.hooks(board)
    await office.obeys(sets())
    tries = 0
    while (await office.hooked()).hook.enabled:
        board.answers = [b"404 Not Found"]
        tries += 1
        await office.tells()
    assert is_in_vain(tries)
    assert not is_in_vain(tries - 1)
    paused = await office.hooked()
    assert paused.delivery.fault.startswith("It answered 404")
    (entry,) = [e for e in await office.store.audit.entries() if e.by == BY]
    assert (entry.event, entry.subject) == ("HookChanged", paused.hook.id)
    again = replace(paused.hook, enabled=True)
    await office.store.hooks.put(again, office.clock.now, "test")
    board.letters.clear()
    await office.tells()
    assert board.kinds == ["1234 begun"]


async def test_each_hook_has_its_own_pace(office: Office, board: Receiver):
    async with receiving() as slow:
        slow.answering.clear()
        await office.hooks(slow)
        await office.hooks(board)
        running = asyncio.create_task(office.teller.run())
        try:
            await office.obeys(sets())
            await board.wait(1)
            await slow.wait(1)
            await office.obeys(ClearDivert(ANNA))
            await board.wait(2)
            assert slow.kinds == ["1234 begun"]
            slow.answering.set()
            await slow.wait(2)
            assert slow.kinds == ["1234 begun", "1234 ended"]
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_nobody_is_sent_on_to_another_address(board: Receiver):
    async with receiving() as other, calling(()) as caller:
        to = f"307 Temporary Redirect\r\nLocation: {other.url}\r\nContent-Length: 0"
        board.answers = [to.encode()]
        with pytest.raises(CallError, match="answered 307 .* change the hook"):
            await caller.call(board.url, b"{}", {})
        assert other.letters == []


async def test_one_that_does_not_answer_is_not_waited_for(board: Receiver):
    board.answering.clear()
    async with asyncio.timeout(PATIENCE), calling((), 0.2) as caller:
        with pytest.raises(CallError, match=r"did not answer within 0\.2 s"):
            await caller.call(board.url, b"{}", {})


async def test_one_whose_certificate_is_not_trusted_is_told_nothing():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    async with receiving(context) as stranger, calling(()) as caller:
        with pytest.raises(CallError, match="certificate is not trusted"):
            await caller.call(f"https://localhost:{stranger.port}/", b"{}", {})
        assert stranger.letters == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1/", "cannot be reached"),
        ("https://finns-inte.invalid/", "name is not known"),
        ("https://10.20.30.40/", r"inside a network .* \[web\] hooks_inside"),
        ("https://169.254.169.254/latest/", r"hooks_inside"),
        ("https://[fd00::1]/", "hooks_inside"),
    ],
)
async def test_what_cannot_be_called_is_told_with_the_remedy(url: str, says: str):
    async with calling(()) as caller:
        with pytest.raises(CallError, match=says):
            await caller.call(url, b"{}", {})


@pytest.mark.parametrize(
    ("address", "url", "inside", "may"),
    [
        ("93.184.215.14", "https://tavla.example.se/", (), True),
        ("93.184.215.14", "http://tavla.example.se/", (), False),
        ("10.20.1.1", "https://tavla.example.se/", (), False),
        ("10.20.1.1", "https://tavla.example.se/", ("10.20.0.0/16",), True),
        ("10.21.1.1", "https://tavla.example.se/", ("10.20.0.0/16",), False),
        ("127.0.0.1", "https://tavla.example.se/", ("127.0.0.0/8",), False),
        ("127.0.0.1", "http://localhost:9000/", (), True),
        ("127.0.0.1", "http://127.0.0.1:9000/", (), True),
        ("::1", "http://[::1]:9000/", (), True),
        ("::ffff:127.0.0.1", "https://tavla.example.se/", (), False),
        ("::ffff:10.20.1.1", "https://tavla.example.se/", (), False),
        ("0.0.0.0", "https://tavla.example.se/", (), False),
        ("100.64.0.1", "https://tavla.example.se/", (), False),
        ("224.0.0.1", "https://tavla.example.se/", (), False),
        ("2001:db8::1", "https://tavla.example.se/", (), False),
        ("64:ff9b::a14:101", "https://tavla.example.se/", (), False),
        ("64:ff9b::5db8:d70e", "https://tavla.example.se/", (), True),
        ("64:ff9b:1::a14:101", "https://tavla.example.se/", (), False),
        ("2002:a14:101::1", "https://tavla.example.se/", (), False),
    ],
)
def test_only_the_world_and_what_the_site_allows_is_called(
    address: str, url: str, inside: tuple[str, ...], may: bool
):
    read = ipaddress.ip_address(address)
    assert may_be_called(read, httpx.URL(url), inside) is may
