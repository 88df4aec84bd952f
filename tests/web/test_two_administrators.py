"""Administrators who save the same at once: one is obeyed, and the others are told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_house import (
    ANNA,
    HERE,
    NOW,
    PASSWORD,
    QUICK,
    Browser,
    Web,
    hidden,
    opened_web,
)

from voice.language.catalog import Catalog
from voice.store.accounts_port import Account, Login, Role
from voice.store.database import open_store
from voice.store.links_port import Link, LinkKind
from voice.web.pages.staff import PATH as LISTS
from voice.web.pages.staff import REVIEW

PERSON = f"/installningar/anknytningar/{ANNA}"
ACCOUNTS = "/installningar/konton"
PROGRAMS = "/installningar/program"
OTHER = "nio blå stora elefanter"
MANY = 6


@pytest.fixture
async def web(catalog: Catalog, tmp_path: Path) -> AsyncIterator[Web]:
    """Return a web over a store that others can change between any two questions."""
    async with (
        open_store(f"sqlite:///{tmp_path}/telefonist.db") as store,
        opened_web(catalog, store) as opened,
    ):
        yield opened


async def at(web: Web, path: str, *logins: str) -> list[Browser]:
    """Return browsers in which the same page is open."""
    browsers = [await web.logged_in(login) for login in logins]
    for browser in browsers:
        assert (await browser.opens(path)).status_code == 200
    return browsers


async def administrator(web: Web, login: str) -> None:
    """Let there be another administrator."""
    account = Account(Login(login), frozenset({Role.ADMINISTRATOR}), NOW)
    await web.store.accounts.put(account, NOW, "test")
    await web.store.passwords.put(account.login, QUICK.hash(PASSWORD), NOW, "test")


async def changes(web: Web, event: str) -> int:
    """Return how often something was changed."""
    return sum(each.event == event for each in await web.store.audit.entries())


async def test_of_many_who_change_a_person_at_once_one_is_obeyed(web: Web):
    browsers = await at(web, PERSON, *["chef"] * MANY)
    answers = await asyncio.gather(
        *(b.sends(PERSON, name=f"Anna {n}") for n, b in enumerate(browsers))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [409] * (MANY - 1)
    assert await changes(web, "ExtensionChanged") == 1
    kept = (await web.store.directory.find(ANNA)).name
    # Who was too late sees what stands by now, and what was filled in.
    late = next(b for n, b in enumerate(browsers) if kept != f"Anna {n}")
    assert kept in late.page
    assert "ändrat" in late.page


async def test_of_many_who_change_an_account_at_once_one_is_obeyed(web: Web):
    path = f"{ACCOUNTS}/anna"
    browsers = await at(web, path, *["chef"] * MANY)
    extensions = [str(ANNA), "1300"] * (MANY // 2)
    answers = await asyncio.gather(
        *(
            b.sends(path, role="operator", extension=extension)
            for b, extension in zip(browsers, extensions, strict=True)
        )
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [409] * (MANY - 1)
    assert await changes(web, "AccountChanged") == 1


async def test_of_many_who_add_an_account_at_once_one_is_obeyed(web: Web):
    new = f"{ACCOUNTS}/ny"
    browsers = await at(web, new, *["chef"] * MANY)
    answers = await asyncio.gather(
        *(
            b.sends(new, login="eva", role="person", new_password=f"{OTHER} {n}")
            for n, b in enumerate(browsers)
        )
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [422] * (MANY - 1)
    assert await changes(web, "PasswordSet") == 3 + 1


async def test_a_list_that_is_carried_out_twice_at_once_is_so_once(web: Web):
    content = b"extension,name\n1234,Anna Dahl\n1400,G\xc3\xb6ran Ek\n"
    browsers = await at(web, LISTS, *["chef"] * MANY)
    for browser in browsers:
        await browser.client.post(
            LISTS,
            data=hidden(browser.page, LISTS),
            files={"csv": ("staff.csv", content, "text/csv")},
            headers={"origin": HERE},
        )
        await browser.opens(REVIEW)
    await asyncio.gather(*(browser.sends(REVIEW) for browser in browsers))
    told = [
        ("ändrade: 1" in b.page, "ändrades under tiden" in b.page) for b in browsers
    ]
    assert sorted(told) == [(False, True)] * (MANY - 1) + [(True, False)]
    assert await changes(web, "ExtensionChanged") == 1


@pytest.mark.parametrize("how", ["ta-bort", "sparra"])
async def test_two_who_put_each_other_out_leave_one_who_looks_after_the_house(
    web: Web, how: str
):
    await administrator(web, "vice")
    (one,) = await at(web, f"{ACCOUNTS}/vice", "chef")
    (other,) = await at(web, f"{ACCOUNTS}/chef", "vice")
    if how == "ta-bort":
        leaving = [
            one.sends(f"{ACCOUNTS}/vice/ta-bort"),
            other.sends(f"{ACCOUNTS}/chef/ta-bort"),
        ]
    else:
        off = {"role": "administrator", "disabled": "1"}
        leaving = [
            one.sends(f"{ACCOUNTS}/vice", **off),
            other.sends(f"{ACCOUNTS}/chef", **off),
        ]
    await asyncio.gather(*leaving)
    left = [
        each.login
        for each in await web.store.accounts.list()
        if Role.ADMINISTRATOR in each.roles and not each.disabled
    ]
    assert len(left) == 1


async def test_a_pin_that_another_gave_meanwhile_is_neither_replaced_nor_taken(
    web: Web,
):
    one, other, third = await at(web, PERSON, "chef", "chef", "chef")
    await one.sends(f"{PERSON}/pin", new_pin="739154")
    await one.opens(PERSON)
    kept = await web.store.credentials.find(ANNA)
    answer = await other.sends(f"{PERSON}/pin", new_pin="820463")
    assert answer.status_code == 422
    assert "har ändrat PIN-koden under tiden" in other.page
    await third.opens(PERSON)
    await one.sends(f"{PERSON}/pin", new_pin="739155")
    changed = await web.store.credentials.find(ANNA)
    assert changed != kept
    await third.sends(f"{PERSON}/pin/ta-bort")
    assert "har ändrat PIN-koden under tiden" in third.page
    assert await web.store.credentials.find(ANNA) == changed


async def test_a_calendar_that_another_chose_meanwhile_is_not_left_unseen(web: Web):
    link = Link(ANNA, LinkKind.ICS, "https://kalender.example.se/a.ics")
    await web.store.links.put(link, NOW, "test")
    one, other = await at(web, PERSON, "chef", "chef")
    later = replace(link, address="https://kalender.example.se/b.ics")
    await web.store.links.put(later, NOW, "test")
    path = f"{PERSON}/kalender"
    await one.sends(f"{path}/ta-bort")
    assert "har ändrat kalendern under tiden" in one.page
    await other.sends(path, kind="ics", address="https://kalender.example.se/c.ics")
    assert "har ändrat kalendern under tiden" in other.page
    assert 'value="https://kalender.example.se/c.ics"' in other.page
    (kept,) = await web.store.links.list(ANNA)
    assert kept.link == later


async def test_an_address_that_is_sent_many_times_at_once_is_called_once(web: Web):
    browsers = await at(web, PROGRAMS, *["chef"] * MANY)
    filled = {"url": "https://tavla.example.se/x", "event": "divert.begun"}
    answers = await asyncio.gather(
        *(b.sends(f"{PROGRAMS}/webhook", **filled) for b in browsers)
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [422] * (MANY - 1)
    assert sum("anropas redan" in b.page for b in browsers) == MANY - 1
    assert len(await web.store.hooks.list()) == 1
