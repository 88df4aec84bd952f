"""Konton: added, changed and removed by administrators, of whom one is always left."""

import pytest
from web_house import ANNA, BO, NOW, PASSWORD, QUICK, Browser, Web

from voice.accounts import Logins
from voice.store.accounts_port import Account, Login, Role

ACCOUNTS = "/installningar/konton"
NEW = f"{ACCOUNTS}/ny"
OTHER = "nio blå stora elefanter"


async def chef(web: Web, path: str) -> Browser:
    browser = await web.logged_in("chef")
    assert (await browser.opens(path)).status_code == 200
    return browser


async def found(web: Web, login: str) -> Account:
    account = await web.store.accounts.find(Login(login))
    assert account is not None
    return account


async def test_an_account_is_added_and_can_log_in(web: Web):
    browser = await chef(web, NEW)
    filled = {"login": "Eva.Ek@Example.se", "role": "operator", "extension": str(BO)}
    await browser.sends(NEW, **filled, new_password=OTHER)
    assert "eva.ek@example.se får logga in." in browser.page
    made = await found(web, "eva.ek@example.se")
    assert (made.roles, made.extension) == (frozenset({Role.OPERATOR}), BO)
    eva = web.browser()
    await eva.logs_in("eva.ek@example.se", OTHER)
    assert (await eva.opens("/samtal")).status_code == 200
    entry = (await web.store.audit.entries())[1]
    assert (entry.event, entry.by, entry.subject) == (
        "AccountAdded",
        "web: chef",
        "eva.ek@example.se",
    )


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("login", "a b", "Skriv små bokstäver"),
        ("login", "anna", "Det användarnamnet finns redan."),
        ("role", "", "Välj vad kontot får göra."),
        ("role", "king", "Välj vad kontot får göra."),
        ("extension", "9999", "Den anknytningen finns inte."),
        ("new_password", "kort", "Ett lösenord har mellan 12 och 256 tecken."),
        ("new_password", "password2026", "bland de första"),
    ],
)
async def test_each_fault_is_told_and_no_account_is_made(
    web: Web, field: str, text: str, told: str
):
    browser = await chef(web, NEW)
    filled = {"login": "eva", "role": "person", "extension": "", "new_password": OTHER}
    answer = await browser.sends(NEW, **(filled | {field: text}))
    assert answer.status_code == 422
    assert told in browser.page
    assert OTHER not in browser.page
    assert await web.store.accounts.find(Login("eva")) is None


async def test_an_account_becomes_another_role_and_is_logged_out(web: Web):
    anna = await web.logged_in("anna")
    browser = await chef(web, f"{ACCOUNTS}/anna")
    await browser.sends(f"{ACCOUNTS}/anna", role="operator", extension=str(ANNA))
    assert "anna är ändrat" in browser.page
    assert (await found(web, "anna")).roles == frozenset({Role.OPERATOR})
    await anna.opens("/")
    assert anna.at.startswith("/logga-in")


async def test_a_disabled_account_is_let_in_no_more(web: Web):
    browser = await chef(web, f"{ACCOUNTS}/anna")
    path = f"{ACCOUNTS}/anna"
    await browser.sends(path, role="person", extension=str(ANNA), disabled="1")
    assert (await found(web, "anna")).disabled
    answer = await web.browser().logs_in("anna")
    assert answer.status_code == 401
    await browser.opens(ACCOUNTS)
    assert "avstängt" in browser.page


async def test_a_change_of_what_is_changed_meanwhile_is_not_made(web: Web):
    browser = await chef(web, f"{ACCOUNTS}/anna")
    before = await found(web, "anna")
    changed = Account(before.login, frozenset({Role.OPERATOR}), NOW)
    await web.store.accounts.put(changed, NOW, "test")
    answer = await browser.sends(f"{ACCOUNTS}/anna", role="administrator")
    assert answer.status_code == 409
    assert "Någon annan har ändrat kontot" in browser.page
    assert (await found(web, "anna")).roles == frozenset({Role.OPERATOR})


async def test_the_last_administrator_stays(web: Web):
    path = f"{ACCOUNTS}/chef"
    browser = await chef(web, path)
    for sent in ({"role": "person"}, {"role": "administrator", "disabled": "1"}):
        answer = await browser.sends(path, **sent)
        assert answer.status_code == 422
        assert "den sista administratören" in browser.page
    assert (await browser.sends(f"{path}/ta-bort")).status_code == 409
    assert "den sista administratören" in browser.page
    assert Role.ADMINISTRATOR in (await found(web, "chef")).roles


async def test_an_administrator_beside_another_can_go(web: Web):
    extra = Account(Login("vd"), frozenset({Role.ADMINISTRATOR}), NOW)
    await web.store.accounts.put(extra, NOW, "test")
    browser = await chef(web, f"{ACCOUNTS}/vd")
    await browser.sends(f"{ACCOUNTS}/vd/ta-bort")
    assert "vd är borttaget." in browser.page
    assert await web.store.accounts.find(Login("vd")) is None


async def test_a_password_is_given_and_never_shown(web: Web):
    path = f"{ACCOUNTS}/anna"
    browser = await chef(web, path)
    await browser.sends(f"{path}/losenord", new_password=OTHER)
    assert "anna har ett nytt lösenord" in browser.page
    assert OTHER not in browser.page
    assert (await web.browser().logs_in("anna")).status_code == 401
    assert (await web.browser().logs_in("anna", OTHER)).status_code == 200
    answer = await browser.sends(f"{path}/losenord", new_password="annaannaanna")
    assert answer.status_code == 422


async def test_a_locked_account_is_unlocked(web: Web):
    logins = Logins(web.store, QUICK, least=0)
    for _ in range(5):
        await logins.check("anna", "fel", NOW)
    browser = await chef(web, f"{ACCOUNTS}/anna")
    assert "spärrat till" in browser.page
    await browser.sends(f"{ACCOUNTS}/anna/las-upp")
    assert "anna kan logga in igen." in browser.page
    assert await logins.check("anna", PASSWORD, NOW) is not None


async def test_an_account_that_nobody_has_is_not_found(web: Web):
    browser = await chef(web, ACCOUNTS)
    assert (await browser.opens(f"{ACCOUNTS}/nobody")).status_code == 404


@pytest.mark.parametrize("login", ["anna", "bo"])
@pytest.mark.parametrize("path", [ACCOUNTS, NEW, f"{ACCOUNTS}/anna"])
async def test_only_administrators_look_after_accounts(web: Web, login: str, path: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(path)).status_code == 403


async def test_accounts_are_found_and_shown_some_at_a_time(web: Web):
    for nth in range(60):
        account = Account(Login(f"konto-{nth:02}"), frozenset({Role.PERSON}), NOW)
        await web.store.accounts.put(account, NOW, "test")
    browser = await chef(web, ACCOUNTS)
    # Three of the house come before them.
    assert ("konto-46" in browser.page, "konto-47" in browser.page) == (True, False)
    await browser.opens(f"{ACCOUNTS}?efter=konto-46")
    assert ("konto-46<" in browser.page, "konto-59" in browser.page) == (False, True)
    await browser.opens(f"{ACCOUNTS}?q=KONTO-1")
    assert browser.page.count('<th scope="row">') == 10
    await browser.opens(f"{ACCOUNTS}?q={ANNA}")
    assert browser.page.count('<th scope="row">') == 1
    assert f"{ACCOUNTS}/anna" in browser.page
    await browser.opens(f"{ACCOUNTS}?q=ingen%00")
    assert "Inget sådant konto finns." in browser.page
