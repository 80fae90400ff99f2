"""Linking and letting go, the ways in which they fail, and that tokens travel encrypted."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from aggregator.http import HttpClient
from planner import linking, personal, plan, sync, tickets
from planner.linking import LinkFailed
from planner.models import Card, Entry, Link, OutboxRow, Question
from planner.tokens import NoToken
from planner.upstream.setting import Setting, configured
from planner.vocabulary import Side, TicketMark
from providers import registry
from tests.planner.festival import FakeFestival, here
from tests.planner.people import make_person

pytestmark = pytest.mark.django_db


def _begin(festival: FakeFestival, session: dict[str, Any], person: Any, language: str = "en") -> str:
    return linking.begin(session, festival.setting, person.pk, language, festival.now())


def _complete(festival: FakeFestival, session: dict[str, Any], person: Any, answer: dict[str, str]) -> Link:
    return linking.complete(session, festival.setting, festival.http, person.pk, answer, festival.now())


@pytest.mark.parametrize(
    ("language", "path"),
    [("sv", "/oauth/authorize/"), ("en", "/en/oauth/authorize/"), ("fr", "/en/oauth/authorize/")],
)
def test_the_authorize_page_is_in_the_persons_language(
    festival: FakeFestival, person: Any, language: str, path: str
) -> None:
    parts = urlsplit(_begin(festival, {}, person, language))
    assert parts.path == f"/sff-site{path}"
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"].endswith("/planner/link/return/")
    assert asked["client_id"] == festival.setting.api_key
    assert festival.setting.api_password not in parts.query


def test_a_state_is_good_once(festival: FakeFestival, person: Any) -> None:
    session: dict[str, Any] = {}
    answer = festival.elsewhere("guest").approve(_begin(festival, session, person))
    _complete(festival, session, person, answer)
    with pytest.raises(LinkFailed) as refused:
        _complete(festival, session, person, answer)
    assert refused.value.reason == "state"


def test_a_state_belongs_to_who_asked(festival: FakeFestival, person: Any) -> None:
    session: dict[str, Any] = {}
    answer = festival.elsewhere("guest").approve(_begin(festival, session, person))
    with pytest.raises(LinkFailed):
        _complete(festival, session, make_person("bob"), answer)
    with pytest.raises(LinkFailed):
        _complete(festival, {}, person, answer)
    assert not Link.objects.exists()


def test_a_state_grows_old_and_few_may_wait(festival: FakeFestival, person: Any) -> None:
    session: dict[str, Any] = {}
    addresses = [_begin(festival, session, person) for _ in range(8)]
    assert len(session[linking.STATES]) == linking.MOST_STATES
    answer = festival.elsewhere("guest").approve(addresses[-1])
    festival.simulation.advance(linking.STATE_SECONDS + 1)
    with pytest.raises(LinkFailed):
        _complete(festival, session, person, answer)


def test_a_refusal_there_is_told_as_one(festival: FakeFestival, person: Any) -> None:
    session: dict[str, Any] = {}
    answer = festival.elsewhere("guest").deny(_begin(festival, session, person))
    with pytest.raises(LinkFailed) as refused:
        _complete(festival, session, person, answer)
    assert refused.value.reason == "access_denied"


def test_a_code_that_came_too_late_links_nothing(festival: FakeFestival, person: Any) -> None:
    session: dict[str, Any] = {}
    answer = festival.elsewhere("guest").approve(_begin(festival, session, person))
    festival.simulation.advance(121)
    with pytest.raises(LinkFailed) as refused:
        _complete(festival, session, person, answer)
    assert refused.value.reason == "invalid_grant"


@pytest.mark.parametrize("fault", ["500", "reset", "html_200", "truncated_json", "client_refused"])
def test_a_failed_exchange_links_nothing(festival: FakeFestival, person: Any, fault: str) -> None:
    session: dict[str, Any] = {}
    answer = festival.elsewhere("guest").approve(_begin(festival, session, person))
    festival.simulation.fault("sff", fault, path="oauth/token")
    with pytest.raises(LinkFailed):
        _complete(festival, session, person, answer)
    assert not Link.objects.exists()


def test_unlinking_spends_the_pair_and_keeps_the_plan(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    gone = plan.add(person.pk, festival.showing(1).pk, festival.now())
    festival.settle(link)
    plan.remove(person.pk, gone.pk, festival.now())
    tokens = festival.tokens(link)
    access, asked = tokens.access(), festival.refreshes()
    stale = Link.objects.get()
    assert linking.unlink(person.pk, festival.setting, festival.http, festival.now())
    assert festival.refreshes() == asked + 1
    assert not Link.objects.exists()
    assert not OutboxRow.objects.exists()
    assert not Card.objects.exists()
    assert here(person.pk) == {entry.external_id: Side.PLAIN}
    assert Entry.objects.get().base == ""
    with pytest.raises(NoToken):
        tokens.access()
    # The old refresh token is dead.
    stale.pk = None
    stale.save()
    with pytest.raises(NoToken):
        festival.tokens(stale).access(rejected=access)


@pytest.mark.parametrize("fault", ["500", "reset", "connect_timeout"])
def test_unlinking_works_while_the_festival_does_not(
    festival: FakeFestival, person: Any, link: Link, fault: str
) -> None:
    festival.simulation.fault("sff", fault, path="oauth/token")
    assert not linking.unlink(person.pk, festival.setting, festival.http, festival.now())
    assert not Link.objects.exists()


def test_every_client_is_closed(
    festival: FakeFestival, person: Any, link: Link, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[HttpClient] = []
    closed: list[HttpClient] = []
    make, close = Setting.client, HttpClient.close

    def made(self: Setting) -> HttpClient:
        opened.append(make(self))
        return opened[-1]

    monkeypatch.setattr(Setting, "client", made)
    monkeypatch.setattr(HttpClient, "close", lambda self: (closed.append(self), close(self))[1])
    sync.run(link.pk, festival.now)
    client.force_login(person)
    client.post("/planner/link/unlink/")
    festival.link(person)
    client.delete("/api/v1/me/link/")
    festival.link(person)
    personal.leave(person)
    assert not Link.objects.exists()
    assert len(opened) == 4
    assert {*map(id, opened)} <= {*map(id, closed)}


def test_linking_again_goes_on_from_both_plans(festival: FakeFestival, person: Any, link: Link) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    linking.unlink(person.pk, festival.setting, festival.http, festival.now())
    plan.add(person.pk, festival.showing(1).pk, festival.now())
    festival.elsewhere("guest").add(festival.ids[2])
    festival.settle(festival.link(person))
    assert here(person.pk) == festival.there()
    assert len(here(person.pk)) == 3


def test_linking_another_account_takes_nothing_away_unasked(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    for at in range(3):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    held = plan.add(person.pk, festival.showing(3).pk, festival.now())
    plan.set_ticket(person.pk, held.pk, TicketMark.HELD, festival.now())
    festival.settle(link)
    before = here(person.pk)
    festival.elsewhere("demo").put(held.external_id, Side.PLAIN)
    festival.settle(festival.link(person, "demo"))
    ours = here(person.pk)
    assert {event: ours[event] for event in before} == before
    asked = Question.objects.filter(remote=Side.ABSENT)
    assert asked.count() == 3
    assert asked.values("group").distinct().count() == 1
    assert Question.objects.get(entry=held).remote == Side.PLAIN


def test_cards_of_an_account_that_is_linked_no_more_can_be_forgotten(
    festival: FakeFestival, person: Any
) -> None:
    festival.settle(festival.link(person, "demo"))
    card = Card.objects.filter(own=True).first()
    assert card is not None
    festival.settle(festival.link(person, "guest"))
    card.refresh_from_db()
    assert not card.own
    assert Card.objects.filter(own=True).count() == 1
    tickets.forget(person.pk, card.pk)
    assert not Card.objects.filter(pk=card.pk).exists()


def test_tokens_go_over_https_unless_allowed_otherwise(festival: FakeFestival, settings: Any) -> None:
    environ = {
        "PROVIDER_SFF_API_KEY": "k" * 40,
        "PROVIDER_SFF_API_PASSWORD": "p",
        "PROVIDER_SFF_BASE_URL": "http://api.stockholmfilmfestival.se/v1/",
    }
    settings.PROVIDERS = registry.configure(environ)
    setting = configured()
    assert setting is not None
    assert setting.base_url == "https://api.stockholmfilmfestival.se/v1/"
    assert setting.token_url.startswith("https://")
    assert not setting.plaintext
    settings.PROVIDERS = registry.configure({**environ, "PROVIDER_SFF_ALLOW_PLAINTEXT_TOKENS": "1"})
    setting = configured()
    assert setting is not None
    assert setting.base_url.startswith("http://")
    assert setting.plaintext


def test_without_a_password_there_is_no_linking(settings: Any) -> None:
    settings.PROVIDERS = registry.configure({"PROVIDER_SFF_API_KEY": "k" * 40})
    assert configured() is None
    settings.PROVIDERS = registry.configure({})
    assert configured() is None


def test_expiry_counts_from_before_the_request(festival: FakeFestival, link: Link) -> None:
    assert link.expires_at == festival.now() + timedelta(seconds=7200)
