"""Strangers who guess lock themselves out, and nobody who has logged in before."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from web_house import PASSWORD, QUICK, Browser, Web, opened_web

from voice.accounts import Logins
from voice.language.catalog import Catalog
from voice.store.accounts_port import Login
from voice.web.port import Gate, PasswordFault, Proof

LOGIN, ANNA = "/logga-in", Login("anna")
NEW = "åtta blå stora hundar"
Act = Callable[[], Coroutine[Any, Any, None]]


async def logged_out(web: Web, login: str = "anna") -> Browser:
    browser = await web.logged_in(login)
    await browser.sends("/logga-ut")
    return browser


async def wrong(browser: Browser, times: int) -> None:
    for _ in range(times):
        answer = await browser.logs_in("anna", "fel lösenord här")
        assert answer.status_code == 401


async def is_let_in(browser: Browser, password: str = PASSWORD) -> bool:
    answer = await browser.logs_in("anna", password)
    return (answer.status_code, browser.at) == (200, "/")


async def test_strangers_lock_nobody_out_who_has_logged_in_there(web: Web):
    hers, stranger = await logged_out(web), web.browser()
    await wrong(stranger, 7)
    assert not await is_let_in(stranger)
    assert await is_let_in(hers)
    # It opens the account to nobody else.
    assert not await is_let_in(stranger)


async def test_a_browser_that_is_wrong_too_often_is_any_other(web: Web):
    hers, stranger = await logged_out(web), web.browser()
    await wrong(stranger, 5)
    await wrong(hers, 5)
    assert not await is_let_in(hers)
    web.clock.goes(minutes=6)
    assert await is_let_in(hers)
    await hers.sends("/logga-ut")
    await wrong(stranger, 2)
    assert await is_let_in(hers)


async def test_what_a_known_browser_gets_wrong_locks_nobody_elses(web: Web):
    hers = await logged_out(web)
    await wrong(hers, 5)
    assert await is_let_in(web.browser())


@pytest.mark.parametrize("shown", ["x", f"{'x' * 22}.{'0' * 64}", "x" * 4000, ".."])
async def test_a_mark_that_was_made_up_is_none(web: Web, shown: str):
    stranger = web.browser()
    stranger.client.cookies.set("kand", shown)
    await wrong(stranger, 5)
    assert not await is_let_in(stranger)


async def test_the_mark_of_another_account_is_none(web: Web):
    bos = await logged_out(web, "bo")
    await wrong(bos, 5)
    assert not await is_let_in(bos)


async def test_a_new_password_makes_every_browser_a_stranger(web: Web):
    hers = await logged_out(web)
    logins = Logins(web.store, QUICK, least=0)
    await logins.give(ANNA, NEW, web.clock(), "test")
    await wrong(web.browser(), 5)
    assert not await is_let_in(hers, NEW)


async def test_who_chooses_a_new_password_is_known_by_it(web: Web):
    hers = await web.logged_in("anna")
    await hers.opens("/losenord")
    chosen = {"new_password": NEW, "again_password": NEW}
    await hers.sends("/losenord", password=PASSWORD, **chosen)
    assert hers.at == "/"
    await hers.sends("/logga-ut")
    await wrong(web.browser(), 5)
    assert await is_let_in(hers, NEW)


async def test_a_mark_alone_lets_nobody_in_and_is_kept_from_scripts(catalog: Catalog):
    site = "https://telefonist.example.org"
    ahead = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"}
    async with opened_web(catalog, address=site) as web:
        browser = web.browser(site, address="127.0.0.1", **ahead)
        browser.origin = site
        await browser.logs_in("anna")
        assert browser.at == "/"
        answer = browser.client.cookies
        mark = answer.get("__Host-kand")
        thief = web.browser(site, address="127.0.0.1", **ahead)
        thief.client.cookies.set("__Host-kand", mark)
        assert (await thief.opens("/")).url.path == LOGIN


@dataclass
class Slow:
    """A gate at which something else happens before anybody has passed."""

    gate: Gate
    meanwhile: Act

    async def check(
        self, login: str, password: str, now: datetime, mark: str = ""
    ) -> Proof | None:
        proof = await self.gate.check(login, password, now, mark)
        await self.meanwhile()
        return proof

    async def holds(self, proof: Proof) -> bool:
        return await self.gate.holds(proof)

    async def change(
        self, proof: Proof, password: str, now: datetime
    ) -> Proof | PasswordFault:
        return await self.gate.change(proof, password, now)


def slowed(web: Web) -> None:
    """Let a new password be given while somebody's is looked at."""

    async def give() -> None:
        logins = Logins(web.store, QUICK, least=0)
        await logins.give(ANNA, NEW, web.clock(), "web: chef")

    pages = web.app.state.pages
    pages.house = replace(pages.house, gate=Slow(pages.house.gate, give))


async def test_nobody_comes_in_by_a_password_that_was_just_taken_away(web: Web):
    slowed(web)
    browser = web.browser()
    assert (await browser.logs_in("anna")).status_code == 401
    assert (await browser.opens("/")).url.path == LOGIN


async def test_nobody_changes_a_password_that_was_just_taken_away(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/losenord")
    slowed(web)
    theirs = "nio gula sura citroner"
    chosen = {"new_password": theirs, "again_password": theirs}
    answer = await browser.sends("/losenord", password=PASSWORD, **chosen)
    assert answer.status_code == 422
    logins = Logins(web.store, QUICK, least=0)
    assert await logins.check("anna", theirs, web.clock()) is None
    assert await logins.check("anna", NEW, web.clock()) is not None
