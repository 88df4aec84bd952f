"""Logging in at the site's identity provider: who gets in, as what, and who not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from web_house import PASSWORD, Web
from web_provider import (
    START,
    Provider,
    asked,
    fields,
    logs_in,
    path_of,
    provider,
    said,
    web_beside,
)
from web_served import free_port

from voice.language.catalog import Catalog
from voice.store.accounts_port import Account, Identity, Login, Role
from voice.web.oidc.settings import OidcRoles


@pytest.fixture
async def there() -> AsyncIterator[Provider]:
    async with provider() as running:
        yield running


@pytest.fixture
async def web(catalog: Catalog, there: Provider) -> AsyncIterator[Web]:
    async with web_beside(catalog, there.address) as opened:
        yield opened


async def account(web: Web, there: Provider, person: str) -> Account | None:
    return await web.store.accounts.of(Identity(there.address, person))


async def test_the_question_tells_all_that_protects_it(web: Web, there: Provider):
    browser = web.browser()
    first = fields(await asked(browser))
    assert first["response_type"] == "code"
    assert first["redirect_uri"] == f"http://127.0.0.1:9951{START}/svar"
    assert first["code_challenge_method"] == "S256"
    again = fields(await asked(browser))
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43
        assert first[name] != again[name]


async def test_a_person_is_known_by_their_mail_and_comes_to_their_own_page(
    web: Web, there: Provider
):
    browser = web.browser()
    answer = await logs_in(browser, there, "anna")
    assert (answer.status_code, browser.at) == (200, "/")
    assert "Anna Berg" in browser.page
    made = await account(web, there, "anna")
    assert made is not None
    assert (made.roles, made.extension) == ({Role.PERSON}, "1234")
    # The account of the same name with a password is another's.
    assert made.login.startswith("anna.berg-")


@pytest.mark.parametrize(
    ("person", "role"), [("bo", Role.OPERATOR), ("chef", Role.ADMINISTRATOR)]
)
async def test_groups_give_roles(web: Web, there: Provider, person: str, role: Role):
    browser = web.browser()
    await logs_in(browser, there, person)
    assert (await browser.opens("/samtal")).status_code == 200
    made = await account(web, there, person)
    assert made is not None
    assert made.roles == {role}


async def test_who_leaves_a_group_may_no_more_at_the_next_login(
    catalog: Catalog, web: Web, there: Provider
):
    browser = web.browser()
    await logs_in(browser, there, "bo")
    async with web_beside(
        catalog, there.address, roles=OidcRoles(operator=("andra",))
    ) as later:
        store = later.store
        made = await account(web, there, "bo")
        assert made is not None
        await store.accounts.put(made, later.clock(), "test")
        other = later.browser()
        answer = await logs_in(other, there, "bo")
        assert answer.status_code == 403
        assert "ingen anknytning och inget uppdrag" in said(other.page)


@pytest.mark.parametrize("person", ["ingen", "falsk"])
async def test_who_has_neither_extension_nor_group_is_told_so(
    web: Web, there: Provider, person: str
):
    browser = web.browser()
    answer = await logs_in(browser, there, person)
    assert answer.status_code == 403
    assert "ingen anknytning och inget uppdrag" in said(browser.page)
    assert await account(web, there, person) is None
    assert (await browser.client.get("/")).status_code == 303


async def test_groups_that_the_token_has_no_room_for_are_told_of(
    web: Web, there: Provider
):
    browser = web.browser()
    answer = await logs_in(browser, there, "manga")
    assert (answer.status_code, "så många grupper" in said(browser.page)) == (403, True)


async def test_a_closed_account_stays_closed(web: Web, there: Provider):
    identity = Identity(there.address, "anna")
    closed = Account(
        Login("a"), frozenset({Role.PERSON}), web.clock(), None, identity, disabled=True
    )
    await web.store.accounts.put(closed, web.clock(), "test")
    browser = web.browser()
    assert (await logs_in(browser, there, "anna")).status_code == 403
    assert await account(web, there, "anna") == closed


async def test_without_groups_set_an_administrator_says_who_may_do_what(
    catalog: Catalog, there: Provider
):
    async with web_beside(catalog, there.address, roles=OidcRoles()) as web:
        identity = Identity(there.address, "chef")
        roles = frozenset({Role.ADMINISTRATOR})
        known = Account(Login("c"), roles, web.clock(), identity=identity)
        await web.store.accounts.put(known, web.clock(), "test")
        browser = web.browser()
        assert (await logs_in(browser, there, "chef")).status_code == 200
        assert (await browser.opens("/samtal")).status_code == 200


async def test_an_extension_can_be_told_by_a_claim(catalog: Catalog, there: Provider):
    more = {"extension": "telephoneNumber"}
    async with web_beside(catalog, there.address, **more) as web:
        browser = web.browser()
        # It tells none, and a mail address is not asked instead.
        assert (await logs_in(browser, there, "anna")).status_code == 403


async def test_only_the_people_of_ones_own_domain_come_in(
    catalog: Catalog, there: Provider
):
    async with web_beside(catalog, there.address, domain="example.se") as web:
        browser = web.browser()
        assert fields(await asked(browser))["hd"] == "example.se"
        answer = await logs_in(browser, there, "anna")
        assert (answer.status_code, "får inte logga in" in said(browser.page)) == (
            403,
            True,
        )


async def test_one_comes_to_the_page_that_one_wanted_and_to_no_other_site(
    web: Web, there: Provider
):
    for till, at in (("/losenord", "/losenord"), ("//evil.example", "/")):
        browser = web.browser()
        back = await there.logs_in(await asked(browser, till), "anna")
        await browser.opens(path_of(back))
        assert browser.at == at


async def test_logging_out_here_leads_on_to_logging_out_there(
    web: Web, there: Provider
):
    browser = web.browser()
    await logs_in(browser, there, "anna")
    await browser.sends("/logga-ut")
    assert 'href="/logga-ut/arbetskonto"' in browser.page
    answer = await browser.client.get("/logga-ut/arbetskonto")
    address = answer.headers["location"]
    assert address.startswith(f"{there.address}/oauth2/end_session?")
    assert fields(address)["post_logout_redirect_uri"] == (
        "http://127.0.0.1:9951/logga-in?ut"
    )
    # Who came by a password is logged in nowhere else.
    local = await web.logged_in("anna")
    await local.sends("/logga-ut")
    assert 'href="/logga-ut/arbetskonto"' not in local.page


async def test_while_the_provider_is_away_passwords_let_people_in(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
):
    async with web_beside(catalog, f"http://127.0.0.1:{free_port()}") as web:
        browser = web.browser()
        answer = await browser.opens(START)
        assert answer.status_code == 503
        assert "svarar inte just nu" in said(browser.page)
        await browser.sends("/logga-in", login="anna", password=PASSWORD)
        assert browser.at == "/"
    assert "it cannot be reached (ConnectError)" in caplog.text


async def test_without_a_provider_there_is_no_such_way_in(catalog: Catalog):
    async with web_beside(catalog, "") as web:
        browser = web.browser()
        await browser.opens("/logga-in")
        assert "arbetskonto" not in browser.page
        for path in (START, f"{START}/svar", "/logga-ut/arbetskonto"):
            assert (await browser.client.get(path)).status_code == 404


async def test_who_took_too_long_begins_again(web: Web, there: Provider):
    browser = web.browser()
    back = await there.logs_in(await asked(browser), "anna")
    web.clock.now += timedelta(minutes=16)
    answer = await browser.opens(path_of(back))
    assert (answer.status_code, "för lång tid" in said(browser.page)) == (403, True)


async def test_a_code_is_of_use_once_and_to_one_browser(web: Web, there: Provider):
    browser, thief = web.browser(), web.browser()
    back = await there.logs_in(await asked(browser), "bo")
    kept = browser.client.cookies["arbetskonto"]
    assert (await thief.opens(path_of(back))).status_code == 403
    assert (await browser.opens(path_of(back))).status_code == 200
    assert (await browser.client.get(path_of(back))).status_code == 403
    # With the cookie of the try as well, the provider itself says no.
    thief.client.cookies.set("arbetskonto", kept)
    assert (await thief.opens(path_of(back))).status_code == 403
    assert "för lång tid" in said(thief.page)
    assert "session" not in thief.client.cookies
