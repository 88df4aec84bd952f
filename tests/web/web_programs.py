"""Other programs, which ask the web by keys."""

import httpx
from web_house import NOW, Web

from voice.api_keys import give_key
from voice.store.keys_port import ApiKey, Scope
from voice.store.port import Store


async def key_for(store: Store, *scopes: Scope, name: str = "växeln") -> str:
    """Give a program a key."""
    key = ApiKey(name, frozenset(scopes), NOW)
    return await give_key(store, key, NOW, "test")


async def program(
    web: Web, *scopes: Scope, name: str = "växeln", **headers: str
) -> httpx.AsyncClient:
    """Return a program that asks the web by a key of its own."""
    secret = await key_for(web.store, *scopes, name=name)
    return web.browser(authorization=f"Bearer {secret}", **headers).client


def problem(answer: httpx.Response) -> str:
    """Return which problem an answer tells of, having seen that it is told well."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    assert told["remedy"].endswith(".")
    return str(told["type"].removeprefix("urn:telefonist:problem:"))
