"""The settings of the web: safe as they are, and every slip told by its line."""

from pathlib import Path

import pytest
from settings_samples import faults, written

from voice.config import listens, settings
from voice.web.oidc.settings import OidcRoles
from voice.web.settings import WebSettings

SITE = "https://telefonist.example.org"


def test_there_is_no_web_unless_the_site_says_where(tmp_path: Path):
    chosen = settings({}, written(tmp_path, ""))
    assert chosen.web == WebSettings()
    assert not any(place.at.section == "web" for place in listens(chosen))


def test_a_web_on_this_machine_alone_needs_no_more_than_a_place(tmp_path: Path):
    text = '[web]\nlisten = "127.0.0.1:9951"\n'
    chosen = settings({}, written(tmp_path, text)).web
    assert (chosen.base, chosen.is_safe) == ("http://127.0.0.1:9951", False)


def test_a_web_behind_a_web_server_of_the_sites(tmp_path: Path):
    text = (
        f'[web]\nlisten = "10.0.0.5:9951"\naddress = "{SITE}:8443/"\n'
        'proxies = ["10.0.0.4"]\nidle_minutes = 10\nlongest_hours = 4\n'
        'requests_a_second = 20\nhooks_inside = ["10.20.0.0/16"]\n'
    )
    chosen = settings({}, written(tmp_path, text)).web
    assert (chosen.base, chosen.is_safe) == (f"{SITE}:8443", True)
    assert chosen.proxies == ("10.0.0.4",)
    assert (chosen.idle_minutes, chosen.longest_hours) == (10, 4)
    assert chosen.requests_a_second == 20
    assert chosen.hooks_inside == ("10.20.0.0/16",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('listen = "9951"', "2: [web] listen: '9951' cannot be listened at"),
        ('listen = "0.0.0.0:9951"', "2: [web] listen: 0.0.0.0 is reached from"),
        ('listen = "[::]:9951"', "2: [web] listen: :: is reached from"),
        (
            'listen = "10.0.0.5:9951"\naddress = "http://localhost:9951"',
            "2: [web] listen: 10.0.0.5 is reached from other machines",
        ),
        ('address = "http://web.example.org"', "2: [web] address: 'http://web"),
        (f'address = "{SITE}/telefonist"', "2: [web] address: the web is the whole"),
        (f'address = "{SITE}"\nproxies = []', "2: [web] address: https needs"),
        ('proxies = ["0.0.0.0/0"]', "2: [web] proxies: '0.0.0.0/0' is everybody"),
        ('hooks_inside = ["0.0.0.0/0"]', "2: [web] hooks_inside: '0.0.0.0/0' is every"),
        ("idle_minutes = 0", "2: [web] idle_minutes: 0 does not fit"),
        ("longest_hours = 1000", "2: [web] longest_hours: 1000 does not fit"),
        ("requests_a_second = 0", "2: [web] requests_a_second: 0 does not fit"),
        ('secret = "x"', "2: [web] secret: secrets are not written in this file"),
        ("login = true", "2: [web] login: is no key of the section"),
    ],
)
def test_a_slip_is_told_by_its_line(tmp_path: Path, text: str, says: str):
    (told,) = faults(tmp_path, f"[web]\n{text}\n")
    assert told.startswith(says)


def test_a_port_that_the_service_has_is_told(tmp_path: Path):
    (told,) = faults(tmp_path, '[web]\nlisten = "127.0.0.1:9949"\n')
    assert told.startswith("2: [web] listen: port 9949 is taken by [health] listen")


def test_an_identity_provider_and_whom_it_lets_do_what(tmp_path: Path):
    text = (
        '[web.oidc]\nissuer = "https://id.example.org/realms/kommun"\n'
        'client = "telefonist"\nauthorities = "ca.pem"\n'
        '[web.oidc.roles]\noperator = ["telefonister"]\n'
    )
    environment = {"TELEFONIST_OIDC_SECRET": "mycket hemligt"}
    chosen = settings(environment, written(tmp_path, text)).web.oidc
    assert chosen.issuer == "https://id.example.org/realms/kommun"
    assert (chosen.client, chosen.secret) == ("telefonist", "mycket hemligt")
    assert chosen.authorities == tmp_path / "ca.pem"
    assert chosen.roles == OidcRoles(operator=("telefonister",))
    assert "hemligt" not in repr(chosen)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('issuer = "http://id.example.org"', "2: [web.oidc] issuer: 'http://id"),
        ('issuer = "https://id.example.org"', "1: [web.oidc] client: issuer and"),
        ('client = "telefonist"', "1: [web.oidc] issuer: issuer and client belong"),
        (
            'issuer = "https://accounts.google.com"\nclient = "a"',
            "1: [web.oidc] domain: at Google everybody has an account",
        ),
        ('secret = "x"', "2: [web.oidc] secret: secrets are not written in this"),
        ('claim = "x"', "2: [web.oidc] claim: is no key of the section"),
        ('groups = ""', "2: [web.oidc] groups: '' is no text"),
        ("[web.oidc.roles]\noperator = 7", "3: [web.oidc.roles] operator: 7 is no"),
        ('[web.oidc.roles]\nperson = [""]', "3: [web.oidc.roles] person: a group"),
        ('[web.oidc.roles]\nboss = ["a"]', "3: [web.oidc.roles] boss: is no key"),
    ],
)
def test_a_slip_about_a_provider_is_told_by_its_line(
    tmp_path: Path, text: str, says: str
):
    (told,) = faults(tmp_path, f"[web.oidc]\n{text}\n")
    assert told.startswith(says)


@pytest.mark.parametrize("text", ["oidc = 7", "oidc = []", "oidc = {roles = 7}"])
def test_a_provider_is_a_section(tmp_path: Path, text: str):
    (told,) = faults(tmp_path, f"[web]\n{text}\n")
    assert "is a section: write it as [web.oidc" in told
