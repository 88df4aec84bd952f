"""What the directory server is set to, with the password of our account there."""

from collections.abc import Mapping
from dataclasses import replace

from voice.ldap.settings import SECRET, LdapSettings
from voice.settings_file import Written


def read_ldap(environment: Mapping[str, str], written: Written) -> LdapSettings:
    """Put together what is set of the directory server."""
    password = environment.get(SECRET, "")
    return replace(LdapSettings(), **written.section("ldap"), password=password)
