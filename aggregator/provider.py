"""The port between the pipeline and a provider: what a provider is, and what passes between the two.

A provider is one frozen ``Provider`` value made of plain functions. ``fetch`` knows HTTP and nothing of rows;
``map`` turns one stored document into records and knows neither network, clock nor database. The pipeline owns
everything in between: comparing, storing, withdrawing, quarantine, leases.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, ClassVar, Literal, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from aggregator.http import HttpClient, Limits
from aggregator.records import Record
from aggregator.vocabulary import Kind, Mode


class ProviderConfig(BaseModel):
    """A provider's settings, filled from ``PROVIDER_<SLUG>_<FIELD>`` (field names in lower case).

    Subclass it with the provider's fields. Validators raise ``ValueError`` with one sentence for the operator; the
    variable's name is put before it. ``secrets`` names the fields that no log and no page may show. ``credentials``
    names the fields without which there is nothing to ingest with: none of them set is a provider that is skipped,
    some of them set is a mistake.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    secrets: ClassVar[tuple[str, ...]] = ()
    credentials: ClassVar[tuple[str, ...]] = ()

    def is_complete(self) -> bool:
        """Whether there are credentials to ingest with; a provider without is skipped and says so."""
        return all(getattr(self, name) for name in self.credentials)

    def origins(self) -> tuple[str, ...]:
        """The configured base URLs; their exact origins may be private addresses."""
        raise NotImplementedError

    def binding(self) -> str:
        """What cursors are bound to beside the base URL: account and criteria, as one string. May hold secrets.

        The pipeline stores only a hash of it.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Document:
    """The smallest upstream item that stands on its own: one list row or one detail body, as received.

    kind, key: what it is and upstream's id of it, unique per provider and never empty.
    body: the item's bytes in *media_type* (a list's row is cut out of its list).
    scope: the list whose whole reading decides about absence, e.g. ``"festival:30"``.
    validator: upstream's ETag or stamp, unquoted; compared by ``Visit.validators``.
    url: where it came from, without secrets.
    """

    kind: str
    key: str
    body: bytes
    media_type: str = "application/json"
    scope: str = ""
    validator: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that could not even become a document. With *key* None it forbids withdrawal in its scope."""

    kind: str
    key: str | None
    reason: str
    path: str = ""
    message: str = ""
    body: bytes = b""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of a fetch brought, and what may be remembered once it is committed.

    documents: at most some hundred. seen: (kind, key) of documents that upstream still lists and whose content is
    known to be unchanged without having been fetched. refused: items that were unreadable.
    position: JSON-ready; handed back in ``Visit.position`` when the run goes on in another process. Resuming may
    repeat work but must not skip any.
    cursors: feed name → value to go on from next time; moved only when the whole run ends well.
    complete: (kind, scope) pairs that were read whole by this run, once the batch is committed.
    forgotten: rows to forget for good (see the design, Forgetting): nothing is left but a suppressed id.
    done, expected: progress within the run, for the bar; expected 0 where unknown.
    """

    documents: Sequence[Document] = ()
    seen: Sequence[tuple[str, str]] = ()
    refused: Sequence[Refusal] = ()
    position: Mapping[str, Any] = field(default_factory=dict)
    cursors: Mapping[str, str] = field(default_factory=dict)
    complete: Sequence[tuple[str, str]] = ()
    forgotten: Sequence[tuple[Kind, str]] = ()
    expected: int = 0


class Visit(Protocol):
    """What a fetch may use. One visit is one attempt of one run in one process."""

    http: HttpClient
    config: Any
    mode: Mode
    now: datetime
    position: Mapping[str, Any]
    wanted: Sequence[tuple[str, str]]
    """(kind, key) of documents that a hook asked for; where there are any, a fetch brings these and nothing else."""

    def spend(self, limit: int, seconds: int) -> None:
        """Take one of *limit* requests per window of *seconds*, counted across processes; windows are aligned to the
        epoch. Raises ``RetryLater`` until the window's end where none is left. Call it before every request."""

    def cursor(self, feed: str) -> str | None:
        """Where *feed* left off for the present base URL and scope; None at first and in a run without cursors."""

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        """Stored validators of live documents by key, in one query; empty in a run without ETags."""

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        """Keys of documents of *kind* that have a showing between now and *until*, soonest first."""

    def unseen(self, kind: str, scope: str) -> Sequence[str]:
        """Keys of live documents of *kind* and *scope* that no attempt of this run has committed as seen.

        What this attempt yielded may still wait for its commit, and is among them then.
        """


