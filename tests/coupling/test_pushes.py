"""Calls of Google and Microsoft over real HTTP: believed, or refused without harm."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager

import httpx
import pytest
from calendar_house import ANNA, BO, CalendarHouse, meeting

from voice.calendars.settings import CalendarSettings
from voice.coupling.pushes import open_pushes
from voice.coupling.syncing import Sync
from voice.small_server import ListenError

SETTINGS = CalendarSettings(
    push_address="https://calls.example.org/calendars", pushed_seconds=3600.0
)
SECRET = "Lönesamtal med Anna"


@pytest.fixture
async def house():
    house = CalendarHouse(settings=SETTINGS)
    await house.couple()
    return house


@pytest.fixture
async def sync(house):
    sync = Sync(house.coupled)
    await sync.once()
    return sync


@asynccontextmanager
async def asked_at(sync):
    address = "127.0.0.1:0"
    async with open_pushes(address, sync) as port, httpx.AsyncClient() as http:

        async def ask(path, method="POST", **how):
            answer = await http.request(
                method, f"http://127.0.0.1:{port}/calendars/{path}", **how
            )
            return answer.status_code, answer.text

        yield ask


def promised(house, extension=ANNA):
    """Return the promise of a calendar: its id, resource and token."""
    (watch,) = house.calendars[extension].watches
    return watch.id, watch.resource, watch.id.removeprefix("watch-0-")


def from_google(watch, resource, token):
    return {
        "X-Goog-Channel-ID": watch,
        "X-Goog-Channel-Token": token,
        "X-Goog-Resource-ID": resource,
        "X-Goog-Resource-State": "exists",
    }


def from_outlook(*told):
    values = [
        {"subscriptionId": watch, "clientState": token, **more}
        for watch, token, more in told
    ]
    return {"content": json.dumps({"value": values})}


async def test_google_is_believed_by_channel_token_and_resource(house, sync):
    watch, resource, token = promised(house)
    async with asked_at(sync) as ask:
        well = from_google(watch, resource, token)
        assert await ask("google", headers=well) == (202, "")
        for wrong in (
            from_google("another", resource, token),
            from_google(watch, "another", token),
            from_google(watch, resource, "another"),
            from_google(watch, resource, "ånother".encode()),
            {},
        ):
            assert await ask("google", headers=wrong) == (404, "")


async def test_outlook_is_told_back_what_it_asks_with(sync):
    async with asked_at(sync) as ask:
        for token in ("Validation: Testing client", "å & <b>"):
            asked = {"validationToken": token}
            assert await ask("outlook", params=asked) == (200, token)
        too_long = {"validationToken": "x" * 3000}
        assert await ask("outlook", params=too_long) == (400, "")


async def test_outlook_is_believed_by_subscription_and_state(house, sync):
    watch, _, token = promised(house)
    async with asked_at(sync) as ask:
        well = (watch, token, {"changeType": "updated"})
        wrong = (watch, "another", {})
        odd = (watch, "\ud800", {})
        assert await ask("outlook", **from_outlook(well)) == (202, "")
        assert await ask("outlook", **from_outlook(wrong)) == (404, "")
        assert await ask("outlook", **from_outlook(odd)) == (404, "")
        assert await ask("outlook", **from_outlook(wrong, well)) == (202, "")


async def test_a_promise_that_outlook_ends_is_asked_for_anew(house, sync):
    watch, _, token = promised(house)
    ends = {"lifecycleEvent": "reauthorizationRequired"}
    async with asked_at(sync) as ask:
        assert (await ask("outlook", **from_outlook((watch, token, ends))))[0] == 202
    await sync.once()
    assert len(house.calendars[ANNA].watches) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"value": [{}]}', b'{"value": 3}', b"\xff", b"x" * 2**21],
)
async def test_nonsense_is_refused_and_told_without_its_words(sync, caplog, body):
    caplog.set_level(logging.DEBUG, "voice")
    async with asked_at(sync) as ask:
        status, text = await ask("outlook", content=body + SECRET.encode())
        assert (status, text) == (400, "")
        assert (await ask("elsewhere", content=SECRET.encode()))[0] == 404
        assert (await ask("google", "GET"))[0] == 405
    assert SECRET not in caplog.text


async def test_a_call_makes_the_phone_follow_at_once(house):
    await house.couple(BO)
    sync = Sync(house.coupled, seconds=0.01)
    going = asyncio.ensure_future(sync.run())

    async def both_promised():
        return all(each.watches for each in house.calendars.values())

    await house.until(both_promised)
    house.calendars[BO].keep(meeting())
    async with asked_at(sync) as ask:
        well = from_google(*promised(house, BO))
        for _ in range(5):
            assert (await ask("google", headers=well))[0] == 202
        await house.until(lambda: house.is_closed(BO))
    assert not await house.is_closed(ANNA)
    going.cancel()
    await asyncio.wait([going])


async def test_a_place_that_is_taken_is_told_with_its_setting(sync):
    async with open_pushes("127.0.0.1:0", sync) as port:
        with pytest.raises(ListenError, match=r"\[calendars\] push_listen: .* choose"):
            async with open_pushes(f"127.0.0.1:{port}", sync):
                pass
