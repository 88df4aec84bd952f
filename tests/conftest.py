"""What every room's tests share: the site's grammar, and time for property tests."""

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
    """Let those who must have the telephones, or the browser, say so."""
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


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return what the site's own grammar files say."""
    return read_catalog(Path(__file__).parent.parent / "grammar")
