"""The same questions to every provider that the registry finds, over real HTTP against its own simulator.

A provider without a simulator or without samples fails here: this is what a new folder has to bring along.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import AliasChoices, BaseModel

from aggregator.admission import admit
from aggregator.models import Rejection, Showing, SourceDocument
from aggregator.provider import Configured, Document
from aggregator.records import Record
from aggregator.vocabulary import Kind, Mode, RunState
from providers import registry
from providers.simulation import running
from tests.providers.upstreams import (
    everything_kept,
    listing_writes,
    parrot,
    pointed,
    rows,
    secrets_of,
    talkative,
    upstream,
    withdrawn,
)

pytestmark = pytest.mark.django_db

PROVIDERS = registry.discover()

#: Which field of a record names rows of which kind. A new reference belongs into this table.
REFERENCES: dict[Kind, dict[str, Kind]] = {
    Kind.SECTION: {"festival": Kind.FESTIVAL},
    Kind.SELECTION: {"film": Kind.FILM, "festival": Kind.FESTIVAL, "section": Kind.SECTION},
    Kind.PERSON: {"agency": Kind.ORGANISATION},
    Kind.EVENT: {
        "film": Kind.FILM,
        "festival": Kind.FESTIVAL,
        "organisation": Kind.ORGANISATION,
        "categories": Kind.CATEGORY,
    },
    Kind.SHOWING: {"event": Kind.EVENT, "venues": Kind.VENUE},
}


@pytest.fixture(params=sorted(PROVIDERS))
def slug(request: pytest.FixtureRequest) -> str:
    """Every provider in turn."""
    return str(request.param)


def references(record: Record) -> Iterator[tuple[Kind, str]]:
    """The rows that a record names, as kind and external id."""
    for name, kind in REFERENCES.get(record.kind, {}).items():
        value = getattr(record, name)
        for named in value if isinstance(value, tuple) else (value,):
            if named:
                yield kind, named
    for credit in getattr(record, "credits", ()):
        if credit.person:
            yield Kind.PERSON, credit.person


def assert_closed(records: list[Record]) -> None:
    """Every id is there, and whatever a record names came along with it."""
    assert all(record.external_id for record in records)
    brought = {(record.kind, record.external_id) for record in records}
    missing = [(record.kind, record.external_id, name) for record in records for name in references(record)]
    assert [entry for entry in missing if entry[2] not in brought] == []


def mapped(configured: Configured, document: Document) -> list[Record]:
    """A document's records as the border admits them."""
    return [admit(record) for record in configured.provider.map(document, configured.config)]


def as_document(row: SourceDocument) -> Document:
    """A stored document as its provider's mapping takes it."""
    body = zlib.decompress(row.body)
    return Document(row.kind, row.key, body, row.media_type, row.scope, row.validator, row.url)


def folder_of(slug: str) -> Path:
    """Where the provider's package lies."""
    return Path(str(import_module(f"providers.{slug}").__file__)).parent


def test_there_is_a_provider_to_ask() -> None:
    assert PROVIDERS


def test_it_says_who_it_is(slug: str) -> None:
    provider = PROVIDERS[slug]
    assert provider.name
    assert provider.attribution
    assert provider.homepage.startswith("https://")
    assert {schedule.mode for schedule in provider.schedules} >= {Mode.FULL}
    assert all(timedelta(minutes=1) <= schedule.every <= timedelta(days=7) for schedule in provider.schedules)
    assert set(provider.config.credentials) <= set(provider.config.model_fields)
    assert set(provider.config.secrets) <= set(provider.config.model_fields)
    assert (folder_of(slug) / "README.md").stat().st_size > 200


def test_without_credentials_it_is_skipped_with_a_sentence(slug: str) -> None:
    entry = registry.configure({})[slug]
    assert entry.config is None
    assert registry.variable_of(slug, "") in entry.missing


