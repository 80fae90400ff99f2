"""What allauth asks of a site: whose address a request comes from, how mail looks, how secrets rest."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from aggregator.clients import address_of


@dataclass(frozen=True, slots=True)
class _Site:
    """What templates of mails ask of a site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our subject line, and the address that limits are counted by."""

    def format_email_subject(self, subject: str) -> str:
        """``[Marquee] …`` in one line, whatever the site is called in a database."""
        return "[Marquee] " + " ".join(str(subject).split())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The mail in the name of Marquee, not of a host."""
        host = settings.SITE_URL.partition("://")[2].rstrip("/")
        super().send_mail(template_prefix, email, {**context, "current_site": _Site("Marquee", host)})

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address; a header is believed only from a trusted proxy."""
        return address_of(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes rest encrypted under ``TOKEN_KEYS``."""

    def encrypt(self, text: str) -> str:
        """*text* under the first key."""
        return _keys().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The plain text; any of the keys will do."""
        return _keys().decrypt(encrypted_text.encode("ascii")).decode()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as SVG that stands in the page: an image in a ``data:`` address is not allowed there."""
        return mark_safe(str(super().build_totp_svg(url)))  # noqa: S308  drawn by a library, of paths alone

    def _get_site_name(self) -> str:
        return "Marquee"


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])
