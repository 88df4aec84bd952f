"""Attacks on the web as a whole, by paths, caches, frames, cookies and forms."""

import re
from collections.abc import Mapping

import pytest
from web_house import HERE, PASSWORD, Web, hidden, opened_web
from web_reach import pages

from voice.language.catalog import Catalog

LOGIN = "/logga-in"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%252e%252e%252fapp.py",
        "/static/....//app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%00style.css",
        "/static/style.css%00.js",
        "/static/style.css/",
        "/static/",
        "/.git/config",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/api/v1/../../samtal",
        "/API/v1/diverts",
    ],
)
async def test_no_path_leads_to_another_file(web: Web, path: str):
    answer = await web.browser().client.get(path)
    assert answer.status_code in (303, 307, 401, 404)
    assert not re.search(r"^(import|def|\[project\]|root:)", answer.text, re.M)


@pytest.mark.parametrize(
    "path", ["//samtal", "/samtal/", "/Samtal", "/samtal;x", "/%2fsamtal", "/./samtal"]
)
async def test_no_way_of_writing_a_path_opens_a_page(web: Web, path: str):
    for browser in (web.browser(), await web.logged_in("anna")):
        answer = await browser.client.get(f"{HERE}{path}")
        assert answer.status_code in (303, 307, 403, 404)
        location = answer.headers.get("location", "/")
        assert location.startswith(("/", HERE))
        assert not location.startswith("//")


async def test_what_no_store_can_keep_is_asked_of_none(web: Web):
    for browser in (web.browser(), await web.logged_in("bo")):
        for path in ("/katalog/%00", "/katalog/1234%00", "/samtal/%00/live"):
            answer = await browser.client.get(f"{HERE}{path}")
            assert answer.status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "X"])
async def test_no_other_method_does_anything(web: Web, method: str):
    browser = await web.logged_in("chef")
    before = await web.store.audit.entries()
    for path in ("/", "/hanvisning", "/logga-ut", "/installningar/konton/anna"):
        answer = await browser.client.request(method, path, headers={"origin": HERE})
        assert answer.status_code in (403, 404, 405)
    assert await web.store.audit.entries() == before


async def test_a_method_in_a_header_or_a_field_is_not_taken(web: Web):
    browser = await web.logged_in("anna")
    headers = {"x-http-method-override": "POST", "x-original-url": "/logga-ut"}
    answer = await browser.client.get("/?_method=POST", headers=headers)
    assert answer.status_code == 200
    assert (await browser.opens("/")).status_code == 200
    assert browser.at == "/"


@pytest.mark.parametrize("login", ["anna", "bo", "chef"])
async def test_no_page_of_anybodys_is_kept_on_the_way_or_put_in_a_frame(
    web: Web, login: str
):
    browser = await web.logged_in(login)
    for way in pages():
        if way.changes or way.least is None or "live" in way.route:
            continue
        web.clock.goes(seconds=1)
        answer = await browser.client.get(way.path)
        cache = answer.headers["cache-control"]
        assert "no-store" in cache, way
        assert "public" not in cache, way
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


async def test_every_cookie_is_hidden_from_scripts_and_bound_to_https(
    catalog: Catalog,
):
    base = "https://telefonist.example.org"
    async with opened_web(catalog, address=base) as web:
        browser = web.browser(base=base)
        browser.origin = base
        answers = [await browser.opens(LOGIN)]
        answers.append(
            await browser.client.post(
                LOGIN,
                data=hidden(browser.page, LOGIN)
                | {"login": "anna", "password": PASSWORD},
                headers={"origin": base},
            )
        )
        kept = [c for each in answers for c in each.headers.get_list("set-cookie")]
        assert len(kept) >= 2
        for cookie in kept:
            assert cookie.startswith("__Host-")
            assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(
                cookie.split("; ")
            )
            assert "Domain" not in cookie


async def test_a_form_of_many_fields_or_files_is_refused_at_once(web: Web):
    browser = await web.logged_in("anna")
    token = hidden(browser.page, "/logga-ut")["_token"]
    many = {f"f{n}": "x" for n in range(500)} | {"_token": token}
    answer = await browser.client.post(
        "/hanvisning", data=many, headers={"origin": HERE}
    )
    assert answer.status_code in (400, 413, 422)
    files = [("file", (f"{n}.txt", b"x")) for n in range(5)]
    answer = await browser.client.post(
        "/hanvisning", data={"_token": token}, files=files, headers={"origin": HERE}
    )
    assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "", "a/b; c=d"])
async def test_a_form_that_a_page_elsewhere_can_send_unasked_proves_nothing(
    web: Web, kind: str
):
    browser = await web.logged_in("anna")
    token = hidden(browser.page, "/logga-ut")["_token"]
    headers = {"origin": HERE, "content-type": kind}
    for body in (f"_token={token}", f'{{"_token": "{token}"}}'):
        answer = await browser.client.post("/logga-ut", content=body, headers=headers)
        assert answer.status_code in (400, 403)
    assert (await browser.opens("/")).status_code == 200
    assert browser.at == "/"


async def test_an_unknown_name_is_answered_as_a_known_one_is(web: Web):
    shown: dict[str, tuple[int, str, Mapping[str, str]]] = {}
    for login in ("anna", "ingen", "stängd", "' OR 1=1 --"):
        answer = await web.browser().logs_in(login, "fel lösenord för alla")
        page = re.sub(
            r'(name="before"|name="login"[^>]*) value="[^"]*"', "", answer.text
        )
        names = sorted(set(answer.headers) - {"set-cookie", "content-length"})
        shown[login] = (answer.status_code, page, {name: "" for name in names})
    first = shown.pop("anna")
    assert first[0] == 401
    assert all(other == first for other in shown.values())


async def test_a_session_ends_with_its_account(web: Web):
    browser = await web.logged_in("anna")
    kept = browser.client.cookies["session"]
    await web.store.accounts.remove("anna", web.clock(), "test")
    again = web.browser()
    again.client.cookies.set("session", kept)
    assert (await again.client.get("/")).status_code == 303
