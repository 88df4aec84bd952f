"""Keys of other programs: random, found by their secret, and good until they expire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voice.api_keys import ApiKeyError, give_key, has_expired, key_of
from voice.store.keys_port import ApiKey, Scope
from voice.store.memory import memory_store

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
KEY = ApiKey("växeln", frozenset({Scope.DIVERTS_READ}), NOW)


async def test_a_key_opens_until_it_expires_and_that_it_does_is_noted():
    store = memory_store()
    ends = NOW + timedelta(days=1)
    key = replace(KEY, expires=ends)
    secret = await give_key(store, key, NOW, "test")
    last = ends - timedelta(seconds=1)
    assert await key_of(store, secret, last) == key
    assert await key_of(store, secret, ends) is None
    (kept,) = await store.keys.list()
    assert kept.last_used == last
    assert has_expired(kept, ends)
    assert not has_expired(KEY, ends)


async def test_no_other_secret_opens_anything():
    store = memory_store()
    secrets = {
        await give_key(store, replace(KEY, name=f"{n}"), NOW, "t") for n in range(9)
    }
    assert len(secrets) == 9
    for secret in secrets:
        # 256 bits in letters of 6 bits each.
        assert len(secret.removeprefix("telefonist_")) == 43
        for wrong in ("", secret[:-1], secret + "x", secret.upper(), f" {secret}"):
            assert await key_of(store, wrong, NOW) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "name the program"),
        ({"name": "a\nb"}, "name the program"),
        ({"scopes": frozenset()}, "without a scope"),
        ({"expires": NOW}, "has passed"),
    ],
)
async def test_a_key_that_cannot_be_is_not_made(changed: dict[str, object], says: str):
    store = memory_store()
    with pytest.raises(ApiKeyError, match=says):
        await give_key(store, replace(KEY, **changed), NOW, "test")
    assert await store.keys.list() == ()
