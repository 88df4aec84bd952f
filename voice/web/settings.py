"""What a site sets of its web."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from voice.web.oidc.settings import OidcSettings

LISTEN = "127.0.0.1:9951"
"""Where the web is when it is started by hand and nothing is set."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the web is, whom it believes, and for how long one is logged in."""

    listen: str = ""
    """Where this program listens; with nothing here, `serve` opens no web."""
    address: str = ""
    """What people write to reach it; with nothing here, where it listens."""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """The web servers in front, whose word for who asks is taken."""
    idle_minutes: int = 30
    """Who asks for nothing is logged out after this."""
    longest_hours: int = 10
    """Everybody is logged out after this."""
    operators_see_all: bool = False
    """Whether operators see which reason it is where others hear its outer wording."""
    requests_a_second: int = 50
    """One address may ask this often in the long run, and ten times at once."""
    hooks_inside: tuple[str, ...] = ()
    """The networks of this site's own in which hooks may be called."""

    oidc: OidcSettings = OidcSettings()
    """Which identity provider lets people in beside passwords, if any."""

    @property
    def base(self) -> str:
        """The scheme, host and port that pages are reached at."""
        split = urlsplit(self.address or f"http://{self.listen or LISTEN}")
        return f"{split.scheme}://{split.netloc}".lower()

    @property
    def is_safe(self) -> bool:
        """Whether people reach it over https."""
        return self.base.startswith("https:")
