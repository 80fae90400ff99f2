"""The demo's person: an account to try things with, in a database that only loopback reaches."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model

EMAIL = "demo@example.org"
PASSWORD = "demo-festival"  # noqa: S105  opens nothing but invented data on this machine


def make_person() -> str:
    """Make the account unless it is there; how to sign in, in a line. Raises ``RuntimeError`` outside the demo."""
    if not settings.DEMO:
        raise RuntimeError("there is a demo account in the demo alone")
    user, new = get_user_model().objects.get_or_create(username="demo", defaults={"email": EMAIL})
    if new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return f"sign in as {EMAIL} with the password {PASSWORD}"
