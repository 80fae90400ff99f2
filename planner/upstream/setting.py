"""Where the festival is and how it may be spoken to, from the provider's settings."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from aggregator.http import HttpClient, Limits

SLUG = "sff"
#: Paths below the festival's own site (contract, section 10), by the page's language.
AUTHORIZE = {"sv": "oauth/authorize/", "en": "en/oauth/authorize/"}
TOKEN = "oauth/token/"  # noqa: S105  (a path)
LIMITS = Limits(connect=5, read=10, total=25.0, max_bytes=8 * 1024 * 1024, attempts=1)


@dataclass(frozen=True)
class Setting:
    """The festival's addresses and our credentials there.

    *base_url* is where calls go that carry a user's token or card number: over HTTPS, unless plain HTTP was allowed.
    *plaintext* says that tokens travel unencrypted.
    """

    base_url: str
    site_url: str
    api_key: str = field(repr=False)
    api_password: str = field(repr=False)
    plaintext: bool
    format: str = "json"

    def authorize_url(self, language: str) -> str:
        """The festival's page where a person approves, in Swedish or English."""
        return urljoin(self.site_url, AUTHORIZE["sv" if language == "sv" else "en"])

    @property
    def token_url(self) -> str:
        """Where codes and refresh tokens become token pairs."""
        return urljoin(self.site_url, TOKEN)

    def client(self, limits: Limits = LIMITS) -> HttpClient:
        """A client for these addresses and no other private ones."""
        return HttpClient(allowed_origins=(self.base_url, self.site_url), limits=limits)


def configured() -> Setting | None:
    """The setting under which accounts can be linked; None without a key and password."""
    entry = settings.PROVIDERS.get(SLUG)
    config: Any = entry.config if entry else None
    if config is None or not config.api_password.get_secret_value():
        return None
    allowed = bool(config.allow_plaintext_tokens)
    return Setting(
        base_url=config.base_url if allowed else _secure(config.base_url),
        site_url=config.site_url if allowed else _secure(config.site_url),
        api_key=config.api_key.get_secret_value(),
        api_password=config.api_password.get_secret_value(),
        plaintext=allowed and any(url.startswith("http://") for url in (config.base_url, config.site_url)),
    )


def _secure(url: str) -> str:
    return f"https://{url.removeprefix('http://')}" if url.startswith("http://") else url