def test_a_first_ingest_is_healthy_and_gives_rows(slug: str, settings: Any) -> None:
    with upstream(slug, settings) as source:
        run = source.ingest()
    assert (run.state, run.reason, run.rejected) == (RunState.HEALTHY, "", 0)
    assert run.created > 10
    assert run.fetched > 0
    assert SourceDocument.objects.filter(provider=slug, gone_at=None).count() > 0
    assert withdrawn() == []
    assert not Rejection.objects.exists()


def test_two_providers_in_one_database_leave_each_other_alone(slug: str, settings: Any) -> None:
    with running(scale=200) as simulation:
        for other in PROVIDERS:
            assert pointed(other, simulation, settings).ingest().state == RunState.HEALTHY
        before = rows()
        with listing_writes() as written:
            run = pointed(slug, simulation, settings).ingest()
    assert run.state == RunState.HEALTHY
    assert written == []
    assert rows() == before


@pytest.mark.parametrize("full", [False, True], ids=["as scheduled", "with --full"])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_second_ingest_of_an_unchanged_feed_writes_no_listing_row(
    slug: str, mode: Mode, full: bool, settings: Any
) -> None:
    if mode not in {schedule.mode for schedule in PROVIDERS[slug].schedules}:
        mode = Mode.FULL
    with upstream(slug, settings) as source:
        source.ingest()
        before = rows()
        with listing_writes() as written:
            run = source.ingest_patiently(mode, full=full)
    assert (run.state, run.reason) == (RunState.HEALTHY, "")
    assert (run.created, run.updated, run.seats, run.withdrawn, run.restored) == (0, 0, 0, 0, 0)
    assert written == []
    assert rows() == before


def test_an_ingest_asks_upstream_and_counts_what_it_asked(slug: str, settings: Any) -> None:
    with upstream(slug, settings) as source:
        run = source.ingest()
        first = source.asked()
        source.ingest()
        second = source.asked()
    assert run.requests == len(first)
    assert 0 < len(second) <= len(first)


def test_showings_stand_in_a_zone_that_exists_and_on_their_programme_day(slug: str, settings: Any) -> None:
    with upstream(slug, settings) as source:
        source.ingest()
    for showing in Showing.objects.all():
        local = showing.starts_at.astimezone(ZoneInfo(showing.zone))
        assert showing.local_start_date in (local.date(), (local - timedelta(hours=5)).date())
        assert showing.local_end_date >= showing.local_start_date


def test_every_document_brings_along_whatever_its_records_name(slug: str, settings: Any) -> None:
    with upstream(slug, settings) as source:
        source.ingest()
        documents = [as_document(row) for row in SourceDocument.objects.filter(provider=slug)]
    assert documents
    for document in documents:
        assert document.key
        assert document.kind
        assert_closed(mapped(source.configured, document))


def test_mapping_depends_on_nothing_but_the_document(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=60) as source:
        source.ingest()
        documents = [as_document(row) for row in SourceDocument.objects.filter(provider=slug)]
        there = [mapped(source.configured, document) for document in documents]
    assert [mapped(source.configured, document) for document in reversed(documents)] == there[::-1]


def test_its_samples_exist_and_map(slug: str, settings: Any) -> None:
    """A sample is a document's body; ``<name>.records.json`` beside it holds the records that come of it.

    Where a provider has documents of several kinds, the name begins with the kind.
    """
    folder = folder_of(slug) / "samples"
    names = sorted(path.name.removesuffix(".records.json") for path in folder.glob("*.records.json"))
    assert names, f"{folder} holds no sample with its records"
    with upstream(slug, settings) as source:
        source.ingest()
        stored = {row.kind: row for row in SourceDocument.objects.filter(provider=slug).order_by("-id")}
    for name in names:
        (path,) = (path for path in folder.glob(f"{name}.*") if not path.name.endswith(".records.json"))
        kind = name.split("-")[0]
        like = as_document(stored[kind if kind in stored else min(stored)])
        records = mapped(source.configured, replace(like, body=path.read_bytes()))
        assert_closed(records)
        expected = json.loads((folder / f"{name}.records.json").read_bytes())
        assert [record.kind for record in records] == [record["kind"] for record in expected]


