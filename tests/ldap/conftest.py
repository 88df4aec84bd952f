"""A directory server for the tests marked `ldap`, where slapd is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from directory_server import BASE, READER, READER_PASSWORD, DirectoryServer, running
from directory_server import slapd as found

from voice.ldap.settings import LdapSettings, Unencrypted


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("ldap") is None or found() is not None:
        return
    why = "slapd is not here: apt install slapd"
    if item.config.getoption("--ldap-required"):
        pytest.fail(why)
    pytest.skip(why)


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
