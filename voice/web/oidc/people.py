"""Whose account somebody gets who comes from the identity provider."""

import hashlib
from dataclasses import replace
from datetime import datetime

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Identity, Login, Role
from voice.store.port import Store, UnknownExtensionError
from voice.web.oidc.claims import Claims, check_domain, mail, roles, told
from voice.web.oidc.faults import Fault, OidcError
from voice.web.oidc.settings import OidcRoles, OidcSettings

_BY = "oidc"
_NAMES = ("preferred_username", "upn", "email")
_LONGEST_NAME = 40


async def account_of(
    store: Store, chosen: OidcSettings, claims: Claims, now: datetime
) -> Account:
    """Return somebody's account, as the provider tells of them today.

    An account is found by who the provider says they are, and by nothing that can be
    written about somebody: an account with a password is never taken over.
    """
    check_domain(claims, chosen.domain)
    identity = Identity(chosen.issuer, str(claims["sub"]))
    kept = await store.accounts.of(identity)
    if kept is not None and kept.disabled:
        raise OidcError(Fault.STRANGER, "somebody whose account is closed came.")
    extension = await _extension(store, chosen, claims)
    if extension is None and kept is not None:
        extension = kept.extension
    given = _given(chosen.roles, roles(claims, chosen), kept, extension)
    if not given:
        if kept is not None:
            await store.sessions.end_all(kept.login)
        raise OidcError(Fault.NO_ROLE, "somebody came who may do nothing here.")
    now_is = kept or Account(_login(claims, identity), given, now, identity=identity)
    now_is = replace(now_is, roles=given, extension=extension)
    if now_is != kept:
        await store.accounts.put(now_is, now, _BY)
    return now_is


def _given(
    mapped: OidcRoles,
    found: frozenset[Role],
    kept: Account | None,
    extension: Extension | None,
) -> frozenset[Role]:
    """Return what somebody may do: as their groups say, or else as was said here."""
    if mapped == OidcRoles() and kept is not None:
        return kept.roles
    is_person = extension is not None and not mapped.person
    return found | ({Role.PERSON} if is_person else frozenset())


async def _extension(
    store: Store, chosen: OidcSettings, claims: Claims
) -> Extension | None:
    """Return whose page is theirs, by the claim that holds it or by their mail."""
    if chosen.extension:
        number = told(claims, chosen.extension)
        is_number = isinstance(number, str) and number.isprintable()
        return await _known(store, str(number).strip()) if is_number else None
    address = mail(claims)
    return await store.directory.holder(address) if address else None


async def _known(store: Store, number: str) -> Extension | None:
    try:
        return (await store.directory.find(Extension(number))).extension
    except UnknownExtensionError:
        # A mobile in its normal form is its owner's, too.
        return await store.directory.holder(number)


def _login(claims: Claims, identity: Identity) -> Login:
    """Return a login that can be nobody else's, and says whose it is."""
    told_of = (claims.get(name) for name in _NAMES)
    name = next((each for each in told_of if isinstance(each, str) and each), "")
    plain = "".join(
        c for c in name.lower() if c.isascii() and (c.isalnum() or c == ".")
    )
    of = hashlib.sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()
    return Login(f"{plain[:_LONGEST_NAME].strip('.') or 'oidc'}-{of[:12]}")
