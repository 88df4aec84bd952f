"""Attacks on logging in elsewhere: no answer but the right one lets anybody in."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from web_forger import (
    OTHER_KEY,
    Forger,
    Sign,
    changed_after,
    forger,
    signed_by_another,
    signed_with_our_secret,
    signed_with_what_all_know,
    unsigned,
    with_a_key_of_its_own,
)
from web_house import Browser, Web
from web_provider import (
    OUR_SECRET,
    START,
    asked,
    fields,
    said,
    web_beside,
)

from voice.language.catalog import Catalog

ANSWER = f"{START}/svar"
NOT_BELIEVED = "gick inte att lita på"
BEGIN_AGAIN = "tog för lång tid eller avbröts"
AWAY = "svarar inte just nu"


@pytest.fixture
async def there() -> AsyncIterator[Forger]:
    async with forger() as running:
        yield running


@pytest.fixture
async def web(catalog: Catalog, there: Forger) -> AsyncIterator[Web]:
    async with web_beside(catalog, there.issuer) as opened:
        yield opened


async def is_out(browser: Browser) -> bool:
    """Tell whether a browser is logged in nowhere."""
    answer = await browser.client.get("/")
    return "session" not in browser.client.cookies and answer.status_code == 303


async def test_a_token_that_is_right_lets_somebody_in(web: Web, there: Forger):
    browser = web.browser()
    assert (await there.answers(browser)).status_code == 200
    (sent,) = there.sent
    assert (sent["client_id"], sent["client_secret"]) == ("telefonist", OUR_SECRET)
    assert len(sent["code_verifier"]) == 43
    assert (await browser.opens("/samtal")).status_code == 200


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_what_all_know,
        signed_with_our_secret,
        signed_by_another,
        changed_after,
        with_a_key_of_its_own,
        lambda there, claims: "",
        lambda there, claims: "inte.en.token",
        lambda there, claims: "...." * 1000,
    ],
)
async def test_a_token_that_the_provider_did_not_sign_is_not_believed(
    web: Web, there: Forger, sign: Sign
):
    there.sign = sign
    browser = web.browser()
    assert (await there.answers(browser)).status_code == 403
    assert NOT_BELIEVED in said(browser.page)
    assert await is_out(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "en-annans"},
        {"nonce": None},
        {"aud": "ett-annat-program"},
        {"aud": ["telefonist", "ett-annat"], "azp": "ett-annat"},
        {"aud": []},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "snart"},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a" * 300},
        {"sub": "a\0b"},
        {"at_hash": "fel"},
    ],
)
async def test_a_token_that_was_made_for_something_else_is_not_believed(
    web: Web, there: Forger, claims: dict[str, object]
):
    there.claims = claims
    browser = web.browser()
    assert (await there.answers(browser)).status_code == 403
    assert NOT_BELIEVED in said(browser.page)
    assert await is_out(browser)


async def test_clocks_may_differ_by_a_minute(web: Web, there: Forger):
    for minutes in (-1, 1):
        now = int(web.clock.now.timestamp()) + 60 * minutes
        there.claims = {"iat": now, "exp": now + 5}
        assert (await there.answers(web.browser())).status_code == 200


async def test_keys_are_asked_for_anew_when_the_provider_has_changed_them(
    web: Web, there: Forger
):
    assert (await there.answers(web.browser())).status_code == 200
    there.key = OTHER_KEY
    web.clock.goes(seconds=30)
    assert (await there.answers(web.browser())).status_code == 200
    assert there.keys_asked == 2
    assert (await there.answers(web.browser())).status_code == 200
    assert there.keys_asked == 2


@pytest.mark.parametrize(
    "more",
    [{"state": "en-annans"}, {"state": ""}, {"state": "å"}],
)
async def test_an_answer_to_somebody_elses_question_is_refused(
    web: Web, there: Forger, more: dict[str, str]
):
    browser = web.browser()
    assert (await there.answers(browser, **more)).status_code == 403
    assert BEGIN_AGAIN in said(browser.page)
    assert there.sent == []
    assert await is_out(browser)


async def test_nobody_is_logged_in_as_another_by_a_link(web: Web, there: Forger):
    attacker, victim = web.browser(), web.browser()
    question = fields(await asked(attacker))
    there.nonce = question["nonce"]
    answer = {"code": "c", "state": question["state"]}
    for browser in (victim, await web.logged_in("anna")):
        await browser.client.get(ANSWER, params=answer)
        await browser.opens("/samtal")
        assert "Bo Ek" not in browser.page
    assert there.sent == []


async def test_an_answer_of_another_provider_is_refused(web: Web, there: Forger):
    browser = web.browser()
    await there.answers(browser, iss="https://evil.example")
    assert (NOT_BELIEVED in said(browser.page), there.sent) == (True, [])
    assert (await there.answers(browser, iss=there.issuer)).status_code == 200


async def test_who_says_that_it_names_itself_must(web: Web, there: Forger):
    there.told = {"authorization_response_iss_parameter_supported": True}
    browser = web.browser()
    await there.answers(browser)
    assert (NOT_BELIEVED in said(browser.page), there.sent) == (True, [])


async def test_a_refusal_is_told_without_the_words_it_came_with(
    web: Web, there: Forger, caplog: pytest.LogCaptureFixture
):
    browser = web.browser()
    words = "<script>alert(1)</script>"
    more = {"error": "access_denied", "error_description": words}
    assert (await there.answers(browser, **more)).status_code == 403
    assert "avbröts, eller så fick du inte" in said(browser.page)
    assert words not in browser.page + caplog.text
    assert there.sent == []


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://evil.example"},
        {"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
    ],
)
async def test_a_provider_that_describes_itself_wrongly_is_not_used(
    web: Web, there: Forger, told: dict[str, object]
):
    there.told = told
    browser = web.browser()
    answer = await browser.opens(START)
    assert (answer.status_code, AWAY in said(browser.page)) == (503, True)


async def test_one_that_does_not_answer_is_left_in_peace_for_a_while(
    web: Web, there: Forger
):
    there.told = {"issuer": "https://evil.example"}
    browser = web.browser()
    assert (await browser.client.get(START)).status_code == 503
    there.told = {}
    assert (await browser.client.get(START)).status_code == 503
    web.clock.goes(seconds=6)
    assert (await browser.client.get(START)).status_code == 303


async def test_who_vouches_for_it_is_read_before_anything_is_sent(
    catalog: Catalog, there: Forger, caplog: pytest.LogCaptureFixture
):
    nowhere = Path("nowhere.pem")
    async with web_beside(catalog, there.issuer, authorities=nowhere) as web:
        answer = await web.browser().client.get(START)
        assert answer.status_code == 503
    assert "[web.oidc] authorities cannot be read (FileNotFoundError)" in caplog.text


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        ((400, b'{"error": "invalid_grant"}'), (403, BEGIN_AGAIN)),
        ((401, b'{"error": "invalid_client"}'), (503, AWAY)),
        ((500, b"<h1>hemligt</h1>"), (503, AWAY)),
        ((302, b""), (503, AWAY)),
        ((200, b"[]"), (503, AWAY)),
        ((200, b"{}"), (403, NOT_BELIEVED)),
        ((200, b"[" * 100_000), (503, AWAY)),
        ((200, json.dumps({"id_token": "x" * 600_000}).encode()), (503, AWAY)),
    ],
)
async def test_whatever_the_provider_answers_is_a_page_in_plain_words(
    web: Web,
    there: Forger,
    caplog: pytest.LogCaptureFixture,
    failing: tuple[int, bytes],
    expected: tuple[int, str],
):
    there.failing = failing
    browser = web.browser()
    answer = await there.answers(browser)
    assert answer.status_code == expected[0]
    assert expected[1] in said(browser.page)
    assert "hemligt" not in browser.page + caplog.text
    assert await is_out(browser)


async def test_a_session_that_was_planted_is_not_the_one_somebody_gets(
    web: Web, there: Forger
):
    browser = web.browser()
    browser.client.cookies.set("session", "p" * 43)
    await there.answers(browser)
    assert browser.client.cookies.get("session", domain="127.0.0.1") != "p" * 43