@dataclass(frozen=True, slots=True)
class HookCall:
    """A request to ``/hooks/<slug>/`` as received: lower-case header names, the raw body, the moment."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HookEvent:
    """What a hook call says, once its signature was found good.

    key: the same for every delivery of the same event. action: ``refresh`` asks for the document (kind, document),
    ``forget`` forgets the row that (kind, document) names for good, ``ignore`` is kept as received and nothing more.
    """

    key: str
    action: Literal["refresh", "forget", "ignore"]
    kind: str = ""
    document: str = ""


class HookRefused(Exception):
    """A hook call that is not upstream's. Says nothing to the caller about why."""


class Unmappable(Exception):
    """A document that cannot become records. *reason* is a stable code, *path* a dotted field path."""

    def __init__(self, reason: str, path: str = "", message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a mode is due."""

    mode: Mode
    every: timedelta


@dataclass(frozen=True)
class Provider:
    """One upstream, complete. Adding one is adding a package that holds this value under the name ``PROVIDER``.

    slug: names the folder, the environment variables, ``external_id``'s owner and the hook.
    fetch: yields batches; raises ``FetchError`` with a stable reason, ``RetryLater`` to be woken later.
    map: document and config to records; raises ``Unmappable`` or pydantic's ``ValidationError``.
    mapping_version: raise it when ``map`` would give other records; rows are rewritten by ``ingest --remap``.
    never_store: top-level keys removed from JSON documents before they are stored or hashed.
    never_publish: fields that stay in the stored document and reach no record.
    withdraws_people: people whom a whole reading no longer lists are withdrawn, at once and whatever their number:
    where being listed means having agreed to be shown, a fuse would be on the wrong side.
    hook: verifies and reads a call of upstream's webhook; raises ``HookRefused``. None where upstream has none.
    """

    slug: str
    name: str
    homepage: str
    attribution: str
    config: type[ProviderConfig]
    schedules: tuple[Schedule, ...]
    fetch: Callable[[Visit], Iterator[Batch]]
    map: Callable[[Document, Any], Sequence[Record]]
    mapping_version: int = 1
    limits: Limits = field(default_factory=Limits)
    never_store: tuple[str, ...] = ()
    never_publish: tuple[str, ...] = ()
    hook: Callable[[HookCall, Any], HookEvent] | None = None
    withdraws_people: bool = False


@dataclass(frozen=True, slots=True)
class Configured:
    """A provider and what the environment says about it.

    config: None where there are no credentials; *missing* is then one sentence for ``/sources/`` and the log, and
    *uncredentialed* what is set all the same.
    """

    provider: Provider
    config: ProviderConfig | None
    missing: str = ""
    uncredentialed: ProviderConfig | None = None

    @property
    def settings(self) -> ProviderConfig:
        """What stored documents are mapped with: whatever is set, with credentials or without."""
        return self.config or self.uncredentialed or self.provider.config()


class ConfigurationError(ValueError):
    """An environment variable that cannot be used. Reads ``VARIABLE: one sentence``; holds no secret."""

    def __init__(self, variable: str, sentence: str) -> None:
        super().__init__(f"{variable}: {sentence}")
        self.variable = variable
        self.sentence = sentence


def clean_base_url(value: str, *, plain_http: bool = False) -> str:
    """*value* as a base URL that ends in one slash, for a validator of a ``ProviderConfig``.

    Plain http is for loopback hosts alone, unless *plain_http*. Raises ``ValueError`` with one sentence that does not
    repeat the value, which may hold a password.
    """
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("this is not a URL") from None
    if any(letter.isspace() or not letter.isprintable() for letter in value):
        raise ValueError("a base URL holds no blanks and no control characters")
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("a base URL starts with https:// and names a host")
    if "@" in parts.netloc:
        raise ValueError("a base URL holds no user name and no password")
    if parts.query or parts.fragment:
        raise ValueError("a base URL has neither ? nor #")
    if parts.scheme == "http" and not plain_http and not _is_loopback(host):
        raise ValueError("plain http is allowed for loopback addresses only, use https")
    return value.rstrip("/") + "/"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
