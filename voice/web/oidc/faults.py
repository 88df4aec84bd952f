"""Why somebody who comes from the identity provider is not let in."""

from enum import StrEnum

from voice.errors import VoiceError


class Fault(StrEnum):
    """What went wrong, as the words of the login page name it."""

    AWAY = "oidc.away"
    AGAIN = "oidc.again"
    REFUSED = "oidc.refused"
    WRONG = "oidc.wrong"
    STRANGER = "oidc.stranger"
    NO_ROLE = "oidc.no_role"
    TOO_MANY_GROUPS = "oidc.too_many_groups"

    @property
    def status(self) -> int:
        """The status of the page that says so."""
        return 503 if self is Fault.AWAY else 403


class OidcError(VoiceError):
    """Somebody is not let in; the text is for whoever looks after the program."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
