"""Logging in and out: who is let in, what they are told, and for how long it holds."""

import re

import pytest
from web_house import HERE, PASSWORD, Web, hidden

from voice.store.accounts_port import Account, Login, Role

LOGIN = "/logga-in"
WRONG = "Användarnamnet och lösenordet stämde inte"


async def test_who_is_not_logged_in_comes_to_the_login_and_then_on(web: Web):
    browser = web.browser()
    answer = await browser.opens("/losenord")
    assert (answer.status_code, browser.at) == (200, "/logga-in?till=%2Flosenord")
    await browser.sends(LOGIN, login="anna", password=PASSWORD)
    assert browser.at == "/losenord"


async def test_a_name_is_taken_in_any_letters(web: Web):
    browser = web.browser()
    await browser.logs_in(" ANNA ")
    assert "Anna Berg" in browser.page


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "fel"),
        ("anna", f"{PASSWORD} "),
        ("ingen", PASSWORD),
        ("", ""),
        ("anna", "x" * 3000),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("åäö🎈", "🎈"),
    ],
)
async def test_whatever_was_wrong_is_told_in_the_same_words(
    web: Web, login: str, password: str
):
    browser = web.browser()
    answer = await browser.logs_in(login, password)
    assert answer.status_code == 401
    assert WRONG in browser.page
    assert "session" not in browser.client.cookies


async def test_a_disabled_account_is_told_no_more_than_a_wrong_password(web: Web):
    account = Account(
        Login("anna"), frozenset({Role.PERSON}), web.clock(), disabled=True
    )
    await web.store.accounts.put(account, web.clock(), "test")
    browser = web.browser()
    answer = await browser.logs_in("anna")
    assert (answer.status_code, WRONG in browser.page) == (401, True)


async def test_after_five_wrong_ones_the_right_one_is_refused_in_the_same_words(
    web: Web,
):
    browser = web.browser()
    pages = set()
    for password in (*["fel"] * 5, PASSWORD):
        answer = await browser.logs_in("anna", password)
        assert answer.status_code == 401
        pages.add(re.sub(r'name="before" value="[^"]*"', "", browser.page))
    assert len(pages) == 1
    web.clock.goes(minutes=6)
    assert (await browser.logs_in("anna")).status_code == 200


async def test_a_session_is_new_at_each_login_and_the_old_one_ends(web: Web):
    browser = await web.logged_in("anna")
    first = browser.client.cookies["session"]
    # Somebody who planted an id knows nothing of the one that comes of it.
    planted = web.browser()
    planted.client.cookies.set("session", first)
    form = web.browser()
    await form.opens(LOGIN)
    planted.client.cookies.set("inloggning", form.client.cookies["inloggning"])
    data = hidden(form.page, LOGIN) | {"login": "bo", "password": PASSWORD}
    answer = await planted.client.post(LOGIN, data=data, headers={"origin": HERE})
    assert answer.status_code == 303
    assert answer.cookies["session"] != first
    assert (await browser.opens("/")).url.path == LOGIN


async def test_a_login_form_of_another_browser_is_not_taken(web: Web):
    theirs, mine = web.browser(), web.browser()
    await theirs.opens(LOGIN)
    await mine.opens(LOGIN)
    data = hidden(theirs.page, LOGIN) | {"login": "anna", "password": PASSWORD}
    answer = await mine.client.post(LOGIN, data=data, headers={"origin": HERE})
    assert answer.status_code == 403
    assert "session" not in mine.client.cookies


async def test_logging_out_ends_the_session_also_for_a_stolen_cookie(web: Web):
    browser = await web.logged_in("anna")
    stolen = dict(browser.client.cookies)
    answer = await browser.sends("/logga-ut")
    assert (answer.status_code, "Du är utloggad" in browser.page) == (200, True)
    thief = web.browser()
    thief.client.cookies.update(stolen)
    assert (await thief.opens("/")).url.path == LOGIN


async def test_who_asks_for_nothing_is_logged_out(web: Web):
    browser = await web.logged_in("anna")
    for _ in range(3):
        web.clock.goes(minutes=29)
        assert (await browser.opens("/")).url.path == "/"
    web.clock.goes(minutes=31)
    assert (await browser.opens("/")).url.path == LOGIN


