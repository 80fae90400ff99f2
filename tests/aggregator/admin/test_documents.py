"""Upstream documents and quarantine in the admin."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from aggregator.models import Event, Rejection, SourceDocument
from aggregator.vocabulary import RunState
from tests import factories
from tests.toy import Toy, item

pytestmark = pytest.mark.django_db(transaction=True)


def refused(settings: Any) -> Rejection:
    """A document that could not be mapped by yesterday's mapping."""
    toy = Toy([item(1, broken=True), item(2)])
    assert toy.ingest(settings).state == RunState.HEALTHY
    return Rejection.objects.get()


def mend(settings: Any) -> None:
    """Have a mapping that can read what was broken."""
    from tests.toy import map_item

    def kinder(document: Any, config: Any) -> Any:
        from dataclasses import replace

        return map_item(replace(document, body=document.body.replace(b'"broken": true', b'"b": 1')), config)

    settings.PROVIDERS = {"toy": Toy(mapper=kinder).configured()}


def test_a_document_is_shown_unpacked_and_escaped(operator: Client) -> None:
    factories.make_document(factories.make_event(), {"title": "<script>alert(1)</script> Å"})
    document = SourceDocument.objects.get()
    html = operator.get(f"/admin/aggregator/sourcedocument/{document.pk}/change/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Å" in html
    assert "<script>alert" not in html
    assert operator.get("/admin/aggregator/sourcedocument/?q=k").status_code == 200
    assert operator.post(f"/admin/aggregator/sourcedocument/{document.pk}/delete/").status_code == 403


def test_the_page_of_every_listing_leads_to_its_documents(operator: Client, settings: Any) -> None:
    Toy([item(1)]).ingest(settings)
    for kind in ("event", "showing", "venue", "organisation"):
        row = apps.get_model("aggregator", kind).objects.get()
        page = operator.get(f"/admin/aggregator/{kind}/{row.pk}/change/").content.decode()
        path = re.findall(r'href="(/api/v1/[^"]*/source/)"', page)
        assert len(path) == 1
        assert len(operator.get(path[0]).json()["documents"]) == 1


def test_one_click_in_the_list_tries_a_document_again(operator: Client, settings: Any) -> None:
    row = refused(settings)
    listed = operator.get("/admin/aggregator/rejection/").content.decode()
    address = f"/admin/aggregator/rejection/{row.pk}/retry/"
    assert f'formaction="{address}"' in listed
    for words in ("wrong_type", "title", "First seen at", "Last seen at", "Attempts"):
        assert words in listed, words
    told = operator.post(address, follow=True).content.decode()
    assert "0 of 1 documents went through" in told
    assert Rejection.objects.get().attempts == 2
    mend(settings)
    assert "1 of 1 documents went through" in operator.post(address, follow=True).content.decode()
    assert (Rejection.objects.count(), Event.objects.count()) == (0, 2)
    assert operator.post(address).status_code == 404


def test_the_page_of_a_rejection_has_the_button_too(operator: Client, settings: Any) -> None:
    row = refused(settings)
    html = operator.get(f"/admin/aggregator/rejection/{row.pk}/change/").content.decode()
    assert f'action="/admin/aggregator/rejection/{row.pk}/retry/"' in html
    assert "Kväll" not in html


def test_a_rejection_that_cannot_be_mapped_again_stays(operator: Client) -> None:
    row = factories.make_rejection("nobody")
    choice = {"action": "replay", "_selected_action": [row.pk]}
    told = operator.post("/admin/aggregator/rejection/", choice, follow=True).content.decode()
    assert "0 of 0 documents went through. The others have no readable id" in told
    assert Rejection.objects.count() == 1


def test_whoever_may_only_look_has_no_button_and_may_not_press_it(onlooker: Callable[..., Client]) -> None:
    row = factories.make_rejection()
    client = onlooker("rejection")
    for path in ("", f"{row.pk}/change/"):
        html = client.get(f"/admin/aggregator/rejection/{path}").content.decode()
        assert row.key in html
        assert "/retry/" not in html
    assert client.post(f"/admin/aggregator/rejection/{row.pk}/retry/").status_code == 403


def test_a_retry_is_posted_by_somebody_signed_in_with_a_token(operator: Client, client: Client) -> None:
    row = factories.make_rejection()
    address = f"/admin/aggregator/rejection/{row.pk}/retry/"
    assert operator.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(address).status_code == 403
    assert Client().post(address).status_code == 302
    assert Rejection.objects.get().attempts == 1
