"""Logging out at the provider as well: it is told who leaves, and asks them nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest
from web_forger import Forger, forger
from web_house import HERE, Browser, Web
from web_provider import Provider, fields, logs_in, provider, web_beside

from voice.language.catalog import Catalog

OUT = "/logga-ut/arbetskonto"


@pytest.fixture
async def there() -> AsyncIterator[Forger]:
    async with forger() as running:
        ending = {"end_session_endpoint": f"{running.issuer}/ut?realm=x"}
        running.told = ending
        yield running


@pytest.fixture
async def web(catalog: Catalog, there: Forger) -> AsyncIterator[Web]:
    async with web_beside(catalog, there.issuer) as opened:
        yield opened


async def farewell(browser: Browser) -> dict[str, str]:
    """Log out here, and then there; return what the provider is told."""
    await browser.opens("/")
    await browser.sends("/logga-ut")
    assert f'href="{OUT}"' in browser.page
    answer = await browser.client.get(OUT)
    assert answer.status_code == 303
    return fields(answer.headers["location"])


async def test_the_provider_is_told_who_leaves_and_where_to_send_them(
    web: Web, there: Forger
):
    browser = web.browser()
    await there.answers(browser)
    assert await farewell(browser) == {
        "realm": "x",
        "client_id": "telefonist",
        "post_logout_redirect_uri": f"{HERE}/logga-in?ut",
        "id_token_hint": there.given[0],
    }
    # Once is enough, and it is nobody else's.
    answer = await browser.client.get(OUT)
    assert "id_token_hint" not in fields(answer.headers["location"])
    answer = await web.browser().client.get(OUT)
    assert "id_token_hint" not in fields(answer.headers["location"])


async def test_each_browser_takes_its_own_leave(web: Web, there: Forger):
    one, other = web.browser(), web.browser()
    await there.answers(one)
    there.claims = {"sub": "cia"}
    await there.answers(other)
    first, second = there.given
    assert (await farewell(other))["id_token_hint"] == second
    assert (await farewell(one))["id_token_hint"] == first


async def test_the_token_is_kept_in_no_cookie_no_store_and_no_page(
    web: Web, there: Forger
):
    browser = web.browser()
    await there.answers(browser)
    (token,) = there.given
    parts = token.split(".")
    pages = [browser.page, (await browser.opens("/katalog")).text]
    kept = [*browser.client.cookies.values(), *pages]
    assert not any(part in text for part in parts for text in kept)


async def test_a_token_that_no_address_has_room_for_is_left_out(
    web: Web, there: Forger
):
    there.claims = {"groups": ["telefonister"] + ["en mycket lång grupp"] * 300}
    browser = web.browser()
    await there.answers(browser)
    assert "id_token_hint" not in await farewell(browser)


async def test_who_came_by_a_password_takes_no_leave_there(web: Web):
    browser = await web.logged_in("anna")
    await browser.sends("/logga-ut")
    answer = await browser.client.get(OUT)
    assert "id_token_hint" not in fields(answer.headers["location"])


async def test_a_provider_of_others_sends_us_back_logged_out(catalog: Catalog):
    async with provider() as real, web_beside(catalog, real.address) as web:
        browser = web.browser()
        await logs_in(browser, real, "anna")
        await leaves(browser, real)
        assert "Du är utloggad" in browser.page


async def leaves(browser: Browser, real: Provider) -> None:
    """Log out, here and there, and follow the provider back."""
    await browser.sends("/logga-ut")
    asked = (await browser.client.get(OUT)).headers["location"]
    told = fields(asked)
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(asked)
        assert page.status_code == 200
        assert told["id_token_hint"] in page.text
        answer = await client.post(
            f"{real.address}/oauth2/end_session/confirm",
            data={"redirect_uri": told["post_logout_redirect_uri"]},
        )
    back = httpx.URL(answer.headers["location"])
    await browser.opens(back.raw_path.decode())