async def test_a_page_that_only_follows_calls_is_no_sign_of_life(web: Web):
    browser = await web.logged_in("bo")
    stream = {"accept": "text/event-stream"}
    web.clock.goes(minutes=20)
    # As a stream that breaks off and begins anew; this one has nothing to tell.
    answer = await browser.client.get("/samtal/none/live", headers=stream)
    assert answer.status_code == 404
    web.clock.goes(minutes=11)
    assert (await browser.client.get("/", headers=stream)).status_code == 401


async def test_nobody_is_logged_in_for_longer_than_the_site_says(web: Web):
    browser = await web.logged_in("anna")
    for _ in range(29):
        web.clock.goes(minutes=20)
        assert (await browser.opens("/")).url.path == "/"
    web.clock.goes(minutes=21)
    assert (await browser.opens("/")).url.path == LOGIN


async def test_a_session_ends_when_its_account_changes(web: Web):
    browser = await web.logged_in("anna")
    account = Account(Login("anna"), frozenset({Role.OPERATOR}), web.clock())
    await web.store.accounts.put(account, web.clock(), "test")
    assert (await browser.opens("/")).url.path == LOGIN


@pytest.mark.parametrize(
    "till",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""],
)
async def test_nobody_is_sent_away_from_the_site(web: Web, till: str):
    browser = web.browser()
    await browser.client.get(LOGIN)
    await browser.opens(f"{LOGIN}?till={till}")
    data = hidden(browser.page, LOGIN) | {"login": "anna", "password": PASSWORD}
    data["till"] = till
    answer = await browser.client.post(LOGIN, data=data, headers={"origin": HERE})
    assert answer.headers["location"] == "/"


async def test_many_wrong_tries_from_one_address_must_wait(web: Web):
    browser = web.browser()
    await browser.opens(LOGIN)
    data = hidden(browser.page, LOGIN) | {"password": "fel"}
    codes = []
    for number in range(51):
        # An office that comes to work takes nothing from those who guess.
        assert (await web.browser().logs_in("bo")).status_code in (200, 429)
        answer = await browser.client.post(
            LOGIN, data=data | {"login": f"x{number}"}, headers={"origin": HERE}
        )
        codes.append(answer.status_code)
    assert codes == [401] * 50 + [429]
    assert (await web.browser(address="192.0.2.8").logs_in("anna")).status_code == 200


async def test_a_new_password_is_chosen_and_other_sessions_end(web: Web):
    here, elsewhere = await web.logged_in("anna"), await web.logged_in("anna")
    new = "fyra blå elefanter"
    await here.opens("/losenord")
    await here.sends(
        "/losenord", password=PASSWORD, new_password=new, again_password=new
    )
    assert "Lösenordet är bytt" in here.page
    assert (here.at, here.page.count("Anna Berg")) == ("/", 1)
    assert (await elsewhere.opens("/")).url.path == LOGIN
    assert (await web.browser().logs_in("anna", new)).status_code == 200
    assert (await web.browser().logs_in("anna", PASSWORD)).status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        (PASSWORD, "fyra blå elefanter", "annat", "inte lika"),
        ("fel", "fyra blå elefanter", "fyra blå elefanter", "inte ditt lösenord"),
        (PASSWORD, "kort", "kort", "mellan 12 och 256"),
        (PASSWORD, "", "", "mellan 12 och 256"),
        (PASSWORD, "passwordpassword", "passwordpassword", "bland de första"),
    ],
)
async def test_a_password_that_cannot_be_is_told_beside_its_field(
    web: Web, old: str, new: str, again: str, says: str
):
    browser = await web.logged_in("anna")
    await browser.opens("/losenord")
    answer = await browser.sends(
        "/losenord", password=old, new_password=new, again_password=again
    )
    assert answer.status_code == 422
    assert says in browser.page
    assert "elefanter" not in browser.page
    assert (await web.browser().logs_in("anna", PASSWORD)).status_code == 200
