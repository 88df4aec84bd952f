"""What goes wrong with a directory server, and what mends it."""

from voice.errors import VoiceError

_SETTINGS = "look at [ldap]"
# RFC 4511 §4.1.9, and appendix A.
_BY_CODE = {
    3: "ended the search for want of time: ask for fewer with base or filter",
    4: "lists no more than its limit to our account: have that limit raised",
    7: "lets nobody in by a password alone: choose another account",
    8: "wants encryption: write ldaps:// as address",
    10: "says that the base is on another server: write that server's address, or a "
    "base that is on this one",
    11: "lists no more than its limit to our account: have that limit raised",
    12: "cannot list page by page (RFC 2696): ask one that can",
    13: "wants encryption: write ldaps:// as address",
    32: "has no such base: look at base in [ldap]",
    34: "cannot read the base or the user: write them as OU=Personal,DC=example,DC=org",
    48: "lets nobody in by such an account: look at user in [ldap]",
    49: "does not let us in: look at user in [ldap] and at TELEFONIST_LDAP_PASSWORD",
    50: "does not let our account look there: give it the right to read people",
    51: "is too busy: it is asked again later",
    52: "is not available: start it, or write another address",
    53: "will not do it: look at user in [ldap] and at TELEFONIST_LDAP_PASSWORD",
}
# What a Windows server says of an account beside 49, as "data 775".
_BY_REASON = {
    "525": "knows no such account: look at user in [ldap]",
    "530": "lets our account in at other hours only: ask its administrator",
    "531": "lets our account in from other machines only: ask its administrator",
    "532": "says that our account's password is too old: set a new one",
    "533": "says that our account is switched off: switch it on",
    "701": "says that our account has expired: prolong it",
    "773": "says that our account must set a new password: set one",
    "775": "says that our account is locked: unlock it",
}
# Others read only those who have logged in, and say so in this way.
_NOBODY_YET = 1


class LdapError(VoiceError):
    """The directory server cannot be asked; nothing is changed."""

    def __init__(self, address: str, what: str) -> None:
        super().__init__(
            f"The directory server {address} {what}. Nothing is changed in the "
            "directory."
        )


def refused(address: str, code: int, message: str, is_anonymous: bool) -> LdapError:
    """Return what a server means that refuses; its words may name people."""
    if code == 49:
        for reason, what in _BY_REASON.items():
            if f"data {reason}" in message:
                return LdapError(address, what)
    if is_anonymous and code in (_NOBODY_YET, 48, 50, 53):
        return LdapError(address, "wants an account: write user in [ldap]")
    what = _BY_CODE.get(code, f"refuses (LDAP result {code}): {_SETTINGS}")
    return LdapError(address, what)
