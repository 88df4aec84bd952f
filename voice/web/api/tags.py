"""By what a program sees that nothing has changed since it asked: entity tags."""

import hashlib
import re

# RFC 9110 §8.8.3
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')


def tag(body: bytes) -> str:
    """Return the strong tag of what is answered."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(header: str, tag: str) -> bool:
    """Tell whether one who asks has what would be answered (RFC 9110 §13.1.2)."""
    return header.strip() == "*" or tag.strip('"') in (
        opaque for _, opaque in _TAG.findall(header)
    )


def is_same(header: str, tag: str) -> bool:
    """Tell whether one who changes knows what is changed (RFC 9110 §13.1.1)."""
    return header.strip() == "*" or tag.strip('"') in (
        opaque for weak, opaque in _TAG.findall(header) if not weak
    )
