"""The merge, over every situation that there is."""

import itertools

import pytest

from planner.merge import Sides, Verdict, after, is_mass_removal, merge, steps
from planner.vocabulary import Side, Step

A, P, T = Side.ABSENT, Side.PLAIN, Side.TICKET
ALL = (A, P, T)


@pytest.mark.parametrize(
    ("base", "local", "remote", "verdict"),
    [
        (A, P, A, Verdict.PUSH),
        (A, A, P, Verdict.TAKE),
        (A, A, T, Verdict.TAKE),
        (A, P, T, Verdict.TAKE),
        (A, T, P, Verdict.PUSH),
        (P, A, P, Verdict.PUSH),
        (P, P, A, Verdict.TAKE),
        (P, P, T, Verdict.TAKE),
        (P, T, P, Verdict.PUSH),
        (P, T, A, Verdict.ASK),
        (P, A, T, Verdict.ASK),
        (T, T, A, Verdict.ASK),
        (T, T, P, Verdict.TAKE),
        (T, P, T, Verdict.PUSH),
        (T, A, T, Verdict.PUSH),
        (T, P, A, Verdict.ASK),
        (T, A, P, Verdict.ASK),
    ],
)
def test_each_difference_has_its_verdict(base: Side, local: Side, remote: Side, verdict: Verdict) -> None:
    assert merge(Sides(base, local, remote)) is verdict


@pytest.mark.parametrize(("base", "local", "remote"), list(itertools.product(ALL, ALL, ALL)))
def test_nothing_ticketed_is_taken_away_without_a_person(base: Side, local: Side, remote: Side) -> None:
    for ticket in (False, True):
        verdict = merge(Sides(base, local, remote, ticket=ticket))
        if verdict is Verdict.TAKE and remote is A:
            assert local is P
            assert not ticket


@pytest.mark.parametrize(("base", "local", "remote"), list(itertools.product(ALL, ALL, ALL)))
def test_no_edit_of_either_side_is_lost(base: Side, local: Side, remote: Side) -> None:
    verdict = merge(Sides(base, local, remote))
    if verdict is Verdict.PUSH:
        assert remote == base or (base is A and local is T)
    if verdict is Verdict.TAKE:
        assert local == base or (base is A and remote is T)


def test_our_own_lost_call_is_not_taken_for_somebodys_edit() -> None:
    # Added, the answer was lost, removed again: what is there now is our own doing.
    assert merge(Sides(A, A, P, sent=[P])) is Verdict.PUSH
    # But a ticket beside it is not.
    assert merge(Sides(A, A, T, sent=[P])) is Verdict.ASK


def test_a_showing_that_is_gone_from_the_programme_was_removed_by_nobody() -> None:
    assert merge(Sides(P, P, A, exists=False)) is Verdict.KEEP
    assert merge(Sides(T, T, A, exists=False)) is Verdict.KEEP
    assert merge(Sides(P, A, A, exists=False)) is Verdict.AGREED


def test_a_ticket_on_a_card_outweighs_the_mark() -> None:
    assert merge(Sides(T, T, P, ticket=True)) is Verdict.PUSH
    assert merge(Sides(P, P, A, ticket=True)) is Verdict.ASK


@pytest.mark.parametrize("wanted", ALL)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_calls_lead_to_what_is_wanted_from_wherever_it_may_be(wanted: Side, size: int) -> None:
    for possible in itertools.combinations(ALL, size):
        for start in possible:
            state = start
            for step in steps(possible, wanted):
                assert not (state is A and step in (Step.HAVE_TICKET, Step.NO_TICKET))
                state = after(step, state)
            assert state == wanted


@pytest.mark.parametrize("side", ALL)
def test_no_call_is_made_for_nothing(side: Side) -> None:
    assert not steps({side}, side)


def test_many_at_once_are_suspicious() -> None:
    assert not is_mass_removal(5, 6)
    assert is_mass_removal(6, 20)
    assert not is_mass_removal(6, 30)
