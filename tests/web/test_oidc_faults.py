"""The provider frozen, killed or writing nonsense: a page, and passwords beside."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from web_forger import OTHER_KEY, Forger, forger
from web_house import PASSWORD, Web
from web_provider import START, Provider, asked, path_of, provider, said, web_beside

from voice.language.catalog import Catalog

AWAY = "svarar inte just nu"
# Far sooner than a browser gives up.
SOON = 25.0
OUT = "/logga-ut/arbetskonto"


@pytest.fixture
async def there() -> AsyncIterator[Provider]:
    async with provider() as running:
        yield running


@pytest.fixture
async def web(catalog: Catalog, there: Provider) -> AsyncIterator[Web]:
    async with web_beside(catalog, there.address) as opened:
        yield opened


async def begins(web: Web) -> int:
    """Ask to log in by the work account, and return what comes of it."""
    browser = web.browser()
    answer = await browser.client.get(START)
    assert answer.status_code == 303 or AWAY in said(answer.text)
    return answer.status_code


async def test_while_a_provider_is_frozen_everybody_is_told_and_passwords_let_in(
    web: Web, there: Provider
):
    there.freezes()
    async with asyncio.timeout(SOON):
        codes = await asyncio.gather(*(begins(web) for _ in range(20)))
        assert set(codes) == {503}
        # It was asked once for all of them, and is left in peace for a while.
        assert await begins(web) == 503
        browser = web.browser()
        await browser.logs_in("anna")
        assert browser.at == "/"
    there.thaws()
    web.clock.goes(seconds=6)
    assert await begins(web) == 303


async def test_a_provider_that_freezes_while_somebody_logs_in_keeps_nobody_waiting(
    web: Web, there: Provider
):
    browser = web.browser()
    back = await there.logs_in(await asked(browser, "/losenord"), "anna")
    there.freezes()
    async with asyncio.timeout(SOON):
        answer = await browser.opens(path_of(back))
    assert (answer.status_code, AWAY in said(browser.page)) == (503, True)
    assert "session" not in browser.client.cookies
    # Who logs in by a password instead comes to the page that was wanted.
    await browser.sends("/logga-in", login="anna", password=PASSWORD)
    assert browser.at == "/losenord"
    there.thaws()


async def test_a_provider_that_dies_is_asked_again_when_it_is_back(
    catalog: Catalog, web: Web, there: Provider
):
    assert await begins(web) == 303
    browser = web.browser()
    back = await there.logs_in(await asked(browser), "anna")
    there.dies()
    answer = await browser.opens(path_of(back))
    assert (answer.status_code, AWAY in said(browser.page)) == (503, True)
    local = await web.logged_in("anna")
    assert (await local.opens("/")).status_code == 200
    async with provider(port=int(there.address.rpartition(":")[2])):
        web.clock.goes(hours=2)
        assert await begins(web) == 303


async def test_who_logs_out_while_the_provider_is_away_is_logged_out_here(
    web: Web, there: Provider
):
    browser = web.browser()
    back = await there.logs_in(await asked(browser), "anna")
    await browser.opens(path_of(back))
    there.dies()
    web.clock.goes(hours=2)
    await browser.logs_in("anna")
    await browser.sends("/logga-ut")
    assert "Du är utloggad" in browser.page
    answer = await browser.opens(OUT)
    assert (answer.status_code, AWAY in said(browser.page)) == (503, True)
    assert (await browser.client.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (200, b"<html>underh\xe5ll")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b"\xff\xfe")),
        ("/.well-known/openid-configuration", (500, b"{}")),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/keys", (200, b"{}")),
        ("/keys", (200, b'{"keys": 7}')),
        ("/keys", (200, b'{"keys": [{"kty": "RSA"}]}')),
        ("/keys", (200, b'{"keys": [{"kty": "RSA", "n": "!", "e": "AQAB"}]}')),
        ("/keys", (404, b"")),
    ],
)
async def test_nonsense_about_itself_is_a_page_and_is_not_believed_for_an_hour(
    catalog: Catalog,
    caplog: pytest.LogCaptureFixture,
    path: str,
    answer: tuple[int, bytes],
):
    async with forger() as lying, web_beside(catalog, lying.issuer) as web:
        lying.instead = {path: answer}
        assert await begins(web) == 503
        assert "Traceback" not in caplog.text
        lying.instead = {}
        web.clock.goes(seconds=6)
        assert (await lying.answers(web.browser())).status_code == 200


async def test_keys_that_are_no_keys_any_more_are_told_and_not_believed(
    catalog: Catalog,
):
    async with forger() as lying, web_beside(catalog, lying.issuer) as web:
        assert (await lying.answers(web.browser())).status_code == 200
        await changes_keys(lying, web)
        browser = web.browser()
        assert (await lying.answers(browser)).status_code == 503
        assert AWAY in said(browser.page)
        lying.instead = {}
        web.clock.goes(seconds=6)
        assert (await lying.answers(web.browser())).status_code == 200


async def changes_keys(lying: Forger, web: Web) -> None:
    """Let tokens be signed with a key that cannot be read where keys are."""
    lying.key = OTHER_KEY
    lying.instead = {"/keys": (200, b'{"keys": "snart"}')}
    web.clock.goes(seconds=30)


async def test_two_windows_that_log_in_at_once_mix_nothing_up(
    web: Web, there: Provider
):
    browser = web.browser()
    first = await there.logs_in(await asked(browser), "anna")
    await asked(browser)
    # What a browser keeps is of the window that asked last.
    answer = await browser.opens(path_of(first))
    assert (answer.status_code, "tog för lång tid" in said(browser.page)) == (403, True)
    assert "session" not in browser.client.cookies
    again = await there.logs_in(await asked(browser), "anna")
    assert (await browser.opens(path_of(again))).status_code == 200