def upstream_fields(slug: str) -> Iterator[tuple[str, set[str]]]:
    """Every field of the provider's schema: where it stands, and the names under which upstream may send it."""
    schema = import_module(f"providers.{slug}.schema")
    for shape in vars(schema).values():
        if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == schema.__name__:
            for name, field in shape.model_fields.items():
                alias = field.validation_alias
                names = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
                yield f"{shape.__name__}.{name}", {str(each) for each in names}


def told(text: str) -> set[str]:
    """The names in backticks, whole and in their parts: ``contact.email`` tells of ``email`` as well."""
    quoted = " ".join(re.findall(r"`([^`]+)`", text))
    whole = set(re.findall(r"[\w.:*\[\]-]+", quoted))
    return whole | {part for name in whole for part in re.split(r"[^\w]+", name)}


def test_its_table_of_fields_tells_of_every_field_of_its_schema(slug: str) -> None:
    """What is not read stays in the stored document; what is read, the table says where it goes."""
    lines = (folder_of(slug) / "README.md").read_text(encoding="utf-8").splitlines()
    fields = told("\n".join(line for line in lines if line.startswith("|")))
    # A heading above a table names what the table is about; of a text in several languages one name is enough.
    fields |= set(" ".join(line for line in lines if line.startswith("#")).replace(",", " ").split())
    plain = {name.removesuffix("_sv") for name in fields}
    silent = [
        place
        for place, names in upstream_fields(slug)
        if not {*names, *(name.removesuffix("_en") for name in names)} & (fields | plain)
    ]
    assert list(upstream_fields(slug))
    assert silent == []


def test_what_it_never_stores_and_never_publishes_is_named_as_such(slug: str) -> None:
    provider = PROVIDERS[slug]
    lines = (folder_of(slug) / "README.md").read_text(encoding="utf-8").lower().splitlines()
    for names, words in (
        (provider.never_store, ("never stored", "`never_store`")),
        (provider.never_publish, ("never published", "`never_publish`")),
    ):
        named = told("\n".join(line for line in lines if any(word in line for word in words)))
        assert {name.lower() for name in names} <= named


def test_what_it_never_stores_is_in_no_stored_document(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=60) as source:
        source.ingest()
    for row in SourceDocument.objects.filter(provider=slug, media_type="application/json"):
        content = json.loads(zlib.decompress(row.body))
        assert not (isinstance(content, dict) and content.keys() & set(PROVIDERS[slug].never_store))


def test_no_secret_reaches_a_log_a_run_or_a_stored_document(slug: str, settings: Any) -> None:
    with talkative() as lines, upstream(slug, settings, scale=60) as source:
        source.ingest()
        for fault in ("401", "500", "html_200", "redirect_private"):
            source.simulation.fault(slug, fault)
            source.ingest_patiently(full=True)
            source.simulation.clear()
    assert len(lines) > 10
    assert_unspoken(source.configured, lines)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_no_secret_is_kept_where_upstream_repeats_the_request(slug: str, status: int, settings: Any) -> None:
    with (
        parrot(status) as echo,
        running([slug], scale=60) as simulation,
        talkative() as lines,
    ):
        pointed(slug, simulation, settings).ingest()
        environ = {
            name: value.replace(simulation.base_url, echo) for name, value in simulation.environment().items()
        }
        source = pointed(slug, simulation, settings, environ=environ)
        run = source.ingest()
    assert run.state != RunState.HEALTHY
    assert run.reason
    assert withdrawn() == []
    assert_unspoken(source.configured, lines)


def assert_unspoken(configured: Configured, lines: list[str]) -> None:
    """No secret stands in *lines* nor in anything that is stored."""
    secrets = secrets_of(configured)
    assert secrets
    for secret in secrets:
        assert [line for line in lines if secret in line] == []
        assert [name for name, content in everything_kept() if secret.encode() in content] == []
