"""Who may ask for what, and forms: only ours, and none that loses what was typed."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from web_house import HERE, PASSWORD, Web, hidden, opened_web

from voice.language.catalog import Catalog
from voice.store.port import StoreError
from voice.web.drawers import Message
from voice.web.forms import read_form
from voice.web.guard import AsAdministrator, AsOperator, AsPerson
from voice.web.notices import done
from voice.web.rendering import FOLDER, Pages, render

EVIL = "https://evil.example"
LOGIN = "/logga-in"
SAVED: list[tuple[str, str]] = []
WELL = [True]

routes = APIRouter()


@routes.get("/prov")
async def trial(request: Request, visitor: AsPerson) -> Response:
    return render(request, "trial.html")


@routes.post("/prov")
async def save(request: Request, visitor: AsPerson) -> Response:
    form = await read_form(request)
    if not WELL[0]:
        raise StoreError("The store /var/lib/secret.db is held by another program.")
    if form.text("until") == "aldrig":
        request.state.form = form.blamed(until="error_422.title")
        return render(request, "trial.html", 422)
    SAVED.append((visitor.login, form.text("until")))
    return done(request, visitor, "/prov", Message("start.nothing"))


@routes.get("/trasig")
async def broken(request: Request, visitor: AsPerson) -> Response:
    raise RuntimeError("hemligt")


@routes.get("/operator")
async def of_operators(request: Request, visitor: AsOperator) -> Response:
    return render(request, "trial.html")


@routes.get("/administrator")
async def of_administrators(request: Request, visitor: AsAdministrator) -> Response:
    return render(request, "trial.html")


@pytest.fixture
async def web(catalog: Catalog) -> AsyncIterator[Web]:
    """Return a web with some pages for trial."""
    SAVED.clear()
    WELL[0] = True
    async with opened_web(catalog) as opened:
        templates = (FOLDER, Path(__file__).parent / "templates")
        opened.app.state.pages = Pages(opened.house, templates)
        opened.app.include_router(routes)
        yield opened


def filled(page: str) -> dict[str, str]:
    """Return what stands in the fields of the form for trial."""
    texts = re.findall(r'name="(until|pin)"[^>]*? value="([^"]*)"', page)
    chosen = re.findall(r'<option value="(\w+)" selected>', page)
    return {name: unescape(value) for name, value in texts} | {"reason": chosen[0]}


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("anna", "/operator", 403),
        ("anna", "/administrator", 403),
        ("bo", "/operator", 200),
        ("bo", "/administrator", 403),
        ("chef", "/operator", 200),
        ("chef", "/administrator", 200),
    ],
)
async def test_each_role_sees_what_is_its_own_and_below(
    web: Web, login: str, path: str, status: int
):
    browser = await web.logged_in(login)
    assert (await browser.opens(path)).status_code == status


async def test_nothing_but_the_login_is_reached_without_it(web: Web):
    browser = web.browser()
    for path in ("/", "/losenord", "/prov", "/operator", "/trasig"):
        answer = await browser.client.get(path)
        assert (answer.status_code, answer.headers["location"][:9]) == (303, LOGIN)
    for path in ("/prov", "/losenord", "/logga-ut"):
        answer = await browser.client.post(path)
        assert (answer.status_code, answer.headers["location"][:9]) == (303, LOGIN)
    assert (await browser.opens("/finns-inte")).status_code == 404
    assert SAVED == []


async def test_a_cookie_that_was_made_up_lets_nobody_in(web: Web):
    browser = web.browser()
    for made_up in ("x", "A" * 43, "A" * 5000, "'; DROP TABLE sessions"):
        browser.client.cookies.set("session", made_up)
        assert (await browser.client.get("/")).status_code == 303
        browser.client.cookies.clear()


async def test_a_form_of_ours_is_taken_and_told_of_once(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    await browser.sends("/prov", until=" 15:00 ")
    assert SAVED == [("anna", "15:00")]
    assert (browser.at, "Du har ingen hänvisning." in browser.page) == ("/prov", True)
    await browser.opens("/prov")
    assert "Du har ingen hänvisning." not in browser.page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": EVIL},
        {"origin": "null"},
        {"origin": HERE, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": f"{HERE}.evil.example"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_though_its_token_is_right(
    web: Web, headers: dict[str, str]
):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    data = hidden(browser.page, "/prov") | {"until": "15:00"}
    answer = await browser.client.post("/prov", data=data, headers=headers)
    assert (answer.status_code, SAVED) == (403, [])
    answer = await web.browser().client.post(LOGIN, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", [None, "", "fel", "å" * 10])
async def test_a_form_without_the_right_token_is_refused_and_not_lost(
    web: Web, token: str | None
):
    browser = await web.logged_in("anna")
    data = {"_page": "/prov", "until": "15:00", "pin": "123456", "reason": "SAM"}
    data |= {"_token": token} if token is not None else {}
    answer = await browser.client.post("/prov", data=data, headers={"origin": HERE})
    assert (answer.status_code, SAVED) == (403, [])
    await browser.opens("/prov")
    assert filled(browser.page) == {"until": "15:00", "reason": "SAM"}


async def test_the_token_of_somebody_else_is_of_no_use(web: Web):
    anna, bo = await web.logged_in("anna"), await web.logged_in("bo")
    await bo.opens("/prov")
    data = hidden(bo.page, "/prov") | {"until": "15:00"}
    answer = await anna.client.post("/prov", data=data, headers={"origin": HERE})
    assert (answer.status_code, SAVED) == (403, [])


async def test_a_token_in_a_header_will_do(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    token = hidden(browser.page, "/prov")["_token"]
    headers = {"x-csrf-token": token, "hx-request": "true", "origin": HERE}
    answer = await browser.client.post("/prov", data={"until": "9"}, headers=headers)
    assert (answer.status_code, SAVED) == (303, [("anna", "9")])


async def test_what_was_typed_comes_back_after_logging_in_again(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov?dag=5")
    web.clock.goes(hours=2)
    await browser.sends("/prov", until='15:00 "<åter>"', pin="123456", reason="SAM")
    assert (browser.at[:9], SAVED) == (LOGIN, [])
    await browser.sends(LOGIN, login="anna", password=PASSWORD)
    assert browser.at == "/prov?dag=5"
    assert filled(browser.page) == {"until": '15:00 "<åter>"', "reason": "SAM"}
    assert "finns kvar i formuläret" in browser.page
    assert "123456" not in browser.page
    await browser.sends("/prov", until="16:00")
    assert SAVED == [("anna", "16:00")]
    # It came back once, and is forgotten then.
    await browser.opens("/prov")
    assert filled(browser.page)["until"] == "kl. 15"


async def test_what_somebody_typed_is_given_to_nobody_else(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    web.clock.goes(hours=2)
    await browser.sends("/prov", until="hos doktorn")
    await browser.sends(LOGIN, login="bo", password=PASSWORD)
    await browser.opens("/prov")
    assert "doktorn" not in browser.page


async def test_what_was_typed_is_not_kept_for_long(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    web.clock.goes(hours=2)
    await browser.sends("/prov", until="15:00")
    web.clock.goes(minutes=16)
    await browser.sends(LOGIN, login="anna", password=PASSWORD)
    await browser.opens("/prov")
    assert filled(browser.page)["until"] == "kl. 15"


async def test_a_form_waits_for_its_own_page(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    await browser.sends("/prov", until="15:00", _token="fel")
    await browser.opens("/")
    await browser.opens("/prov")
    assert filled(browser.page)["until"] == "15:00"


async def test_a_fault_is_told_beside_its_field_which_keeps_what_was_typed(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    answer = await browser.sends("/prov", until="aldrig", pin="123456")
    assert answer.status_code == 422
    assert filled(browser.page)["until"] == "aldrig"
    assert re.search(r'<input[^>]*name="until"[^>]*aria-invalid="true"', browser.page)
    assert "123456" not in browser.page
    await browser.sends("/prov", until="15:00")
    assert SAVED == [("anna", "15:00")]


async def test_while_the_store_is_away_nothing_typed_is_lost(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    WELL[0] = False
    answer = await browser.sends("/prov", until="15:00 <x>")
    assert answer.status_code == 503
    assert "secret" not in browser.page
    WELL[0] = True
    await browser.sends("/prov", **hidden(browser.page, "/prov"))
    assert SAVED == [("anna", "15:00 <x>")]


async def test_a_form_with_a_secret_is_not_shown_again(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    WELL[0] = False
    await browser.sends("/prov", until="15:00", pin="123456")
    assert "123456" not in browser.page
    assert hidden(browser.page, "/prov") == {}


async def test_a_fault_of_ours_is_a_page_and_a_line_without_its_words(
    web: Web, caplog: pytest.LogCaptureFixture
):
    browser = await web.logged_in("anna")
    answer = await browser.opens("/trasig")
    assert (answer.status_code, "Något gick fel hos oss" in browser.page) == (500, True)
    assert "content-security-policy" in answer.headers
    assert "hemligt" not in browser.page + caplog.text
    assert "RuntimeError at broken" in caplog.text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>'])
async def test_what_is_typed_is_only_text(web: Web, hostile: str):
    browser = await web.logged_in("anna")
    await browser.opens("/prov")
    await browser.sends("/prov", until=hostile, _token="fel")
    await browser.opens("/prov")
    assert hostile not in browser.page
    assert filled(browser.page)["until"] == hostile


async def test_a_question_of_a_shown_page_is_sent_to_the_login_as_a_whole(web: Web):
    browser = web.browser()
    headers = {"hx-request": "true", "hx-current-url": f"{HERE}/prov?dag=5"}
    answer = await browser.client.get("/prov?q=a", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/logga-in?till=%2Fprov%3Fdag%3D5"
    stream = await browser.client.get("/prov", headers={"accept": "text/event-stream"})
    assert (stream.status_code, stream.text) == (401, "")


async def test_too_many_questions_of_one_account_must_wait(web: Web):
    browser = await web.logged_in("anna")
    codes = [(await browser.client.get("/prov")).status_code for _ in range(210)]
    assert codes.count(429) in range(1, 15)
    web.clock.goes(seconds=5)
    assert (await browser.opens("/prov")).status_code == 200
