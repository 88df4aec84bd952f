"""The answers to what cannot be answered: in words of each language, and as JSON."""

import pytest
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from web_house import ANNA, HERE, Web

from voice.store.port import (
    ExtensionTakenError,
    StoreError,
    UnknownExtensionError,
)
from voice.web.guard import AsPerson

STATUSES = (400, 403, 404, 405, 408, 409, 413, 422, 429, 500, 503)
WRONG = {
    "unknown": UnknownExtensionError(ANNA),
    "taken": ExtensionTakenError(ANNA),
    "away": StoreError("The store /var/lib/telefonist.db is held by another program."),
}

routes = APIRouter()


@routes.get("/prov/{status}")
async def refused(request: Request, visitor: AsPerson, status: int) -> Response:
    raise HTTPException(status)


@routes.get("/fel/{name}")
async def failed(request: Request, visitor: AsPerson, name: str) -> Response:
    raise WRONG[name]


@routes.get("/api/v1/prov/{status}")
async def refused_program(request: Request, status: int) -> Response:
    raise HTTPException(status)


@routes.get("/api/v1/fel/{name}")
async def failed_program(request: Request, name: str) -> Response:
    raise WRONG[name]


@pytest.fixture(autouse=True)
def trials(web: Web) -> None:
    web.app.include_router(routes)


@pytest.mark.parametrize("status", STATUSES)
async def test_each_has_a_page_of_its_own_in_both_languages(web: Web, status: int):
    browser = await web.logged_in("anna")
    for words in web.house.words.values():
        headers = {"accept-language": words.language.value}
        answer = await browser.client.get(f"/prov/{status}", headers=headers)
        assert answer.status_code == status
        assert f"<h1>{words(f'error_{status}.title')}</h1>" in answer.text
        assert words(f"error_{status}.text") in answer.text


async def test_one_that_nobody_foresaw_has_the_page_of_faults(web: Web):
    browser = await web.logged_in("anna")
    answer = await browser.opens("/prov/418")
    assert (answer.status_code, "Något gick fel hos oss" in browser.page) == (418, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fel/unknown", 404),
        ("/fel/taken", 409),
        ("/fel/away", 503),
        ("/prov/nej", 422),
        ("/finns-inte", 404),
    ],
)
async def test_a_fault_of_the_store_tells_nothing_of_the_store(
    web: Web, path: str, status: int
):
    browser = await web.logged_in("anna")
    answer = await browser.opens(path)
    assert answer.status_code == status
    assert "1234" not in browser.page
    assert "/var/lib" not in browser.page
    assert "telefonist extension" not in browser.page


async def test_a_program_is_told_in_json(web: Web):
    answer = await web.browser().client.get("/api/v1/prov/429")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:telefonist:problem:too_often",
        "title": "Frågorna kommer för tätt",
        "status": 429,
        "remedy": "Vänta så många sekunder som står i Retry-After.",
    }


@pytest.mark.parametrize(
    ("name", "status", "problem"),
    [
        ("unknown", 404, "not_found"),
        ("taken", 409, "conflict"),
        ("away", 503, "store_away"),
    ],
)
async def test_a_program_is_told_nothing_of_the_store(
    web: Web, name: str, status: int, problem: str
):
    answer = await web.browser().client.get(f"/api/v1/fel/{name}")
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:telefonist:problem:{problem}"
    for secret in ("1234", "/var/lib", "telefonist extension"):
        assert secret not in answer.text


async def test_a_shown_page_is_put_in_the_place_of_all_its_content(web: Web):
    browser = await web.logged_in("anna")
    headers = {"hx-request": "true", "origin": HERE}
    answer = await browser.client.get("/prov/404", headers=headers)
    assert answer.status_code == 404
    assert answer.headers["hx-retarget"] == "main"
    assert answer.headers["hx-reselect"] == "main"


async def test_what_a_page_does_not_take_is_told_as_such(web: Web):
    browser = await web.logged_in("anna")
    answer = await browser.client.get("/logga-ut")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
