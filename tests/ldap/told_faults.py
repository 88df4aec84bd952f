"""What is told of a directory server that cannot be read."""

import pytest

from voice.ldap.faults import LdapError
from voice.ldap.reading import read_people
from voice.ldap.settings import LdapSettings


async def fault(settings: LdapSettings) -> str:
    """Return what is told of a server, and not where that is."""
    with pytest.raises(LdapError) as refused:
        await read_people(settings)
    text = str(refused.value)
    begins, ends = (
        f"The directory server {settings.address} ",
        ". Nothing is changed in the directory.",
    )
    assert text.startswith(begins)
    assert text.endswith(ends)
    assert settings.password not in text or not settings.password
    return text.removeprefix(begins).removesuffix(ends)
