"""The planner's pages: by plain forms, for visitors with and without an account."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planner import plan
from planner.models import Card, Entry, KeyScopes, Link, OutboxRow, Preference, Question
from planner.vocabulary import Intent, TicketMark
from tests.factories import make_event, make_festival, make_film, make_showing, make_venue
from tests.planner.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)


def soon(hours: float = 3, **columns: Any) -> Any:
    """A showing that is still to come, whenever the test runs."""
    event = columns.pop("event", None) or make_event(columns.pop("title", "Nattlinjen"))
    return make_showing(event, starts_at=timezone.now() + timedelta(hours=hours), **columns)


@pytest.fixture(name="me")
def _me(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def test_an_empty_plan_says_so(client: Client) -> None:
    response = client.get("/planner/")
    assert response.status_code == 200
    assert "Your plan is empty" in response.content.decode()
    assert not response.cookies


def test_a_visitor_without_a_cookie_is_asked_first_and_then_plans(client: Client) -> None:
    showing = soon()
    listing = client.get(f"/events/{showing.event_id}-nattlinjen/", follow=True).content.decode()
    assert f'name="showing" value="{showing.pk}"' in listing
    assert '<form id="plan" class="plan-form" method="get"' in listing
    asked = client.get("/planner/add/", {"showing": showing.pk, "next": "/events/"})
    assert "Add to your plan?" in asked.content.decode()
    assert f"{showing.starts_at.astimezone(ZoneInfo(showing.zone)):%H:%M}" in asked.content.decode()
    assert client.post("/planner/add/", {"showing": showing.pk, "next": "/events/"})["Location"] == "/events/"
    assert "Nattlinjen" in client.get("/planner/").content.decode()
    assert (
        "In your plan" in client.get(f"/events/{showing.event_id}-nattlinjen/", follow=True).content.decode()
    )
    assert not Entry.objects.exists()


def test_a_session_plan_is_edited_like_any_other(client: Client) -> None:
    showing = soon()
    client.post("/planner/add/", {"showing": showing.pk})
    client.post(f"/planner/entries/{showing.pk}/", {"do": "intent", "value": "must"})
    client.post(f"/planner/entries/{showing.pk}/", {"do": "ticket", "value": "held"})
    assert client.session["plan"] == {str(showing.pk): {"intent": "must", "ticket": "held"}}
    asked = client.post("/planner/remove/", {"showing": showing.pk})
    assert "with its ticket" in asked.content.decode()
    client.post(f"/planner/entries/{showing.pk}/", {"do": "remove", "sure": "yes"})
    assert client.session["plan"] == {}


def test_a_session_plan_is_adopted_at_sign_in(client: Client, person: Any) -> None:
    first, second = soon(), soon(30, title="Malin")
    plan.add(person.pk, second.pk, timezone.now(), Intent.GOING)
    for showing in (first, second):
        client.post("/planner/add/", {"showing": showing.pk})
    client.post(f"/planner/entries/{first.pk}/", {"do": "intent", "value": "must"})
    client.force_login(person)
    client.get("/events/")
    assert {row.showing_id: row.intent for row in Entry.objects.all()} == {
        first.pk: "must",
        second.pk: "going",
    }
    assert "plan" not in client.session


def test_the_day_is_shown_with_its_clashes_and_another_showing(me: Client, person: Any) -> None:
    tomorrow = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=1)
    near, far = (
        make_venue("Skandia", latitude=59.334, longitude=18.06),
        make_venue("Rio", latitude=59.31, longitude=18.02),
    )
    malin = make_event("Malin", film=make_film("Malin"))
    first = make_showing(make_event("Nattlinjen", film=make_film()), starts_at=tomorrow, venue=near)
    second = make_showing(malin, starts_at=tomorrow + timedelta(minutes=60), venue=far)
    third = make_showing(make_event("Snön"), starts_at=tomorrow + timedelta(minutes=160), venue=near)
    other = make_showing(malin, starts_at=tomorrow + timedelta(days=2), venue=near)
    for showing in (first, second, third):
        plan.add(person.pk, showing.pk, timezone.now())
    text = me.get("/planner/", {"day": f"{tomorrow:%Y-%m-%d}"}).content.decode()
    assert "At the same time as Malin for 37 minutes" in text
    assert "lacking for the way" in text
    assert f'value="{other.pk}"' in text
    assert "fits your plan" in text
    entry = Entry.objects.get(showing=second)
    me.post(f"/planner/entries/{entry.pk}/", {"do": "swap", "value": other.pk})
    assert set(Entry.objects.values_list("showing", flat=True)) == {first.pk, other.pk, third.pk}


def test_what_comes_next_is_told(me: Client, person: Any) -> None:
    plan.add(person.pk, soon(0.5, venue=make_venue("Skandia")).pk, timezone.now())
    text = me.get("/planner/").content.decode()
    assert "plan-next" in text
    assert "Skandia" in text


def test_what_has_no_time_yet_is_shown_with_its_forms(me: Client, person: Any) -> None:
    entry = plan.add(person.pk, soon().pk, timezone.now())
    plan.add(person.pk, soon(title="Malin").pk, timezone.now())
    Entry.objects.filter(pk=entry.pk).update(starts_at=None, ends_at=None)
    for day in ("", "2030-01-01"):
        text = me.get("/planner/", {"day": day}).content.decode()
        assert "No time set" in text
        assert text.count(f'id="entry-{entry.pk}"') == 1
        assert f'action="/planner/entries/{entry.pk}/"' in text
    me.post(f"/planner/entries/{entry.pk}/", {"do": "remove"})
    assert "No time set" not in me.get("/planner/").content.decode()


def test_a_cancelled_showing_is_struck_out_and_clashes_with_nothing(me: Client, person: Any) -> None:
    first, second = soon(3, status="cancelled"), soon(3, title="Malin")
    for showing in (first, second):
        plan.add(person.pk, showing.pk, timezone.now())
    text = me.get("/planner/").content.decode()
    assert "Will not take place" in text
    assert "At the same time" not in text


def test_queries_do_not_grow_with_the_plan(
    me: Client, person: Any, django_assert_max_num_queries: Any
) -> None:
    film = make_film()
    for number in range(30):
        event = make_event(f"Film {number}", film=film)
        plan.add(
            person.pk, soon(2 + number / 60, event=event, venue=make_venue(f"V{number}")).pk, timezone.now()
        )
    with django_assert_max_num_queries(14):
        assert me.get("/planner/").status_code == 200


def test_a_listing_asks_once_for_the_whole_plan(
    me: Client, person: Any, django_assert_num_queries: Any
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            me.get("/events/")
        return sum("planner_entry" in query["sql"] for query in queries.captured_queries)

    soon()
    assert count() == 1
    for number in range(10):
        plan.add(person.pk, soon(3, title=f"F{number}").pk, timezone.now())
    assert count() == 1


def test_a_refusal_is_told_on_the_page_that_one_comes_back_to(client: Client) -> None:
    answer = client.post("/planner/add/", {"showing": 10**9, "next": "/events/"}, follow=True)
    assert '<div class="notice" role="status">' in answer.content.decode()
    assert '<div class="notice" role="status">' not in client.get("/events/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_forms_lead_back_to_our_own_pages_only(client: Client, target: str) -> None:
    response = client.post("/planner/add/", {"showing": soon().pk, "next": target})
    assert response["Location"] == "/planner/"


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "1.5", "٣"])
def test_nonsense_is_refused(client: Client, value: str) -> None:
    assert client.post("/planner/add/", {"showing": value}).status_code == 400
    assert client.post("/planner/remove/", {"showing": value}).status_code == 400
    assert client.post("/planner/entries/1/", {"do": value, "value": value}).status_code == 400
    assert client.get("/planner/", {"day": value, "festival": value}).status_code == 200


def test_hostile_addresses_and_forms_end_in_no_error(me: Client) -> None:
    for path in ("entries", "undo", "link/keys"):
        assert me.post(f"/planner/{path}/{10**30}/", {"do": "keep"}).status_code == 404
    for group in ("\0", "x" * 5000, "0" * 32, ""):
        assert me.post("/planner/questions/", {"do": "keep", "group": group}).status_code == 302
    for day in ("0001-01-01", "9999-12-31", "2026-02-30", "\0"):
        assert me.get("/planner/", {"day": day}).status_code == 200


def test_an_answer_in_any_script_is_no_error(festival: Any, me: Client) -> None:
    me.post("/planner/link/begin/")
    for state in ("é", "\0", "😀" * 500):
        assert me.get("/planner/link/return/", {"state": state, "code": state}).status_code == 400


def test_edits_need_proof_that_their_person_asked(person: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    entry = plan.add(person.pk, soon().pk, timezone.now())
    for path, data in [
        ("/planner/add/", {"showing": entry.showing_id}),
        (f"/planner/entries/{entry.pk}/", {"do": "remove"}),
        ("/planner/remove/", {"showing": entry.showing_id}),
        ("/planner/link/begin/", {}),
        ("/planner/link/unlink/", {}),
        ("/planner/cards/", {"number": "0004711001"}),
        ("/planner/undo/1/", {}),
    ]:
        assert strict.post(path, data).status_code == 403, path
    for path in (
        "/planner/remove/",
        f"/planner/entries/{entry.pk}/",
        "/planner/link/begin/",
        "/planner/undo/1/",
    ):
        assert strict.get(path).status_code == 405, path


def test_only_festivals_of_the_plan_and_coming_ones_can_be_picked(me: Client, person: Any) -> None:
    make_festival(
        "Long ago",
        starts_on=timezone.now().date() - timedelta(900),
        ends_on=timezone.now().date() - timedelta(890),
    )
    festival = make_festival(
        "Now", starts_on=timezone.now().date(), ends_on=timezone.now().date() + timedelta(5)
    )
    plan.add(person.pk, soon(event=make_event("In it", festival=festival)).pk, timezone.now())
    plan.add(person.pk, soon(6, title="Not in it").pk, timezone.now())
    text = me.get("/planner/", {"festival": festival.pk}).content.decode()
    assert "Long ago" not in text
    assert "In it" in text
    assert "Not in it" not in re.sub(r"<nav.*?</nav>", "", text, flags=re.DOTALL)


def test_mail_can_be_refused_and_comes_in_the_language_of_the_page(me: Client, person: Any) -> None:
    me.post("/sv/planner/link/mail/", {})
    preference = Preference.objects.get(user=person)
    assert (preference.mail, preference.language) == (False, "sv")


def test_mail_is_in_the_language_in_which_somebody_began_to_plan(client: Client, person: Any) -> None:
    client.post("/planner/add/", {"showing": soon().pk})
    client.force_login(person)
    client.get("/sv/events/")
    assert Preference.objects.get(user=person).language == "sv"
    client.get("/de/events/")
    client.post("/de/planner/add/", {"showing": soon().pk})
    assert Preference.objects.get(user=person).language == "sv"
    client.force_login(bob := make_person("bob"))
    client.post("/fr/planner/add/", {"showing": soon().pk})
    assert Preference.objects.get(user=bob).language == "fr"


# With the simulated festival


def test_the_whole_way_of_linking(
    festival: Any, me: Client, person: Any, monkeypatch: Any, elsewhere: Any
) -> None:
    festival.simulation.stage.clock.set(timezone.now())
    me.post("/planner/add/", {"showing": festival.showing(8).pk})
    page = me.post("/planner/link/begin/").content.decode()
    assert "without encryption" in page
    address = re.search(r'class="button" href="([^"]+)"', page)
    assert address is not None
    answer = elsewhere.approve(address[1].replace("&amp;", "&"))
    assert me.get("/planner/link/return/", answer)["Location"] == "/planner/"
    link = Link.objects.get(user=person)
    assert "Linked" in me.get("/planner/link/").content.decode()
    failed = me.get("/planner/link/return/", answer)
    assert failed.status_code == 400
    assert "does not belong to a request of yours" in failed.content.decode()
    assert festival.sync(link) is False
    assert "In step" in me.get("/planner/").content.decode()
    me.post("/planner/link/unlink/")
    assert not Link.objects.exists()


def test_a_refusal_is_explained(festival: Any, me: Client, elsewhere: Any) -> None:
    festival.simulation.stage.clock.set(timezone.now())
    address = re.search(r'class="button" href="([^"]+)"', me.post("/planner/link/begin/").content.decode())
    assert address is not None
    text = me.get("/planner/link/return/", elsewhere.deny(address[1].replace("&amp;", "&"))).content.decode()
    assert "You did not give your approval" in text


def test_without_a_password_linking_is_off_and_says_so(me: Client, settings: Any) -> None:
    from providers import registry

    settings.PROVIDERS = registry.configure({"PROVIDER_SFF_API_KEY": "k" * 40})
    assert "Linking is off" in me.get("/planner/link/").content.decode()
    assert me.post("/planner/link/begin/").status_code == 302
    assert me.get("/planner/link/return/").status_code == 302


def test_failures_questions_and_changes_are_visible(
    festival: Any, me: Client, person: Any, link: Link, elsewhere: Any
) -> None:
    entry = plan.add(person.pk, festival.showing(8).pk, festival.now())
    day = f"{entry.starts_at:%Y-%m-%d}"
    assert "Waiting to be sent" in me.get("/planner/", {"day": day}).content.decode()
    festival.simulation.fault("sff", "plan_error")
    festival.sync(link)
    text = me.get("/planner/", {"day": day}).content.decode()
    assert "Not sent" in text
    assert "Try now" in text
    me.post(f"/planner/entries/{entry.pk}/", {"do": "retry"})
    assert OutboxRow.objects.get().due_at <= timezone.now()
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    festival.settle(link)
    assert "In step" in me.get("/planner/", {"day": day}).content.decode()
    elsewhere.remove(festival.ids[8])
    elsewhere.add(festival.ids[9])
    festival.settle(link)
    text = me.get("/planner/", {"day": day}).content.decode()
    assert "Please decide" in text
    assert "Done by itself" in text
    me.post(f"/planner/entries/{entry.pk}/", {"do": "take"})
    assert not Entry.objects.filter(removed_at=None, external_id=festival.ids[8]).exists()


def test_cards_are_typed_in_and_shown_by_their_end(
    festival: Any, me: Client, person: Any, link: Link
) -> None:
    assert "no card number" in me.post("/planner/cards/", {"number": "../x"}).content.decode()
    me.post("/planner/cards/", {"number": "0004711001"})
    festival.settle(link)
    text = me.get("/planner/cards/").content.decode()
    assert "…001" in text
    assert "0004711001" not in text
    card = Card.objects.get(own=False)
    me.post("/planner/cards/", {"do": "forget", "card": card.pk})
    assert not Card.objects.filter(own=False).exists()


def test_nobody_grants_another_persons_key(me: Client, person: Any) -> None:
    from aggregator.api import keys

    theirs = keys.make(make_person("bob"), "theirs", timezone.now()).key
    mine = keys.make(person, "mine", timezone.now()).key
    for key in (theirs, mine):
        me.post(f"/planner/link/keys/{key.pk}/", {"plan:write": "yes"})
    assert {row.key_id: row.scopes for row in KeyScopes.objects.all()} == {
        mine.pk: ["plan:read", "plan:write"]
    }


def test_a_session_plan_asks_nothing_about_other_peoples_entries(client: Client, person: Any) -> None:
    """An entry of a session is named by its showing's id, which may be the id of somebody's entry."""
    showing = soon()
    theirs = plan.add(person.pk, soon(4, title="Malin").pk, timezone.now())
    Entry.objects.filter(pk=theirs.pk).update(id=showing.pk)
    Question.objects.create(entry_id=showing.pk, remote="ticket", group="theirs", asked_at=timezone.now())
    client.post("/planner/add/", {"showing": showing.pk})
    with CaptureQueriesContext(connection) as queries:
        text = client.get("/planner/").content.decode()
    assert "Nattlinjen" in text
    assert "Please decide" not in text
    assert not [query for query in queries.captured_queries if "planner_question" in query["sql"]]
    assert not [query for query in queries.captured_queries if 'FROM "planner_entry"' in query["sql"]]
