"""What a server asks that wants digests of passwords, for the door before it."""

import base64
import hashlib
from urllib.request import parse_http_list, parse_keqv_list

from odd_door import Answered
from radicale_server import PASSWORD, USER

_REALM = "kalendrar i Lund"
_BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class WantsDigest:
    """Lets in who proves to know the password, by a nonce that is good for a while."""

    def __init__(self, algorithm="MD5", good_for=1000, beside=""):
        self._algorithm, self._good_for, self._beside = algorithm, good_for, beside
        self._nonce, self._used = "nonce-0", 0

    def __call__(self, asked, ask):
        if not self._is_proven(asked):
            return Answered(401, headers={"WWW-Authenticate": self._challenge()})
        # The server behind knows no digests.
        asked.headers["authorization"] = f"Basic {_BASIC}"
        return ask()

    def _challenge(self):
        number = int(self._nonce.rpartition("-")[2]) + 1
        self._nonce, self._used = f"nonce-{number}", 0
        wanted = f'realm="{_REALM}", nonce="{self._nonce}", qop="auth"'
        return f"Digest {wanted}, algorithm={self._algorithm}{self._beside}"

    def _is_proven(self, asked):
        way, _, told = asked.headers.get("authorization", "").partition(" ")
        if way != "Digest" or self._used == self._good_for:
            return False
        fields = parse_keqv_list(parse_http_list(told))
        self._used += 1
        is_next = int(fields["nc"], 16) == self._used
        return is_next and fields["response"] == self._response(asked, fields)

    def _response(self, asked, fields):
        # RFC 7616 §3.4.1
        who = self._digest(f"{USER}:{_REALM}:{PASSWORD}")
        what = self._digest(f"{asked.method}:{asked.path}")
        proof = self._nonce, fields["nc"], fields["cnonce"], "auth", what
        return self._digest(":".join((who, *proof)))

    def _digest(self, text):
        name = self._algorithm.replace("-", "").lower()
        return hashlib.new(name, text.encode()).hexdigest()
