"""A certificate for a server on this machine, and who vouches for it."""

import ssl
from pathlib import Path

import trustme


def vouched(authority: Path) -> ssl.SSLContext:
    """Make a server's certificate, and write down in PEM who vouches for it."""
    made = trustme.CA(key_type=trustme.KeyType.RSA)
    made.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1").configure_cert(context)
    return context
