"""The directory, routes, transcripts and the document, asked for by programs."""

from datetime import timedelta

import httpx
import pytest
from fastapi.routing import APIRoute
from web_house import ANNA, BO, NOW, Web
from web_programs import key_for, problem, program

from voice.api_keys import give_key
from voice.calls.answering import ask_where
from voice.divert.model import Mode, ReasonCode, SetDivert, Source
from voice.phone.port import Where
from voice.store.calls_port import Call, CallId, Turn, Who
from voice.store.keys_port import ApiKey, Scope
from voice.web.api import diverts, document
from voice.web.api.entrance import ROUTERS
from voice.web.api.limits import rate

SAID = "hänvisning <b>semester</b> till fredag"
# What each scope opens, and nothing else does.
OPENS = {
    "/api/v1/reasons": Scope.DIVERTS_READ,
    "/api/v1/diverts": Scope.DIVERTS_READ,
    "/api/v1/diverts/1234": Scope.DIVERTS_READ,
    "/api/v1/directory": Scope.DIRECTORY_READ,
    "/api/v1/directory/1234": Scope.DIRECTORY_READ,
    "/api/v1/route/1234": Scope.ROUTES_READ,
    "/api/v1/transcripts": Scope.TRANSCRIPTS_READ,
    "/api/v1/transcripts/k1": Scope.TRANSCRIPTS_READ,
}
CHANGES = (
    ("POST", "/api/v1/diverts/1234"),
    ("PATCH", "/api/v1/diverts/1234"),
    ("DELETE", "/api/v1/diverts/1234"),
    ("POST", "/api/v1/diverts/1234/undo"),
)
THERE = [
    route
    for routes in ROUTERS
    for route in routes.routes
    if isinstance(route, APIRoute)
]


@pytest.fixture(autouse=True)
async def called(web: Web) -> None:
    """Let there be calls, the last one with much said."""
    for number in range(1, 6):
        id, began = CallId(f"k{number}"), NOW + timedelta(minutes=number)
        await web.store.transcripts.begin(Call(id, "4949", ANNA, began))
        for second in range(number):
            turn = Turn(second, Who.CALLER, SAID, 0.5, "set_divert", None, "begin")
            await web.store.transcripts.add(id, turn)
    await web.store.transcripts.end(CallId("k1"), "caller_hung_up", NOW)


@pytest.mark.parametrize("scope", Scope)
async def test_a_key_opens_what_its_scope_says_and_nothing_else(web: Web, scope: Scope):
    asks = await program(web, scope)
    for path, opened_by in OPENS.items():
        answer = await asks.get(path)
        assert (path, answer.status_code == 200) == (path, scope is opened_by)
        if scope is not opened_by:
            assert problem(answer) == "no_scope"
            assert f'scope="{opened_by}"' in answer.headers["www-authenticate"]
    for method, path in CHANGES:
        body = {"reason": "LUN"} if method in ("POST", "PATCH") else None
        answer = await asks.request(method, path, json=body)
        is_refused = answer.status_code == 403
        assert (method, is_refused) == (method, scope is not Scope.DIVERTS_WRITE)


async def test_who_has_no_key_is_answered_nothing(web: Web):
    assert len(THERE) > len(OPENS)
    for route in THERE:
        path = route.path.format(extension="1234", id="k1", number="1234")
        for method in route.methods:
            answer = await web.browser().client.request(method, path)
            assert (answer.status_code, problem(answer)) == (401, "no_key"), path
            assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_login_opens_no_more_than_the_document(web: Web):
    browser = await web.logged_in("chef")
    answer = await browser.client.get("/api/v1/diverts")
    assert problem(answer) == "no_key"
    assert (await browser.client.get("/api/v1/openapi.json")).status_code == 200


async def test_a_key_that_is_unknown_removed_or_old_opens_nothing(web: Web):
    asks = await program(web, *Scope)
    assert (await asks.get("/api/v1/diverts")).status_code == 200
    await web.store.keys.remove("växeln", NOW, "test")
    assert problem(await asks.get("/api/v1/diverts")) == "bad_key"
    key = ApiKey("kort", frozenset(Scope), NOW, NOW + timedelta(minutes=1))
    secret = await give_key(web.store, key, NOW, "test")
    headers = {"authorization": f"Bearer {secret}"}
    for minutes, status in ((0, 200), (1, 401)):
        web.clock.goes(minutes=minutes)
        answer = await web.browser().client.get("/api/v1/diverts", headers=headers)
        assert answer.status_code == status
    assert problem(answer) == "old_key"
    for wrong in (
        secret,
        f"Basic {secret}",
        "Bearer ",
        f"Bearer {secret}x",
        "Bearer å",
    ):
        raw = {b"authorization": wrong.encode()}
        answer = await web.browser().client.get("/api/v1/diverts", headers=raw)
        assert answer.status_code == 401


async def test_a_key_that_asks_too_often_waits(web: Web):
    asks = await program(web, Scope.ROUTES_READ)
    headers = {"authorization": asks.headers["authorization"]}
    for left in range(rate(web.house.settings).at_once - 1, -1, -1):
        # From many addresses, each of which may ask for itself.
        asks = web.browser(address=f"192.0.2.{left % 250}", **headers).client
        answer = await asks.get("/api/v1/route/1234")
        assert answer.headers["ratelimit"].startswith(f'"key";r={left};')
    refused = await asks.get("/api/v1/route/1234")
    assert (refused.status_code, problem(refused)) == (429, "too_often")
    assert int(refused.headers["retry-after"]) >= 1
    board = await program(web, Scope.ROUTES_READ, name="tavlan")
    assert (await board.get("/api/v1/route/1234")).status_code == 200
    web.clock.goes(seconds=1)
    assert (await asks.get("/api/v1/route/1234")).status_code == 200


