"""Diverts, asked for and changed by other programs."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from web_house import ANNA, BO, NOW, Web
from web_programs import problem, program

from voice.divert.model import Extension, Mode, ReasonCode, SetDivert, Source
from voice.store.keys_port import Scope
from voice.store.port import Listing

READS, WRITES = Scope.DIVERTS_READ, Scope.DIVERTS_WRITE
AT = "/api/v1/diverts/1234"
# It is 11:40 in Sweden.
NOON = "2026-03-05T12:30:00+01:00"
LUNCH = {"reason": "LUN", "until": NOON}


@pytest.fixture
async def switch(web: Web) -> httpx.AsyncClient:
    """An exchange that may read and write diverts."""
    return await program(web, READS, WRITES)


async def voice_sets(web: Web, reason: str, hours: float = 1, **more: Mode) -> None:
    until = web.clock.now + timedelta(hours=hours)
    command = SetDivert(ANNA, ReasonCode(reason), until, **more)
    await web.house.obey(command, web.clock.now, Source.VOICE)


async def test_a_phone_on_which_nothing_stands_is_open(switch: httpx.AsyncClient):
    answer = await switch.get(AT)
    assert answer.json() == {
        "extension": "1234",
        "state": "open",
        "opens": None,
        "back": None,
        "diverts": [],
    }


async def test_a_divert_is_shown_in_swedish_time(web: Web, switch: httpx.AsyncClient):
    await voice_sets(web, "SAM")
    told = (await switch.get(AT)).json()
    assert (told["state"], told["opens"]) == ("closed", "2026-03-05T12:40:00+01:00")
    assert told["diverts"] == [
        {
            "reason": "SAM",
            "outer": "på sammanträde",
            "start": "2026-03-05T11:40:00+01:00",
            "until": "2026-03-05T12:40:00+01:00",
            "mode": "closed",
            "source": "voice",
            "holds": True,
        }
    ]


async def test_of_a_reason_that_is_nobodys_business_no_code_is_told(
    web: Web, switch: httpx.AsyncClient
):
    await voice_sets(web, "SJK")
    answer = await switch.get(AT)
    (divert,) = answer.json()["diverts"]
    assert (divert["reason"], divert["outer"]) == (None, "inte i tjänst")
    assert "sjuk" not in answer.text.lower()
    assert "SJK" not in answer.text


async def test_a_divert_is_set_changed_cleared_and_taken_back(
    web: Web, switch: httpx.AsyncClient
):
    done = (await switch.post(AT, json=LUNCH)).json()
    assert (done["done"], done["phone"]["opens"]) == ("set", NOON)
    done = (await switch.patch(AT, json={"minutes": 15})).json()
    assert (done["done"], done["phone"]["opens"][11:16]) == ("changed", "12:45")
    done = (await switch.delete(AT)).json()
    assert (done["done"], done["phone"]["state"]) == ("cleared", "open")
    done = (await switch.post(f"{AT}/undo")).json()
    assert (done["done"], done["phone"]["opens"][11:16]) == ("undone", "12:45")
    trail = [entry.by for entry in await web.store.audit.entries(ANNA, 4)]
    assert trail == ["web: api växeln"] * 4


async def test_an_informing_divert_of_another_day(switch: httpx.AsyncClient):
    asked = {
        "reason": "KUR",
        "mode": "informing",
        "start": "2026-03-06T08:00:00+01:00",
        "until": "2026-03-06T12:00:00+01:00",
    }
    phone = (await switch.post(AT, json=asked)).json()["phone"]
    assert phone["state"] == "open"
    assert [(d["holds"], d["mode"]) for d in phone["diverts"]] == [(False, "informing")]


@pytest.mark.parametrize(
    ("method", "body", "status", "name"),
    [
        ("POST", LUNCH | {"reason": "XYZ"}, 422, "unknown_reason"),
        ("POST", LUNCH | {"until": "2026-03-05T10:00:00Z"}, 422, "until_has_passed"),
        (
            "POST",
            LUNCH | {"start": "2026-03-05T12:30:00+01:00"},
            422,
            "until_before_start",
        ),
        ("POST", LUNCH | {"until": "klockan ett"}, 422, "not_understood"),
        ("POST", LUNCH | {"until": "2026-03-05T12:30:00"}, 422, "not_understood"),
        ("POST", LUNCH | {"until": 1772710200}, 422, "not_understood"),
        ("POST", LUNCH | {"until": "1772710200"}, 422, "not_understood"),
        (
            "POST",
            LUNCH | {"until": "9999-12-31T23:59:59-14:00"},
            422,
            "not_understood",
        ),
        ("POST", LUNCH | {"subject": "budget"}, 422, "not_understood"),
        ("POST", {}, 422, "not_understood"),
        ("POST", [], 422, "not_understood"),
        ("PATCH", {"minutes": 15}, 409, "nothing_to_change"),
        ("PATCH", {"minutes": True}, 422, "not_understood"),
        ("PATCH", {"minutes": 5, "until": NOON}, 422, "two_ends"),
        ("DELETE", None, 409, "nothing_to_clear"),
    ],
)
async def test_what_cannot_be_done_is_told_with_its_remedy(
    web: Web, method: str, body: object, status: int, name: str
):
    switch = await program(web, WRITES)
    answer = await switch.request(method, AT, json=body)
    assert (answer.status_code, problem(answer)) == (status, name)
    assert (await web.store.diverts.standing(ANNA)).diverts == ()


async def test_each_field_that_is_wrong_is_named(switch: httpx.AsyncClient):
    answer = await switch.post(AT, json={"until": "sen", "subject": "budget"})
    assert sorted((e["field"], e["why"]) for e in answer.json()["errors"]) == [
        ("reason", "missing"),
        ("subject", "unknown"),
        ("until", "wrong"),
    ]
    answer = await switch.post(AT, content=b'{"reason"', headers={"content-type": JSON})
    assert answer.json()["errors"] == [{"field": "body", "why": "wrong"}]
    answer = await switch.get("/api/v1/diverts", params={"limit": 0})
    assert answer.json()["errors"] == [{"field": "limit", "why": "wrong"}]


JSON = "application/json"


async def test_a_problem_is_told_in_the_language_that_is_asked_for(web: Web):
    switch = await program(web, WRITES)
    swedish = await switch.delete(AT)
    assert swedish.json()["title"] == "Det finns ingen hänvisning att ta bort"
    english = await switch.delete(AT, headers={"accept-language": "en"})
    assert english.json()["title"] == "There is no divert to clear"
    assert english.headers["content-language"] == "en"


async def test_an_extension_that_is_nobodys_is_not_found(switch: httpx.AsyncClient):
    for answer in (
        await switch.get("/api/v1/diverts/9999"),
        await switch.post("/api/v1/diverts/9999", json=LUNCH),
        await switch.get("/api/v1/nothing"),
    ):
        assert (answer.status_code, problem(answer)) == (404, "not_found")


async def test_who_has_the_newest_answer_is_sent_nothing(
    web: Web, switch: httpx.AsyncClient
):
    first = await switch.get(AT)
    tag = first.headers["etag"]
    again = await switch.get(AT, headers={"if-none-match": f'"x", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    await voice_sets(web, "SAM")
    other = await switch.get(AT, headers={"if-none-match": tag})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)


async def test_nothing_is_changed_that_the_asker_has_not_seen(
    web: Web, switch: httpx.AsyncClient
):
    tag = (await switch.get(AT)).headers["etag"]
    await voice_sets(web, "SAM")
    stands = await web.store.diverts.standing(ANNA)
    for method, body in (("POST", LUNCH), ("PATCH", {"minutes": 5}), ("DELETE", None)):
        answer = await switch.request(
            method, AT, json=body, headers={"if-match": f"{tag}, W/{tag}"}
        )
        assert (answer.status_code, problem(answer)) == (412, "changed_meanwhile")
    assert await web.store.diverts.standing(ANNA) == stands
    seen = (await switch.get(AT)).headers["etag"]
    answer = await switch.patch(AT, json={"minutes": 5}, headers={"if-match": seen})
    assert answer.status_code == 200
    # An answer to a change has the tag of what stands after it.
    after = answer.headers["etag"]
    assert (await switch.get(AT)).headers["etag"] == after
    assert (await switch.delete(AT, headers={"if-match": after})).status_code == 200


async def test_a_change_that_is_sent_twice_is_made_once(
    web: Web, switch: httpx.AsyncClient
):
    await voice_sets(web, "SAM")
    again = {"idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    answers = [
        await switch.patch(AT, json={"minutes": 15}, headers=again) for _ in range(3)
    ]
    assert len({answer.text for answer in answers}) == 1
    (divert,) = (await web.store.diverts.standing(ANNA)).diverts
    assert divert.until == NOW + timedelta(minutes=75)
    other = await switch.patch(AT, json={"minutes": 30}, headers=again)
    assert (other.status_code, problem(other)) == (422, "other_question")
    board = await program(web, WRITES, name="tavlan")
    mine = await board.patch(AT, json={"minutes": 30}, headers=again)
    assert mine.status_code == 200


async def test_many_at_once_by_one_id_change_once(web: Web, switch: httpx.AsyncClient):
    await voice_sets(web, "SAM")
    again = {"idempotency-key": "a"}
    answers = await asyncio.gather(
        *(switch.patch(AT, json={"minutes": 15}, headers=again) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    (divert,) = (await web.store.diverts.standing(ANNA)).diverts
    assert divert.until == NOW + timedelta(minutes=75)


async def test_a_change_that_was_refused_can_be_sent_again(
    web: Web, switch: httpx.AsyncClient
):
    again = {"idempotency-key": "a"}
    refused = await switch.delete(AT, headers=again)
    assert problem(refused) == "nothing_to_clear"
    await voice_sets(web, "SAM")
    assert (await switch.delete(AT, headers=again)).status_code == 200
    bad = await switch.delete(AT, headers={b"idempotency-key": "å".encode()})
    assert problem(bad) == "bad_id"


async def test_a_list_goes_on_where_it_ended(web: Web, switch: httpx.AsyncClient):
    there = [Extension(str(number)) for number in range(2000, 2007)]
    listings = [Listing(extension, "N N") for extension in there]
    await web.store.directory.put(listings, NOW, "test")
    for extension in (*there, BO):
        command = SetDivert(extension, ReasonCode("LUN"))
        await web.house.obey(command, NOW, Source.KEYS)
    found, params = [], {"limit": "3"}
    while True:
        told = (await switch.get("/api/v1/diverts", params=params)).json()
        found += [phone["extension"] for phone in told["phones"]]
        if told["next"] is None:
            break
        params["cursor"] = told["next"]
    assert found == [BO, *there]
    for cursor in ("x", "WyJkaXJlY3RvcnkiLCIxIl0", params["cursor"] + "="):
        answer = await switch.get("/api/v1/diverts", params={"cursor": cursor})
        assert (answer.status_code, problem(answer)) == (422, "bad_cursor")


async def test_what_has_ended_is_in_no_list(web: Web, switch: httpx.AsyncClient):
    await voice_sets(web, "SAM")
    assert len((await switch.get("/api/v1/diverts")).json()["phones"]) == 1
    web.clock.goes(hours=2)
    assert (await switch.get("/api/v1/diverts")).json()["phones"] == []
    assert (await switch.get(AT)).json()["diverts"] == []


async def test_the_reasons_of_the_site_are_told(switch: httpx.AsyncClient):
    reasons = (await switch.get("/api/v1/reasons")).json()["reasons"]
    told = {each["code"]: each for each in reasons}
    assert told["SAM"]["outer"] == "på sammanträde"
    assert (told["SJK"]["discreet"], told["LUN"]["digit"]) == (True, "1")
