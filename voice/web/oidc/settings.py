"""What a site sets of logging in at its identity provider."""

from dataclasses import dataclass, field
from pathlib import Path

SECRET = "TELEFONIST_OIDC_SECRET"
"""The variable that holds what we prove ourselves to the provider with."""


@dataclass(frozen=True, slots=True)
class OidcRoles:
    """Which groups of the provider's each role is given to.

    Without any, an administrator says here who may do what.
    """

    person: tuple[str, ...] = ()
    """With nobody here, all who have an extension of their own."""
    operator: tuple[str, ...] = ()
    administrator: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """Which provider lets people in, and what it tells of them."""

    issuer: str = ""
    """What the provider calls itself; without it, passwords alone let people in."""
    client: str = ""
    """What the provider calls us."""
    secret: str = field(default="", repr=False)
    groups: str = "groups"
    """The claim that tells what somebody is a member of."""
    extension: str = ""
    """The claim that holds an extension; without it, the mail address tells whose."""
    domain: str = ""
    """Of Google, whose people are let in: else everybody has an account there."""
    authorities: Path | None = None
    """Who vouches for the provider, where that is the site itself."""
    roles: OidcRoles = OidcRoles()