@pytest.mark.parametrize("mode", [*Mode, None])
@pytest.mark.parametrize("number", [ANNA, BO, "9999", "*23*", "+46701234567"])
async def test_an_exchange_is_told_as_it_is_by_telephone(
    web: Web, number: str, mode: Mode | None
):
    if mode is not None:
        command = SetDivert(ANNA, ReasonCode("SJK"), mode=mode)
        await web.house.obey(command, NOW, Source.VOICE)
    asks = await program(web, Scope.ROUTES_READ)
    told = (await asks.get(f"/api/v1/route/{number}")).json()
    where = await ask_where(number, web.store, web.house.site, web.clock)
    assert (
        told["decision"]
        == {
            Where.RING: "ring",
            Where.ANNOUNCE: "announce",
            Where.UNKNOWN: "unknown",
        }[where]
    )
    is_told = number == ANNA and mode is not None
    assert told["outer"] == ("inte i tjänst" if is_told else None)


async def test_everybody_is_listed_with_the_state_of_the_phone(web: Web):
    until = NOW + timedelta(hours=2)
    await web.house.obey(SetDivert(BO, ReasonCode("VAB"), until), NOW, Source.KEYS)
    asks = await program(web, Scope.DIRECTORY_READ)
    told = (await asks.get("/api/v1/directory")).json()
    assert told == {
        "people": [
            {
                "extension": "1234",
                "name": "Anna Berg",
                "unit": "Skola",
                "state": "open",
                "outer": None,
                "opens": None,
                "back": None,
            },
            {
                "extension": "1300",
                "name": "Bo Ek",
                "unit": "Vård",
                "state": "closed",
                "outer": "inte i tjänst",
                "opens": "2026-03-05T13:40:00+01:00",
                "back": "2026-03-05T13:40:00+01:00",
            },
        ],
        "next": None,
    }
    params = {"unit": "Vård"}
    some = (await asks.get("/api/v1/directory", params=params)).json()["people"]
    assert some == told["people"][1:]
    assert (await asks.get("/api/v1/directory/1300")).json() == told["people"][1]


async def all_of(asks: httpx.AsyncClient, path: str, what: str, limit: int) -> list:
    found, params = [], {"limit": limit}
    while True:
        told = (await asks.get(path, params=params)).json()
        assert len(told[what]) <= limit
        found += told[what]
        if told["next"] is None:
            return found
        params["cursor"] = told["next"]


async def test_calls_and_their_words_are_read_some_at_a_time(web: Web):
    asks = await program(web, Scope.TRANSCRIPTS_READ)
    calls = await all_of(asks, "/api/v1/transcripts", "calls", 2)
    assert [call["id"] for call in calls] == ["k5", "k4", "k3", "k2", "k1"]
    assert (calls[-1]["outcome"], calls[0]["ended"]) == ("caller_hung_up", None)
    turns = await all_of(asks, "/api/v1/transcripts/k5", "turns", 2)
    assert [turn["seconds"] for turn in turns] == [0, 1, 2, 3, 4]
    assert {turn["text"] for turn in turns} == {SAID}


async def test_calls_are_found_by_what_was_said_and_when(web: Web):
    asks = await program(web, Scope.TRANSCRIPTS_READ)
    at = "/api/v1/transcripts"
    for params, count in (
        ({"text": "semes"}, 5),
        ({"text": "lunch"}, 0),
        ({"text": '" OR 1=1 --'}, 0),
        ({"since": "2026-03-05T11:44:00+01:00"}, 2),
        ({"until": "2026-03-05T10:43:00Z"}, 2),
        ({"extension": "1300"}, 0),
    ):
        found = (await asks.get(at, params=params)).json()["calls"]
        assert (params, len(found)) == (params, count)
    for params in ({"text": "a\0"}, {"since": "i går"}, {"since": "2026-03-05"}):
        answer = await asks.get(at, params=params)
        assert problem(answer) == "not_understood"


async def test_a_list_whose_last_call_is_erased_is_begun_anew(web: Web):
    asks = await program(web, Scope.TRANSCRIPTS_READ)
    at = "/api/v1/transcripts"
    for number in range(1, 6):
        await web.store.transcripts.end(CallId(f"k{number}"), "x", NOW)
    cursor = (await asks.get(at, params={"limit": 1})).json()["next"]
    await web.store.retention.erase_before(NOW + timedelta(days=1), NOW, "test")
    answer = await asks.get(at, params={"cursor": cursor})
    assert (answer.status_code, problem(answer)) == (422, "bad_cursor")


async def test_the_document_tells_of_every_route(web: Web):
    secret = await key_for(web.store, Scope.ROUTES_READ)
    headers = {"authorization": f"Bearer {secret}"}
    told = await web.browser().client.get("/api/v1/openapi.json", headers=headers)
    there = told.json()["paths"]
    routes = {
        (route.path, method.lower())
        for route in THERE
        if not route.path.endswith("/openapi.json")
        for method in route.methods
    }
    assert {(path, method) for path in there for method in there[path]} == routes
    assert all(path.startswith("/api/v1/") for path in there)
    assert len(routes) == len(OPENS) + len(CHANGES)
    for operations in there.values():
        for operation in operations.values():
            assert operation["security"] == [{"key": []}]
            assert "Scope: `" in operation["description"]


def test_every_refusal_of_the_rules_has_words_of_its_own(web: Web):
    whys = {*document.REFUSED, *diverts._OF_FIELDS}
    for words in web.house.words.values():
        for why in whys:
            assert words(f"problem.{why}")
            assert words(f"problem.{why}_do")
