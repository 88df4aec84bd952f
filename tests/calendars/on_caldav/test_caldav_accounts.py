"""Each CalDAV calendar is opened by the account for it, which is shown nowhere else."""

from dataclasses import replace

import pytest
from caldav_samples import ACCOUNT, caldav_at
from calendar_samples import DAY
from hypothesis import given
from hypothesis import strategies as st

from voice.calendars.caldav_accounts import account_for, is_below, is_same
from voice.calendars.ground import moved
from voice.calendars.port import AccessDeniedError
from voice.calendars.settings import CaldavAccount, CaldavSettings

CLOUD = "https://cloud.example.se/remote.php/dav/calendars/"
ICLOUD = "https://p42-caldav.icloud.com/123/"
SETTINGS = CaldavSettings(
    "telefonist",
    accounts=tuple(
        CaldavAccount(name, address=address, name=name)
        for name, address in {
            "cloud": "https://cloud.example.se/",
            "anna": CLOUD + "anna",
            "bo": ICLOUD,
        }.items()
    ),
)


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


@pytest.mark.parametrize(
    ("address", "user"),
    [
        (CLOUD + "anna/personal/", "anna"),
        (CLOUD + "anna", "anna"),
        (CLOUD + "%61nna/personal/", "anna"),
        (CLOUD + "annabel/personal/", "cloud"),
        (CLOUD + "bo/personal/", "cloud"),
        (CLOUD + "anna%2Fpersonal/", "cloud"),
        ("https://CLOUD.example.se:443/dav/", "cloud"),
        ("https://cloud.example.se", "cloud"),
        (ICLOUD + "calendars/home/", "bo"),
        ("https://p42-caldav.icloud.com/1234/calendars/home/", "telefonist"),
        ("https://p43-caldav.icloud.com/123/calendars/home/", "telefonist"),
        ("https://cloud.example.se.example.org/dav/", "telefonist"),
        ("https://cloud.example.se@example.org/dav/", "telefonist"),
        ("https://cloud.example.se:8443/dav/", "telefonist"),
        ("http://cloud.example.se/dav/", "telefonist"),
        ("https://example.se/", "telefonist"),
        ("https://[::1", "telefonist"),
    ],
)
def test_the_longest_address_above_a_calendar_decides(address, user):
    assert account_for(SETTINGS, address).user == user


@pytest.mark.parametrize(
    "back", ["../bo/", "%2e%2e/bo/", "x/..%2f../bo/", "..\\bo/", "%2E./bo/", ".."]
)
def test_nobody_steps_back_out_of_an_address(back):
    assert not is_below(f"{CLOUD}anna/{back}", CLOUD + "anna/")


NAMES = st.text("ab/%.", max_size=8)


@given(NAMES, NAMES)
def test_what_is_below_is_the_same_or_further_down(one, other):
    if is_below(CLOUD + one, CLOUD + other) and not is_same(CLOUD + one, CLOUD + other):
        assert not is_below(CLOUD + other, CLOUD + one)


async def test_a_password_is_sent_to_no_address_outside_its_own(
    door, caldav_door, ground
):
    elsewhere = caldav_door.replace("anna", "bo")
    async with caldav_at(elsewhere, address=caldav_door) as there:
        for work in (
            there.read(ground.window, None),
            there.put(ground.block()),
            there.drop("key"),
        ):
            with pytest.raises(AccessDeniedError, match=r"not below .* \[caldav"):
                await work
    assert door.asked == []


async def test_a_server_cannot_lead_a_password_out_of_its_address(
    door, caldav_door, ground
):
    block = ground.block()
    async with caldav_at(caldav_door, address=caldav_door) as there:
        await there.put(block)
        door.bend = lambda asked, ask: ask().replacing("<href>/anna/", "<href>/bo/")
        with pytest.raises(AccessDeniedError, match="points to what is not below"):
            await there.put(moved(block, DAY))
    assert all("/bo/" not in asked.path for asked in door.asked)


async def test_what_is_wrong_with_an_account_names_it(door, caldav_door, ground):
    account = {"name": "anna", "address": door.address, "password": "fel"}
    async with caldav_at(caldav_door, **account) as there:
        with pytest.raises(AccessDeniedError) as raised:
            await there.read(ground.window, None)
    assert "see user in [caldav.accounts.anna]" in str(raised.value)
    assert "TELEFONIST_CALDAV_PASSWORD_ANNA" in str(raised.value)


def test_passwords_of_accounts_are_not_shown():
    shown = repr(CaldavSettings(accounts=(replace(ACCOUNT, name="anna"),)))
    assert ACCOUNT.password not in shown
