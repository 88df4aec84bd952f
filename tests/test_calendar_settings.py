"""What a site says of its calendars: read, refused with a remedy, and never shown."""

from pathlib import Path

import pytest
from settings_samples import faults, written

from voice.calendars.settings import (
    CaldavAccount,
    CaldavSettings,
    CalendarSettings,
    Clearing,
    GoogleSettings,
    OutlookSettings,
)
from voice.config import listens, settings
from voice.settings_file import SettingError

PUSHED = '[calendars]\npush_address = "https://telefonist.example.org/calendars"\n'


def test_what_a_site_says_is_read(tmp_path: Path) -> None:
    text = (
        "[calendars]\nfree = false\ngoogle_seconds = 30\n"
        'clearing = "uncode"\nnotes = true\n'
        '[google]\nkey = "key.json"\n'
        '[outlook]\ntenant = "example.onmicrosoft.com"\nclient = "1-2-3"\n'
        '[caldav]\nuser = "telefonist@example.org"\n'
    )
    environment = {
        "TELEFONIST_OUTLOOK_SECRET": "hemligt-ett",
        "TELEFONIST_CALDAV_PASSWORD": "hemligt-två",
    }
    chosen = settings(environment, written(tmp_path, text))
    assert chosen.calendars == CalendarSettings(
        free=False, clearing=Clearing.UNCODE, notes=True, google_seconds=30.0
    )
    assert chosen.access.google == GoogleSettings(tmp_path / "key.json")
    assert chosen.access.outlook == OutlookSettings(
        "example.onmicrosoft.com", "1-2-3", secret="hemligt-ett"
    )
    assert chosen.access.caldav == CaldavSettings(
        "telefonist@example.org", password="hemligt-två"
    )
    assert "hemligt" not in repr(chosen)


@pytest.mark.parametrize(
    "address",
    [
        "http://telefonist.example.org",
        "telefonist.example.org",
        "https://",
        "https://anna:pw@example.org/",
        "https://example.org/?a=b",
        "https://[::1",
        "ftp://localhost/",
    ],
)
def test_an_address_that_would_not_do_is_refused(tmp_path: Path, address: str) -> None:
    (fault,) = faults(tmp_path, f'[calendars]\npush_address = "{address}"\n')
    assert "[calendars] push_address" in fault
    assert "write https" in fault


def test_calendars_call_over_https_alone(tmp_path: Path) -> None:
    text = '[calendars]\npush_address = "http://localhost:8000/"\n'
    (fault,) = faults(tmp_path, text)
    assert "over https alone" in fault


@pytest.mark.parametrize(
    "stand_in",
    [
        '[google]\naddress = "http://127.0.0.1:1/"\n',
        '[outlook]\ngraph = "https://localhost:1/"\n',
    ],
)
def test_who_stands_in_on_this_machine_calls_as_it_is_told(
    tmp_path: Path, stand_in: str
) -> None:
    address = "http://127.0.0.1:8000/"
    text = f'[calendars]\npush_address = "{address}"\n{stand_in}'
    chosen = settings({}, written(tmp_path, text))
    assert chosen.calendars.push_address == address


@pytest.mark.parametrize(("key", "lacks"), [("tenant", "client"), ("client", "tenant")])
def test_tenant_and_client_belong_together(
    tmp_path: Path, key: str, lacks: str
) -> None:
    (fault,) = faults(tmp_path, f'[outlook]\n{key} = "example"\n')
    assert f"[outlook] {lacks}: tenant and client belong together" in fault


@pytest.mark.parametrize(
    "text", ['[outlook]\nsecret = "a"\n', '[caldav]\npassword = "a"\n']
)
def test_secrets_are_read_from_the_environment_alone(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert "TELEFONIST_OUTLOOK_SECRET, TELEFONIST_CALDAV_PASSWORD" in fault


def test_calls_are_listened_for_only_where_there_is_an_address(tmp_path: Path) -> None:
    places = {place.at.key for place in listens(settings({}))}
    assert "push_listen" not in places
    called = settings({}, written(tmp_path, PUSHED))
    assert "push_listen" in {place.at.key for place in listens(called)}
    (fault,) = faults(tmp_path, PUSHED + 'push_listen = "127.0.0.1:9949"\n')
    assert "port 9949 is taken by [health] listen" in fault


def test_the_name_of_an_account_has_no_line_end(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, '[caldav]\nuser = "anna\\nbo"\n')
    assert "is no account" in fault


ANNA = (
    "[caldav.accounts.anna]\n"
    'address = "https://p42-caldav.icloud.com/123/"\nuser = "anna@example.org"\n'
)


def test_accounts_of_their_own_are_read_with_their_passwords(tmp_path: Path) -> None:
    environment = {
        "TELEFONIST_CALDAV_PASSWORD": "hemligt-ett",
        "TELEFONIST_CALDAV_PASSWORD_ANNA": "hemligt-två",
    }
    text = '[caldav]\nuser = "telefonist"\n' + ANNA + 'authorities = "a.pem"\n'
    caldav = settings(environment, written(tmp_path, text)).access.caldav
    assert caldav.usual == CaldavAccount("telefonist", password="hemligt-ett")
    (anna,) = caldav.accounts
    assert anna == CaldavAccount(
        "anna@example.org",
        tmp_path / "a.pem",
        "hemligt-två",
        "https://p42-caldav.icloud.com/123/",
        "anna",
    )
    assert "hemligt" not in repr(caldav)


def test_an_account_is_enough_without_one_for_all(tmp_path: Path) -> None:
    caldav = settings({}, written(tmp_path, ANNA)).access.caldav
    assert (caldav.user, len(caldav.accounts)) == ("", 1)


def test_a_password_of_no_account_is_refused(tmp_path: Path) -> None:
    environment = {"TELEFONIST_CALDAV_PASSWORD_BO": "hemligt"}
    with pytest.raises(SettingError, match="_BO is no setting: use .*_ANNA") as told:
        settings(environment, written(tmp_path, ANNA))
    assert "hemligt" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[caldav.accounts.bo]\nuser = "bo"\n', "1: [caldav.accounts.bo]: address m"),
        (
            '[caldav.accounts.bo]\naddress = "https://example.org"\n',
            "1: [caldav.accounts.bo]: user missing: write all keys, or none",
        ),
        ("[caldav.accounts.Bo]\n", "1: [caldav.accounts.Bo]: is no name for an acc"),
        ('[caldav]\naccounts = "bo"\n', "2: [caldav] accounts: are sections: write"),
        ("[caldav.accounts]\nbo = 1\n", "write it as [caldav.accounts.bo]"),
        (
            ANNA + 'password = "a"\n',
            "4: [caldav.accounts.anna] password: secrets are not written",
        ),
        (
            ANNA.replace("https", "http"),
            "2: [caldav.accounts.anna] address: 'http://p42",
        ),
        (
            ANNA + ANNA.replace(".anna", ".bo"),
            "5: [caldav.accounts.bo] address: [caldav.accounts.anna] has the same",
        ),
    ],
)
def test_an_account_that_would_not_do_is_refused(
    tmp_path: Path, text: str, what: str
) -> None:
    (fault,) = faults(tmp_path, text)
    assert what in fault
