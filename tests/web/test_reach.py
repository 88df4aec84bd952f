"""Who can reach what: every route of the web, asked for by everybody."""

import asyncio
from urllib.parse import urlencode

import pytest
from starlette.types import Message
from web_calls import put_call
from web_house import HERE, Browser, Web, hidden
from web_programs import key_for
from web_reach import Way, pages, ways

from voice.store.accounts_port import Role, may
from voice.store.keys_port import Scope
from voice.web.api import entrance

ACCOUNTS = {"anna": Role.PERSON, "bo": Role.OPERATOR, "chef": Role.ADMINISTRATOR}
# The administrator has no phone, and so none to divert.
OF_ONES_OWN = "/hanvisning"
LOGIN = "/logga-in"


async def status(
    web: Web, way: Way, body: bytes = b"", **headers: str
) -> tuple[int, str]:
    """Ask, and hang up as soon as the answer begins; some never end."""
    begun = asyncio.Event()
    told: list[Message] = []
    questions = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if questions:
            return questions.pop()
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)
        begun.set()

    named = {"host": HERE.partition("://")[2], "content-length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": way.method,
        "scheme": "http",
        "path": way.path,
        "raw_path": way.path.encode(),
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in named.items()],
        "client": ("192.0.2.7", 50000),
        "server": ("127.0.0.1", 9951),
    }
    async with asyncio.timeout(30):
        await web.app(scope, receive, send)
    given = {k.decode(): v.decode() for k, v in told[0]["headers"]}
    return told[0]["status"], given.get("location", "")


async def asked_as(web: Web, browser: Browser, way: Way) -> tuple[int, str]:
    """Ask as somebody who is logged in, with a token where that is needed."""
    cookies = "; ".join(f"{k}={v}" for k, v in browser.client.cookies.items())
    if not way.changes:
        return await status(web, way, cookie=cookies)
    form = {"_token": hidden(browser.page, "/logga-ut")["_token"]}
    kind = "application/x-www-form-urlencoded"
    body = urlencode(form).encode()
    return await status(web, way, body, cookie=cookies, content_type=kind, origin=HERE)


def test_every_page_is_somebodys():
    assert len(pages()) > 30
    for way in pages():
        assert way.least is None or way.least in Role


async def test_nobody_reaches_what_is_not_for_everybody(web: Web):
    await put_call(web.store, "x")
    for way in pages():
        code, location = await status(web, way)
        if way.least is None:
            assert not location.startswith(f"{LOGIN}?"), way
        else:
            assert (code in (303, 401), location[: len(LOGIN)]) == (True, LOGIN), way
        web.clock.goes(seconds=1)


@pytest.mark.parametrize("login", ACCOUNTS)
async def test_each_reaches_what_is_theirs_and_nothing_above(web: Web, login: str):
    await put_call(web.store, "x")
    browser = await web.logged_in(login)
    for way in pages():
        code, location = await asked_as(web, browser, way)
        reaches = way.least is None or may(frozenset({ACCOUNTS[login]}), way.least)
        reaches &= login != "chef" or not way.route.startswith(OF_ONES_OWN)
        if reaches and way.route != LOGIN:
            assert code not in (401, 403, 500), way
            assert way.route == "/logga-ut" or not location.startswith(LOGIN), way
        elif not reaches:
            assert code == 403, way
        # No faster than a person, who would have to wait.
        web.clock.goes(seconds=1)


async def test_nothing_is_changed_without_a_token_of_ones_own(web: Web):
    await put_call(web.store, "x")
    browser, other = await web.logged_in("chef"), await web.logged_in("bo")
    cookies = f"session={browser.client.cookies['session']}"
    foreign = urlencode({"_token": hidden(other.page, "/logga-ut")["_token"]})
    kind = "application/x-www-form-urlencoded"
    before = await web.store.audit.entries(limit=100)
    for way in (way for way in pages() if way.changes and way.least):
        for body in (b"", foreign.encode(), b"_token="):
            code, _ = await status(web, way, body, cookie=cookies, content_type=kind)
            assert code == 403, way
            web.clock.goes(seconds=1)
    assert await web.store.audit.entries(limit=100) == before
    assert (await browser.opens("/")).status_code == 200


async def test_nothing_is_changed_from_another_site(web: Web):
    browser = await web.logged_in("chef")
    token = hidden(browser.page, "/logga-ut")["_token"]
    cookies = f"session={browser.client.cookies['session']}"
    body = urlencode({"_token": token}).encode()
    kind = "application/x-www-form-urlencoded"
    for way in (way for way in pages() if way.changes):
        for sent in (
            {"origin": "https://evil.example"},
            {"sec_fetch_site": "cross-site"},
        ):
            code, _ = await status(
                web, way, body, cookie=cookies, content_type=kind, **sent
            )
            assert code == 403, way
            web.clock.goes(seconds=1)


async def test_programs_reach_only_what_their_keys_open(web: Web):
    browser = await web.logged_in("chef")
    cookies = f"session={browser.client.cookies['session']}"
    keys = {each: await key_for(web.store, each, name=each) for each in Scope}
    for way in ways(entrance.ROUTERS):
        assert (await status(web, way))[0] == 401, way
        bad = await status(web, way, authorization="Bearer nej")
        assert bad[0] == 401, way
        is_document = way.route.endswith("openapi.json")
        by_login = (await status(web, way, cookie=cookies))[0]
        assert by_login == (200 if is_document else 401), way
        opening = {
            scope
            for scope, key in keys.items()
            if (await status(web, way, authorization=f"Bearer {key}"))[0] != 403
        }
        assert is_document or len(opening) in (1, 2), (way, opening)
        assert not way.changes or opening == {Scope.DIVERTS_WRITE}, way
        web.clock.goes(seconds=10)


async def test_a_key_opens_no_page(web: Web):
    key = await key_for(web.store, *Scope)
    for way in (way for way in pages() if way.least is not None):
        code, location = await status(web, way, authorization=f"Bearer {key}")
        assert (code in (303, 401), location[: len(LOGIN)]) == (True, LOGIN), way
        web.clock.goes(seconds=1)
