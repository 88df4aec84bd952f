"""On the road to a CalDAV server a password is shown as asked, and nothing lasts."""

import asyncio
import gzip
import threading
from dataclasses import replace

import pytest
from caldav_samples import ACCOUNT
from calendar_samples import DAY
from digest_door import WantsDigest
from odd_door import XML, Answered, always, only, silent_about_passwords

from voice.calendars import caldav_road
from voice.calendars.caldav_clients import Clients
from voice.calendars.ground import moved
from voice.calendars.port import AccessDeniedError, BrokenAnswerError, BusyError


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


def shown(door):
    """Return in which way the password was shown, question by question."""
    ways = (asked.headers.get("authorization", "") for asked in door.asked)
    return [way.partition(" ")[0] for way in ways]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_server_that_wants_digests_never_sees_the_password(
    door, ground, algorithm
):
    seen = []
    wants = WantsDigest(algorithm)

    def bend(asked, ask):
        seen.append(asked.headers.get("authorization", "").partition(" ")[0])
        return wants(asked, ask)

    door.bend = bend
    await ground.calendar.read(ground.window, None)
    await ground.calendar.put(ground.block())
    assert seen == ["", *["Digest"] * (len(seen) - 1)]


async def test_a_digest_that_is_too_old_is_made_anew(door, ground):
    door.bend = WantsDigest(good_for=1)
    first = await ground.calendar.read(ground.window, None)
    await ground.calendar.put(ground.block())
    second = await ground.calendar.read(ground.window, first.cursor)
    assert len(second.entries) == 1


async def test_a_server_that_takes_either_gets_the_digest(door, ground):
    door.bend = WantsDigest(beside=', Basic realm="x"')
    assert (await ground.calendar.read(ground.window, None)).whole


@pytest.mark.parametrize(
    "asks",
    [
        'Digest realm="a", nonce="b", algorithm=OTHER',
        'Digest realm="a", nonce="b", qop="auth-int"',
        "Digest realm",
        "Digest nonce=b",
        "Negotiate",
    ],
)
async def test_a_way_in_that_nobody_knows_is_told(door, ground, asks):
    door.bend = always(Answered(401, headers={"WWW-Authenticate": asks}))
    with pytest.raises(AccessDeniedError, match="TELEFONIST_CALDAV_PASSWORD"):
        await ground.calendar.read(ground.window, None)
    assert len(door.asked) == 1


async def test_a_server_that_wants_the_password_plain_gets_it_so(door, ground):
    await ground.calendar.read(ground.window, None)
    assert set(shown(door)[1:]) == {"Basic"}


async def test_where_others_could_see_it_no_password_is_shown_unasked(door, ground):
    door.bend = silent_about_passwords
    with pytest.raises(AccessDeniedError, match="user name and the password"):
        await ground.calendar.read(ground.window, None)
    assert shown(door) == [""]


async def test_no_detour_is_taken_that_the_environment_names(
    door, ground, monkeypatch, unused_tcp_port
):
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    assert (await ground.calendar.read(ground.window, None)).whole


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_without_end_is_not_taken_in(door, ground, monkeypatch, packed):
    monkeypatch.setattr(caldav_road, "_LARGEST", 100_000)
    whole = b" " * 200_000
    how = XML | ({"Content-Encoding": "gzip"} if packed else {})
    answer = Answered(207, gzip.compress(whole) if packed else whole, how)
    door.bend = only("calendar-query", answer)
    with pytest.raises(BrokenAnswerError, match="too large"):
        await ground.calendar.read(ground.window, None)


async def test_an_answer_that_cannot_be_unpacked_is_told(door, ground):
    door.bend = always(Answered(207, b"no gzip", XML | {"Content-Encoding": "gzip"}))
    with pytest.raises(BusyError, match="tried again"):
        await ground.calendar.read(ground.window, None)


async def test_a_tag_of_any_letters_is_sent_back_as_it_came(door, ground):
    block = ground.block()
    await ground.calendar.put(block)
    tags = []

    def bend(asked, ask):
        tags.append(asked.headers.get("if-match"))
        return Answered(412) if asked.method == "PUT" else tagged(ask())

    door.bend = bend
    with pytest.raises(BusyError, match="changes all the while"):
        await ground.calendar.put(moved(block, DAY))
    assert '"åäö"'.encode() in [tag.encode("latin-1") for tag in tags if tag]


def tagged(answer):
    before, _, rest = answer.body.partition(b"<getetag>")
    after = rest.partition(b"</getetag>")[2]
    body = before + '<getetag>"åäö"</getetag>'.encode() + after
    return Answered(answer.status, body, answer.headers)


async def test_a_connection_in_use_is_closed_when_it_is_answered(door, caldav_door):
    asked, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def bend(_, ask):
        loop.call_soon_threadsafe(asked.set)
        go_on.wait(20)
        return ask()

    door.bend = bend
    clients = Clients(ACCOUNT)
    asking = asyncio.to_thread(clients.request, "PROPFIND", caldav_door, "", {})
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(asking)
        await asyncio.wait_for(asked.wait(), 20)
        clients.close()
        go_on.set()
    assert answer.result().status == 207
    assert await asyncio.to_thread(door.left.acquire, timeout=20)


def test_authorities_that_cannot_be_read_are_told(tmp_path):
    nonsense = tmp_path / "authorities.pem"
    for _ in range(2):
        with pytest.raises(AccessDeniedError, match="authorities in .caldav") as told:
            Clients(replace(ACCOUNT, authorities=nonsense))
        assert "authorities.pem" not in str(told.value)
        nonsense.write_text("nothing of the kind")
