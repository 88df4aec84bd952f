"""Who asks for a page, and what each may see."""

from dataclasses import dataclass, field

from voice.divert.model import Extension
from voice.store.accounts_port import Login, Role, may
from voice.store.sessions_port import Session, SessionId


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in."""

    login: Login
    roles: frozenset[Role]
    extension: Extension | None
    """Whose own page it is; None for an account that is no person's."""
    token: str = field(repr=False)
    """By which forms on the visitor's pages prove that they are ours."""
    session: SessionId = field(repr=False)

    def may(self, role: Role) -> bool:
        """Tell whether the visitor has a role, or one that includes it."""
        return may(self.roles, role)


def visitor(session: Session, id: SessionId) -> Visitor:
    """Return who is logged in by a session."""
    return Visitor(session.login, session.roles, session.extension, session.csrf, id)
