"""What a site says of its directory server: read, or refused with what is wanted."""

from pathlib import Path

import pytest
from settings_samples import faults, written

from voice.config import settings
from voice.ldap.settings import LdapSettings, Unencrypted
from voice.settings_file import SettingError

WITH_BASE = '[ldap]\naddress = "ldaps://dc1"\nbase = "DC=x"\n'


def chosen(folder: Path, more: str = "", **environment: str) -> LdapSettings:
    return settings(environment, written(folder, WITH_BASE + more)).ldap


def test_what_is_written_is_what_holds(tmp_path: Path):
    ldap = chosen(
        tmp_path,
        'user = "CN=läsare,DC=x"\nnumber = ["ipPhone"]\nlast_digits = 4\n'
        'search = []\nname = ["givenName sn"]\nauthorities = "ca.pem"\n'
        'unencrypted = "here"\nkept = ["900", "901"]\nsync_minutes = 60\n',
        TELEFONIST_LDAP_PASSWORD="hemligt",
    )
    assert ldap == LdapSettings(
        address="ldaps://dc1",
        base="DC=x",
        user="CN=läsare,DC=x",
        password="hemligt",
        number=("ipPhone",),
        last_digits=4,
        name=("givenName sn",),
        authorities=tmp_path / "ca.pem",
        unencrypted=Unencrypted.HERE,
        kept=("900", "901"),
        sync_minutes=60,
    )
    assert "hemligt" not in repr(ldap)
    assert ldap.attributes[:4] == ("ipPhone", "givenName", "sn", "department")


@pytest.mark.parametrize(
    ("address", "place", "is_tls"),
    [
        ("ldaps://dc1", ("dc1", 636), True),
        ("ldap://dc1", ("dc1", 389), False),
        ("ldap://10.0.0.1:3389/", ("10.0.0.1", 3389), False),
        ("LDAPS://DC1.Example.org:1636", ("dc1.example.org", 1636), True),
        ("ldap://[::1]", ("::1", 389), False),
    ],
)
def test_an_address_is_a_host_and_a_port(tmp_path: Path, address, place, is_tls):
    text = f'[ldap]\naddress = "{address}"\nbase = "DC=x"\n'
    ldap = settings({}, written(tmp_path, text)).ldap
    assert (ldap.place, ldap.is_tls) == (place, is_tls)


@pytest.mark.parametrize(
    ("address", "unencrypted", "is_start_tls"),
    [
        ("ldap://dc1", "never", True),
        ("ldap://dc1", "here", True),
        ("ldap://dc1", "anywhere", False),
        ("ldap://127.0.0.1", "never", True),
        ("ldap://127.0.0.1", "here", False),
        ("ldap://localhost", "here", False),
        ("ldap://[::1]:389", "here", False),
        # Another's name, however it begins.
        ("ldap://localhost.example.org", "here", True),
        ("ldaps://dc1", "anywhere", False),
    ],
)
def test_all_is_encrypted_unless_the_site_says_otherwise(
    address: str, unencrypted: str, is_start_tls: bool
):
    ldap = LdapSettings(address=address, unencrypted=Unencrypted(unencrypted))
    assert ldap.is_start_tls is is_start_tls
    assert ldap.is_tls is address.startswith("ldaps")


SERVER = 'this is no directory server: write "ldaps://HOST", or "ldap://HOST:PORT"'
NAME = (
    'this is no name in a directory server: write it as "OU=Personal,DC=example,DC=org"'
)
ATTRIBUTES = 'these are no attributes: write them as ["displayName", "givenName sn"]'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        *(
            (f"address = {value}", SERVER)
            for value in (
                '"dc1"',
                '"https://dc1"',
                '"ldap://"',
                '"ldap://dc1:0"',
                '"ldap://dc1:65536"',
                '"ldap://dc1/dc=x"',
                '"ldap://me:hemligt@dc1"',
                '"ldap://[::1"',
                "7",
                "[]",
            )
        ),
        *(
            (f"{key} = {value}", NAME)
            for key in ("user", "group")
            for value in ('""', '" CN=x"', '"CN=\\u0000"', '"CN=\\n"', "3")
        ),
        (f'group = "{"x" * 501}"', NAME),
        *(
            (f"{key} = {value}", ATTRIBUTES)
            for key, value in (
                ("number", "[]"),
                ("name", "[]"),
                ("name", '"cn"'),
                ("unit", '["ou", 3]'),
                ("unit", '["o u  x"]'),
                ("mail", '["*"]'),
                ("mobiles", '["mobile)(cn=*"]'),
                ("search", '["é"]'),
                ("search", str(["a"] * 11)),
            )
        ),
        ("last_digits = 16", "write a whole number from 0 to 15"),
        ("page = 0", "write a whole number from 1 to 10000"),
        ("seconds = 0", "write seconds above 0"),
        ("sync_minutes = -1", "write a whole number from 0 to 10080"),
        ('kept = ["x"]', "cannot be dialled"),
        ('unencrypted = "yes"', 'use one of "never", "here", "anywhere"'),
        ('filter = "(cn="', "this is no filter (RFC 4515)"),
        ('password = "x"', "TELEFONIST_LDAP_PASSWORD"),
        ("tls = true", "is no key of the section: use one of address, unencrypted"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_wanted(tmp_path: Path, line, told):
    base = "" if line.startswith("base") else 'base = "DC=x"\n'
    address = "" if line.startswith("address") else 'address = "ldap://dc1"\n'
    found = faults(tmp_path, f"[ldap]\n{base}{address}{line}\n")
    text = next(each for each in found if line.split()[0] in each)
    assert text.startswith(f"{1 + bool(base) + bool(address) + 1}: [ldap] ")
    assert told in text
    assert "hemligt" not in text


def test_what_is_half_said_is_told(tmp_path: Path):
    both = "address and base belong together: write both, or none"
    assert faults(tmp_path, '[ldap]\naddress = "ldap://x"\n') == [
        f"1: [ldap] base: {both}"
    ]
    assert faults(tmp_path, '[ldap]\nbase = "DC=x"\n') == [f"1: [ldap] address: {both}"]
    assert faults(tmp_path, "[ldap]\nsync_minutes = 5\n") == [
        "2: [ldap] sync_minutes: there is nowhere to look: write address and base as "
        "well"
    ]


def test_a_slip_in_the_name_of_the_password_is_told(tmp_path: Path):
    with pytest.raises(SettingError, match="TELEFONIST_LDAP_PASSWORD"):
        chosen(tmp_path, TELEFONIST_LDAP_SECRET="x")
