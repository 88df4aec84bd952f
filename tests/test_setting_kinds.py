"""What a setting cannot be, and what its owner is told to write instead."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from settings_samples import faults

from voice.setting_kinds import KindError
from voice.settings_sections import SECTIONS

WRONG = {
    '[store]\naddress = "mysql://db/t"': "this is not the address of a store: write",
    '[store]\naddress = "postgresql://[db/t"': "this is not the address of a store",
    '[waiting]\ncall = "300"': "[waiting] call: '300' does not fit: write seconds",
    "[waiting]\ncall = nan": "[waiting] call: nan does not fit: write seconds",
    "[waiting]\ncall = 0": "[waiting] call: 0 does not fit: write seconds",
    "[waiting]\ncall = true": "[waiting] call: true does not fit: write seconds",
    "[waiting]\ncall = 1e9": "[waiting] call: 1000000000.0 does not fit",
    "[service]\ncalls = 0": "calls: 0 does not fit: write a whole number from 1 to",
    "[service]\ncalls = 4.0": "calls: 4.0 does not fit: write a whole number",
    "[service]\ncalls = true": "calls: true does not fit: write a whole number",
    '[service]\nearcon = "no"': "earcon: 'no' is neither: write true or false",
    '[service]\nspoken = "4949"': "'4949' is no list of texts: write it as",
    '[service]\nspoken = ["48-49"]': "'48-49' cannot be dialled: write digits",
    '[service]\nspoken = ["1", "1"]': "1 stands twice: leave one out",
    '[service]\nkeyed = ["4949"]': "4949 is among the spoken too: choose",
    '[service]\nring_through = "9"': "'9' makes no number: write digits with",
    '[service]\nconfirm_codes_by = "x"': "'x' is none: use one of \"voice\", \"tone\"",
    "[sip]\nlisten = 5060": "listen: 5060 is no text: write ADDRESS:PORT in quotes",
    '[sip]\nlisten = "0.0.0.0"': "'0.0.0.0' cannot be listened at: write ADDRESS:PORT",
    '[sip]\nlisten = "pbx:5060"': "'pbx:5060' cannot be listened at",
    '[sip]\nlisten = "1.2.3.4:0"': "'1.2.3.4:0' cannot be listened at",
    '[sip]\nlisten = "1.2.3.4:65536"': "'1.2.3.4:65536' cannot be listened at",
    '[sip]\nlisten = "1.2.3.400:5060"': "'1.2.3.400:5060' cannot be listened at",
    '[sip]\nexchange = "10.0.0.256"': "'10.0.0.256' is no host: write HOST or",
    '[sip]\nexchange = "a b"': "'a b' is no host: write HOST or",
    '[sip]\ntrusted = ["10.0.0.1/24"]': 'begins inside its network: write "10.0.0.0/24',
    '[sip]\ntrusted = ["0.0.0.0/0"]': "'0.0.0.0/0' is everybody: name the exchange's",
    '[sip]\ntrusted = ["exchange"]': "'exchange' is neither: write an address or",
    '[sip]\ntransport = "tls"': "TLS needs a certificate: write certificate as well",
    "[sip]\nrtp_ports = [40000, 30000]": "are no ports: write the first and last port",
    "[sip]\nrtp_ports = [30000]": "[30000] are no ports: write the first and last",
    "[sip]\nrtp_ports = [30000, 30198]": "room for 39 of 40 calls",
    '[sip]\nlisten="1.1.1.1:30001"\nrtp_ports=[30000, 30200]': "port 30001, where",
    "[sip]\non = false": "no line is on: switch [sip] or [asterisk] on",
    'sip = "yes"': "sip: is a section: write it as [sip]",
    '[sip.registration]\nuser = "4949"': "registrar missing: write all keys",
    "[sip.registration]\nseconds = 60": "user and registrar missing: write all",
    '[asterisk]\ntransfers = "a b"': "'a b' is no context: write it as",
    '[numbering]\ncountry = ""': "'' is no country code: write it as",
    '[numbering]\ntrunk = "+"': "'+' is no prefix: write digits",
    '[health]\nlisten = "0.0.0.0:9949"': "0.0.0.0 is reached from other machines",
    "[recording]\ndays = -1": "-1 does not fit: write a whole number from 0",
    '[recording]\nfolder = ""': "'' is no text: write a path in quotes",
    '[recording]\nfolder = "~nobody-here/x"': "nobody's home is ~nobody-here/x",
    "waiting = 3": "waiting: is a section: write it as [waiting]",
    '[[waiting]]\ncall = 1.0': "waiting: is a section: write it as [waiting]",
    '["sip.registration"]\nuser = "a"': "is no section: use one of",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_value_is_told_with_the_remedy(tmp_path: Path, text: str):
    told = faults(tmp_path, text)
    assert any(WRONG[text] in line for line in told), told


scalars = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["127.0.0.1:5060", "[::1]:1", "10.0.0.0/8", "9{extension}"])
)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(), scalars)
keys = [(section, key) for section in SECTIONS for key in SECTIONS[section]]


@given(st.sampled_from(keys), values)
def test_any_value_is_of_its_kind_or_refused(at: tuple[str, str], value: object):
    section, key = at
    try:
        SECTIONS[section][key](value)
    except KindError as error:
        told = str(error)
    else:
        return
    assert len(told.splitlines()) == 1
