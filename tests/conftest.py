"""What every room's tests share: the site's grammar, and time for property tests."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from voice.house import read_catalog
from voice.language.catalog import Catalog

# A busy machine is no fault of the code.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let those who must have the telephones, the browser or slapd say so."""
    parser.addoption(
        "--line-required",
        action="store_true",
        help="fail, not skip, when baresip or sipp is missing",
    )
    parser.addoption(
        "--browser-required",
        action="store_true",
        help="fail, not skip, when chromium is missing",
    )
    parser.addoption(
        "--ldap-required",
        action="store_true",
        help="fail, not skip, when slapd is missing",
    )


# Each starts a PostgreSQL of its own, and holds a model.
_PROCESSES_AT_MOST = 4


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite between the cores; a part of it stays in one process.

    Telephones and a browser are never shared: what they hear and see goes by the clock.
    """
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and "not line" in config.option.markexpr:
        return min(len(os.sched_getaffinity(0)), _PROCESSES_AT_MOST)
    return 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Run the tests of a directory server where there is one to run."""
    # It is where only root looks for programs.
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
    if item.get_closest_marker("ldap") is None or shutil.which("slapd", path=path):
        return
    why = "slapd is not here: apt install slapd"
    if item.config.getoption("--ldap-required"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return what the site's own grammar files say."""
    return read_catalog(Path(__file__).parent.parent / "grammar")
