"""What a token tells of somebody, read as the providers in use write it."""

from collections.abc import Mapping
from typing import TypeAlias

from voice.store.accounts_port import Role
from voice.store.listings import is_mail
from voice.web.oidc.faults import Fault, OidcError
from voice.web.oidc.settings import OidcRoles, OidcSettings

Claims: TypeAlias = Mapping[str, object]


def told(claims: Claims, name: str) -> object:
    """Return a claim; a name with points in it can lead into others, as Keycloak's."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def groups(claims: Claims, name: str) -> frozenset[str]:
    """Return what somebody is a member of; ADFS writes one group without a list."""
    found = told(claims, name)
    if isinstance(found, str):
        return frozenset({found})
    if not isinstance(found, list):
        return frozenset()
    return frozenset(each for each in found if isinstance(each, str))


def has_too_many(claims: Claims, name: str) -> bool:
    """Tell whether Entra ID has left the groups out, as it does beyond 200."""
    elsewhere = claims.get("_claim_names")
    is_left_out = isinstance(elsewhere, Mapping) and name in elsewhere
    return name not in claims and (is_left_out or bool(claims.get("hasgroups")))


def roles(claims: Claims, chosen: OidcSettings) -> frozenset[Role]:
    """Return the roles that somebody's groups give; OidcError when nobody can tell."""
    if chosen.roles == OidcRoles():
        return frozenset()
    if has_too_many(claims, chosen.groups):
        raise OidcError(
            Fault.TOO_MANY_GROUPS,
            "somebody is in more groups than the provider tells of: in Entra ID, let "
            "the token hold only groups assigned to the application, or use its roles.",
        )
    found = groups(claims, chosen.groups)
    return frozenset(
        role for role in Role if not found.isdisjoint(getattr(chosen.roles, role))
    )


def mail(claims: Claims) -> str | None:
    """Return somebody's mail address, where the provider stands for it.

    What a person has written there without proof could be anybody's.
    """
    for name in ("email", "upn"):
        found = claims.get(name)
        address = found.strip().lower() if isinstance(found, str) else ""
        if address.isprintable() and is_mail(address):
            is_proved = name != "email" or claims.get("email_verified", True) is True
            return address if is_proved else None
    return None


def check_domain(claims: Claims, domain: str) -> None:
    """Raise OidcError when somebody is of another organisation at Google."""
    if domain and claims.get("hd") != domain:
        raise OidcError(Fault.STRANGER, "somebody of another domain came to log in.")
