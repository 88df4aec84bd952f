"""Keys of other programs: made, shown once, and looked at with each request."""

import secrets
from datetime import datetime

from voice.errors import VoiceError
from voice.store.keys_port import ApiKey, KeySecret
from voice.store.port import Store

# So that whoever finds one in a file knows what it opens.
_PREFIX = "telefonist_"
_BYTES = 32
_LONGEST_NAME = 64


class ApiKeyError(VoiceError):
    """A key cannot be what was asked for."""


async def give_key(store: Store, key: ApiKey, now: datetime, by: str) -> KeySecret:
    """Make a key, and return its secret, which nobody can be told again."""
    check_key(key, now)
    secret = KeySecret(_PREFIX + secrets.token_urlsafe(_BYTES))
    await store.keys.add(key, secret, now, by)
    return secret


async def key_of(store: Store, secret: str, now: datetime) -> ApiKey | None:
    """Return the key with this secret; None is none, or one that has expired."""
    key = await store.keys.find(KeySecret(secret))
    if key is None or has_expired(key, now):
        return None
    await store.keys.used(key.name, now)
    return key


def has_expired(key: ApiKey, now: datetime) -> bool:
    """Tell whether a key opens nothing any more."""
    return key.expires is not None and key.expires <= now


def check_key(key: ApiKey, now: datetime) -> None:
    """Say plainly why a key cannot be made."""
    name = key.name
    if not (0 < len(name) <= _LONGEST_NAME and name.isprintable()) or name.isspace():
        raise ApiKeyError(
            f"A key is called by up to {_LONGEST_NAME} letters: name the program that "
            "asks by it."
        )
    if not key.scopes:
        raise ApiKeyError("A key without a scope opens nothing: give it one, or more.")
    if has_expired(key, now):
        raise ApiKeyError("That time has passed: let the key last until a later one.")
