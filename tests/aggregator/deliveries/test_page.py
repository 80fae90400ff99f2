"""The pages of somebody's webhooks."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from aggregator.accounts import personal
from aggregator.api import keys
from aggregator.deliveries import endpoints, sending
from aggregator.models import ApiKey, Delivery, Endpoint
from aggregator.vocabulary import DeliveryState, EndpointState
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "/accounts/webhooks/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
URL = "https://hooks.example.org/take"


@pytest.fixture
def signed_in(client: Client, owner: Any) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def hook(owner: Any) -> Endpoint:
    return endpoints.register(owner, URL, {}, timezone.now()).endpoint


def post(client: Client, path: str, status: int = 302, **values: Any) -> str:
    answer = client.post(path, values)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def page_of(hook: Endpoint) -> str:
    return f"{INDEX}{hook.pk}/"


def test_a_webhook_is_made_with_filters_and_its_secret_shown_once(signed_in: Client) -> None:
    page = post(
        signed_in, INDEX, 200, url=URL, kinds=["events", "films"], actions=["created"], providers=["sff"]
    )
    assert len(set(SECRET.findall(page))) == 1
    made = Endpoint.objects.get()
    assert (made.url, made.kinds, made.actions, made.providers) == (
        URL,
        ["events", "films"],
        ["created"],
        ["sff"],
    )
    assert not SECRET.findall(signed_in.get(page_of(made)).content.decode())
    assert URL in signed_in.get(INDEX).content.decode()


def test_webhooks_are_for_key_holders(signed_in: Client, owner: Any) -> None:
    keys.revoke(ApiKey.objects.get(), timezone.now())
    assert "Make a key first" in signed_in.get(INDEX).content.decode()
    post(signed_in, INDEX, 200, url=URL)
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"url": "http://hooks.example.org/"}, {"url": "https://10.0.0.1/"}, {"url": URL, "kinds": ["cats"]}, {}],
)
def test_what_cannot_be_made_is_said(signed_in: Client, values: dict[str, Any]) -> None:
    assert "form-error" in post(signed_in, INDEX, 400, **values)
    assert not Endpoint.objects.exists()


def test_there_are_so_many_webhooks_and_no_more(signed_in: Client, owner: Any) -> None:
    for _ in range(endpoints.MOST_ENDPOINTS):
        endpoints.register(owner, URL, {}, timezone.now())
    assert "as many webhooks" in post(signed_in, INDEX, 400, url=URL)


def test_an_owner_changes_pauses_resumes_and_removes(signed_in: Client, hook: Endpoint) -> None:
    page = page_of(hook)
    post(signed_in, page, do="change", url=f"{URL}/2", kinds=["venues"])
    hook.refresh_from_db()
    assert (hook.url, hook.kinds) == (f"{URL}/2", ["venues"])
    assert "form-error" in post(signed_in, page, 400, do="change", url="https://127.0.0.1/")
    post(signed_in, page, do="pause")
    assert Endpoint.objects.get().state == EndpointState.PAUSED
    post(signed_in, page, do="resume", skip="1")
    assert Endpoint.objects.get().state == EndpointState.ACTIVE
    assert len(set(SECRET.findall(post(signed_in, page, 200, do="rotate")))) == 1
    post(signed_in, page, 400, do="dance")
    post(signed_in, page, do="remove")
    assert not Endpoint.objects.exists()


def test_the_log_says_what_became_of_a_test_and_sends_it_again(
    signed_in: Client, owner: Any, there: Receiver
) -> None:
    hook = endpoints.register(owner, there.url, {}, timezone.now()).endpoint
    there.answer(404)
    post(signed_in, page_of(hook), do="test")
    sending.work(hook.pk, budget=10)
    page = signed_in.get(page_of(hook)).content.decode()
    assert "HTTP 404" in page
    assert "There is nothing at this address." in page
    there.answer(204)
    post(signed_in, page_of(hook), do="again", delivery=Delivery.objects.get().pk)
    sending.work(hook.pk, budget=10)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert "Arrived" in signed_in.get(page_of(hook)).content.decode()


def test_all_that_failed_is_sent_again_at_once(signed_in: Client, hook: Endpoint) -> None:
    for _ in range(3):
        endpoints.send_test(hook, timezone.now())
    Delivery.objects.all()[:1].get()
    Delivery.objects.filter(pk__gt=Delivery.objects.earliest("pk").pk).update(state=DeliveryState.FAILED)
    assert "Show the failed ones" in signed_in.get(page_of(hook)).content.decode()
    assert signed_in.get(page_of(hook) + "?failed").content.decode().count("log-failed") == 2
    post(signed_in, page_of(hook), do="again")
    assert not Delivery.objects.filter(state=DeliveryState.FAILED).exists()


def test_the_log_has_pages_and_costs_the_same_for_one_entry_as_for_many(
    signed_in: Client, hook: Endpoint, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 60):
        while Delivery.objects.count() < number:
            endpoints.send_test(hook, timezone.now())
        with django_assert_max_num_queries(8):
            page = signed_in.get(page_of(hook)).content.decode()
    assert page.count("log-waiting") == 50
    [older] = re.findall(r"before=(\d+)", page)
    assert signed_in.get(f"{page_of(hook)}?before={older}").content.decode().count("log-waiting") == 10
    assert signed_in.get(f"{page_of(hook)}?before=x").status_code == 200


def test_nobody_sees_the_webhooks_of_others(signed_in: Client, hook: Endpoint) -> None:
    from django.contrib.auth import get_user_model

    Endpoint.objects.update(owner=get_user_model().objects.create(username="bo"))
    assert signed_in.get(page_of(hook)).status_code == 404
    post(signed_in, page_of(hook), 404, do="remove")
    assert URL not in signed_in.get(INDEX).content.decode()


def test_who_is_not_signed_in_signs_in_first(client: Client, hook: Endpoint) -> None:
    for path in (INDEX, page_of(hook)):
        assert client.get(path).status_code == 302


def test_what_is_kept_can_be_taken_along(hook: Endpoint, owner: Any) -> None:
    [told] = personal.export(owner)["webhooks"]
    assert told["url"] == URL
    assert "secret" not in str(told)
