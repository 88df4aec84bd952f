"""A directory server for the tests marked `ldap`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from directory_server import BASE, READER, READER_PASSWORD, DirectoryServer, running

from voice.ldap.settings import LdapSettings, Unencrypted


@pytest.fixture
def slapd(tmp_path: Path) -> Iterator[DirectoryServer]:
    """Run a server with nobody in it."""
    folder = tmp_path / "slapd"
    folder.mkdir()
    with running(folder) as server:
        yield server


@pytest.fixture
def access(slapd: DirectoryServer) -> LdapSettings:
    """Return how the server is read without encryption, which loopback may be."""
    return LdapSettings(
        address=slapd.plain,
        unencrypted=Unencrypted.HERE,
        user=READER,
        password=READER_PASSWORD,
        base=BASE,
        seconds=10,
    )
