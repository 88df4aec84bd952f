"""What is kept of a secret that is random in itself, so that a copy opens nothing."""

import hashlib


def digest(secret: str) -> str:
    """Return the secret's SHA-256; 256 random bits need no salt and no slowness."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
