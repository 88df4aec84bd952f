"""What every question passes first, and what no answer leaves without."""

import asyncio
import re

import pytest
from web_house import HERE, Web, opened_web

from voice.language.catalog import Catalog

SITE = "https://telefonist.example.org"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/", "/logga-in", "/healthz", "/x", "/static/x"])
async def test_every_answer_has_its_headers(web: Web, path: str):
    answer = await web.browser().client.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "microphone=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


async def test_on_https_cookies_and_browsers_are_bound_to_it(catalog: Catalog):
    async with opened_web(catalog, address=SITE) as web:
        browser = web.browser(
            "http://telefonist.example.org",
            address="127.0.0.1",
            **{"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"},
        )
        answer = await browser.opens("/logga-in")
        assert "max-age=63072000" in answer.headers["strict-transport-security"]
        cookie = answer.headers["set-cookie"]
        assert re.match(r"__Host-inloggning=[\w-]{43}; HttpOnly; Path=/; ", cookie)
        assert cookie.endswith("SameSite=lax; Secure")


async def test_what_does_not_come_by_https_is_sent_there(catalog: Catalog):
    async with opened_web(catalog, address=SITE) as web:
        # Only a web server of ours is believed about how a question travelled.
        browser = web.browser(
            "http://telefonist.example.org", **{"x-forwarded-proto": "https"}
        )
        answer = await browser.client.get("/katalog%0d%0aX:y?q=å")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"{SITE}/katalog%0D%0AX%3Ay?q=%C3%A5"
        assert (await browser.client.post("/logga-in")).status_code == 400
        assert (await browser.client.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9951", 200),
        ("localhost:9951", 200),
        ("LOCALHOST:9951", 200),
        ("evil.example", 400),
        ("127.0.0.1", 400),
        ("127.0.0.1:9951.evil.example", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
async def test_a_name_that_is_not_ours_is_not_answered(
    web: Web, host: str, status: int
):
    answer = await web.browser().client.get("/logga-in", headers={"host": host})
    assert answer.status_code == status


async def test_a_site_has_the_name_that_it_says(catalog: Catalog):
    chosen = {"listen": "10.0.0.5:9951", "address": SITE, "proxies": ("10.0.0.4",)}
    async with opened_web(catalog, **chosen) as web:
        headers = {"x-forwarded-proto": "https"}
        browser = web.browser(SITE, "10.0.0.4", **headers)
        assert (await browser.client.get("/logga-in")).status_code == 200
        answer = await browser.client.get("/logga-in", headers={"host": "localhost"})
        assert answer.status_code == 400


async def test_a_form_that_is_too_large_is_refused_by_its_length_or_as_it_comes(
    web: Web,
):
    browser = web.browser()
    headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    large = b"login=" + b"x" * 70_000
    answer = await browser.client.post("/logga-in", content=large, headers=headers)
    assert (answer.status_code, "för mycket" in answer.text) == (413, True)

    async def bit_by_bit():
        for _ in range(70):
            yield b"x" * 1000

    answer = await browser.client.post(
        "/logga-in", content=bit_by_bit(), headers=headers
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe=%ff&&&=;%", "application/x-www-form-urlencoded"),
        (b"a=b&" * 1000, "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data"),
        (b'{"login": 1}', "application/json"),
        (b"\0\0\0", "text/plain"),
    ],
)
async def test_a_form_that_is_none_is_refused_and_breaks_nothing(
    web: Web, content: bytes, kind: str
):
    browser = web.browser()
    headers = {"origin": HERE, "content-type": kind}
    answer = await browser.client.post("/logga-in", content=content, headers=headers)
    assert answer.status_code in (400, 403)


async def test_an_address_that_asks_too_often_must_wait_and_others_need_not(
    catalog: Catalog,
):
    async with opened_web(catalog, requests_a_second=2) as web:
        browser = web.browser()
        codes = [(await browser.client.get("/x")).status_code for _ in range(21)]
        assert codes == [404] * 20 + [429]
        refused = await browser.client.get("/x")
        assert int(refused.headers["retry-after"]) >= 1
        assert (await browser.client.get("/healthz")).status_code == 200
        assert (await web.browser(address="192.0.2.8").client.get("/x")).status_code
        forged = {"x-forwarded-for": "192.0.2.99"}
        assert (await browser.client.get("/x", headers=forged)).status_code == 429
        web.clock.goes(seconds=1)
        assert (await browser.client.get("/x")).status_code == 404


async def test_health_tells_nothing_but_that_it_is_well(web: Web):
    answer = await web.browser().client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_static_files_are_kept_for_ever_under_a_name_of_their_content(web: Web):
    browser = web.browser()
    await browser.opens("/logga-in")
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.page)
    assert len(names) == 3
    for name in names:
        answer = await browser.client.get(name)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        known = {"if-none-match": answer.headers["etag"]}
        assert (await browser.client.get(name, headers=known)).status_code == 304
        older = await browser.client.get(f"{name}0")
        assert "immutable" not in older.headers["cache-control"]
    plain = await browser.client.get(names[0], headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for name in ("x.css", "..%2fapp.py", "%2e%2e/app.py", "style.css%00"):
        assert (await browser.client.get(f"/static/{name}")).status_code == 404


async def test_the_first_page_is_small_with_all_its_files(web: Web):
    browser = web.browser()
    answer = await browser.opens("/logga-in")
    size = len(answer.content)
    for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.page):
        request = browser.client.build_request("GET", name)
        stream = await browser.client.send(request, stream=True)
        size += sum([len(part) async for part in stream.aiter_raw()])
    assert size < 60_000


async def test_the_language_is_chosen_once_for_all_pages(web: Web):
    browser = web.browser()
    await browser.opens("/logga-in", **{"accept-language": "en"})
    assert '<html lang="en">' in browser.page
    await browser.opens("/logga-in?till=/losenord")
    assert '<html lang="sv">' in browser.page
    await browser.sends("/sprak", sprak="en")
    assert browser.at == "/logga-in?till=/losenord"
    assert "Log in to go on" in browser.page
    await browser.sends("/sprak", sprak="<script>")
    assert '<html lang="en">' in browser.page


async def test_who_sends_a_form_too_slowly_is_hung_up_on(
    web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("voice.web.doorkeeper._BODY_SECONDS", 0.05)

    async def never_ending():
        yield b"login="
        await asyncio.Event().wait()

    headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    answer = await web.browser().client.post(
        "/logga-in", content=never_ending(), headers=headers
    )
    assert answer.status_code == 408


async def test_one_byte_now_and_then_is_no_sending(
    web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("voice.web.doorkeeper._BODY_SECONDS", 0.01)
    monkeypatch.setattr("voice.web.doorkeeper._BYTES_A_SECOND", 10**9)

    async def byte_by_byte():
        while True:
            yield b"x"
            # Others have their turn, and time goes.
            await asyncio.sleep(0)

    headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    answer = await web.browser().client.post(
        "/logga-in", content=byte_by_byte(), headers=headers
    )
    assert answer.status_code == 408
