"""The calls about a person's plan and tickets (contract, sections 11 and 12), each with the token it is given.

A call is one request, in JSON, and is never repeated here: whoever calls knows whether that may be done.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from aggregator.http import FetchError, HttpClient, Response, faults
from planner.upstream import fields, rows
from planner.upstream.setting import Setting
from planner.vocabulary import Step
from providers.sff.client import KEY_HEADER, url

T = TypeVar("T")
_NOTHING = re.compile(r"No [\w -]+ could be found\.?", re.IGNORECASE)
_ROUTES = {
    Step.ADD: "myfestival_add",
    Step.REMOVE: "myfestival_remove",
    Step.HAVE_TICKET: "myfestival_have_ticket",
    Step.NO_TICKET: "myfestival_have_ticket",
}


class Word(StrEnum):
    """The festival's three answers to an edit. The first two both mean that it is so now."""

    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


class TokenRejected(Exception):
    """The access token is not accepted, whatever its age."""


class NotUnderstood(FetchError):
    """An answer came and means nothing in the contract."""

    def __init__(self, status: int) -> None:
        super().__init__(faults.UNEXPECTED_STATUS, status=status, permanent=False, sent=True)


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A list as read; *whole* is False where a row could not be read, so that absence means nothing."""

    rows: Sequence[T]
    whole: bool


@dataclass(frozen=True)
class Calls:
    """The festival's functions over one client. All raise ``FetchError``, lists also ``TokenRejected``."""

    setting: Setting
    http: HttpClient

    def plan(self, festival: str, token: str) -> Listed[rows.PlannedRow]:
        """P1: what the person has planned of *festival*."""
        address = url(self.setting, "myfestival", "json", festival_id=festival, token=token)
        return self._listed(address, lambda row: rows.read_planned(row, festival))

    def programme(self, festival: str) -> Listed[rows.EventRow]:
        """E1: everything that *festival* has in its programme."""
        return self._listed(url(self.setting, "events", "json", festival_id=festival), rows.read_event)

    def cards(self, token: str) -> Listed[rows.CardRow]:
        """T3: the person's membership cards."""
        return self._listed(url(self.setting, "cards", "json", token=token), rows.read_card)

    def tickets(self, token: str) -> Listed[rows.TicketRow]:
        """T2: the tickets on the person's newest card."""
        return self._listed(url(self.setting, "tickets", "json", token=token), rows.read_ticket)

    def tickets_on(self, number: str, token: str) -> Listed[rows.TicketRow]:
        """T1: the tickets on a card, whoever's it is."""
        address = url(self.setting, "tickets_on_card", "json", card_number=number, token=token)
        return self._listed(address, rows.read_ticket)

    def alter(self, step: Step, event: str, token: str) -> Word:
        """P2 to P4: make one edit. The word decides, whatever the status."""
        form = {fields.FORM_EVENT: event, fields.FORM_TOKEN: token}
        if step in (Step.HAVE_TICKET, Step.NO_TICKET):
            form[fields.FORM_HAVE_TICKET] = "true" if step is Step.HAVE_TICKET else "false"
        headers = {KEY_HEADER: self.setting.api_key}
        address = url(self.setting, _ROUTES[step], "json")
        try:
            with self.http.post(
                address, data=form, headers=headers, accept_status=(400, 401, 404, 409)
            ) as answer:
                word = _word(answer.content()[:65536])
                status = answer.status
        except FetchError as error:
            word, status = (_word(error.body) if error.body else None), error.status or 0
            if word is None:
                raise
        if word is None:
            raise NotUnderstood(status)
        return word

    def _listed(self, address: str, read: Callable[[object], T | None]) -> Listed[T]:
        headers = {KEY_HEADER: self.setting.api_key}
        with self.http.get(address, headers=headers, accept_status=(401, 404)) as answer:
            found = _items(answer)
        read_rows = [read(row) for row in found]
        return Listed(
            [row for row in read_rows if row is not None], all(row is not None for row in read_rows)
        )


def _items(answer: Response) -> Sequence[Any]:
    """The rows of a list. Nothing planned is said by an error and a sentence (contract, section 4)."""
    content = answer.content()
    if answer.status == 404 and not content.strip():
        return []
    value = _parsed(content)
    if isinstance(value, list) and answer.status == 200:
        return value
    sentence = value.get("error") if isinstance(value, dict) else None
    if isinstance(sentence, str) and _NOTHING.fullmatch(sentence.strip()):
        return []
    if answer.status == 401 or (isinstance(sentence, str) and "token" in sentence.casefold()):
        raise TokenRejected
    raise NotUnderstood(answer.status)


def _word(content: bytes) -> Word | None:
    """One of the three words, in an object or bare; None for anything else."""
    value = _parsed(content)
    said = value.get(fields.STATUS) if isinstance(value, dict) else value
    text = said if isinstance(said, str) else content.decode("utf-8", "replace") if value is None else ""
    text = text.strip().strip('"').casefold()
    return Word(text) if text in set(Word) else None


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
