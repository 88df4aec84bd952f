"""What the web is set to, with the secret that its identity provider knows us by."""

from collections.abc import Mapping
from dataclasses import replace

from voice.settings_file import Written
from voice.web.oidc.settings import SECRET, OidcRoles, OidcSettings
from voice.web.settings import WebSettings


def read_web(environment: Mapping[str, str], written: Written) -> WebSettings:
    """Put together what is set of the web."""
    oidc = replace(
        OidcSettings(),
        **written.section("web.oidc"),
        secret=environment.get(SECRET, ""),
        roles=replace(OidcRoles(), **written.section("web.oidc.roles")),
    )
    return replace(WebSettings(), **written.section("web"), oidc=oidc)
