"""The demo's outbox: only in the demo, only on this machine."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from aggregator.accounts import outbox


def _send(folder: Path, *subjects: str) -> None:
    for subject in subjects:
        backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))
        EmailMessage(
            subject, "Koden är <b>ABC</b>\nhttp://localhost/x", to=["vera@example.org"], connection=backend
        ).send()


def test_letters_are_read_back_the_newest_first(tmp_path: Path) -> None:
    _send(tmp_path, "Första", "Andra")
    assert [letter.subject for letter in outbox.letters(tmp_path)] == ["Andra", "Första"]
    assert outbox.letters(tmp_path)[0].text.startswith("Koden är <b>ABC</b>")
    assert outbox.letters(tmp_path / "none") == []


@pytest.mark.django_db
def test_the_page_shows_mail_escaped_in_the_demo_alone(client: Client, settings: Any, tmp_path: Path) -> None:
    _send(tmp_path, "Hej")
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert client.get("/accounts/outbox/").status_code == 404
    settings.DEMO = True
    page = client.get("/accounts/outbox/").content.decode()
    assert "&lt;b&gt;ABC" in page
    assert client.get("/accounts/outbox/", REMOTE_ADDR="192.0.2.1").status_code == 404
