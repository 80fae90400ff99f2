"""``manage.py ingest``: what it does, how it exits, what it says. Every provider, over real HTTP."""

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from aggregator.ingest import leases
from aggregator.models import Event, IngestRun, Rejection, Showing, SourceDocument
from aggregator.records import EventRecord
from aggregator.vocabulary import RunState
from providers import registry
from providers.simulation import running
from tests.providers.upstreams import Upstream, command, listing_writes, rows, upstream

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SLUGS = sorted(registry.discover())


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    """Every provider in turn."""
    return str(request.param)


@pytest.fixture
def live(slug: str, settings: Any) -> Any:
    """One provider pointed at its simulator, today; nothing ingested yet."""
    with upstream(slug, settings, now=None) as source:
        yield source


def test_a_healthy_ingest_exits_with_0_and_one_line(slug: str, live: Upstream) -> None:
    said = command("ingest", slug)
    assert (said.code, said.err) == (0, "")
    (line,) = said.out.splitlines()
    run = IngestRun.objects.get()
    assert line.startswith(f"{slug}: healthy, {run.fetched} fetched, {run.created} created")
    assert line.endswith(" s")
    assert "withdrawn" not in line


def test_without_names_every_provider_with_credentials_is_ingested(settings: Any) -> None:
    with running(scale=200) as simulation:
        settings.PROVIDERS = registry.configure(simulation.environment())
        said = command("ingest")
    assert (said.code, said.err) == (0, "")
    assert [line.partition(":")[0] for line in said.out.splitlines()] == SLUGS


def test_a_provider_without_credentials_is_skipped_and_says_which_variable_is_missing(
    slug: str, live: Upstream, settings: Any
) -> None:
    settings.PROVIDERS = registry.configure({})
    said = command("ingest")
    assert said.code == 0
    lines = said.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == SLUGS
    (line,) = (line for line in lines if line.startswith(f"{slug}: "))
    assert line.startswith(f"{slug}: skipped, no credentials: PROVIDER_{slug.upper()}_")
    assert line.endswith(" not set")
    assert line.count("credentials") == 1
    assert said.out == ""
    assert not IngestRun.objects.exists()


def test_a_named_provider_without_credentials_exits_with_1(slug: str, settings: Any) -> None:
    settings.PROVIDERS = registry.configure({})
    said = command("ingest", slug)
    assert said.code == 1
    assert said.err.startswith(f"{slug}: skipped, no credentials")


def test_an_unknown_provider_exits_with_2_before_anything_is_asked(slug: str, live: Upstream) -> None:
    said = command("ingest", slug, "nobody")
    assert said.code == 2
    assert said.err.strip() == f"ingest: there is no provider nobody; known are {', '.join(SLUGS)}"
    assert live.asked() == []
    assert not IngestRun.objects.exists()


def test_a_failed_ingest_exits_with_1_and_says_why(slug: str, live: Upstream) -> None:
    live.simulation.fault(slug, "html_200")
    said = command("ingest", slug)
    assert said.code == 1
    first, second = said.out.splitlines()
    assert first.startswith(f"{slug}: failed, 0 fetched, 0 created")
    assert second.startswith("  html_instead_of_data: ")
    assert second.endswith(".")


def test_one_that_fails_does_not_keep_the_others_from_being_ingested(settings: Any) -> None:
    with running(scale=200) as simulation:
        settings.PROVIDERS = registry.configure(simulation.environment())
        simulation.fault(SLUGS[0], "500")
        # The client tries again twice, and that is enough here.
        said = command("ingest")
    assert said.code == 1
    states = {
        line.split(":")[0]: line.split()[1] for line in said.out.splitlines() if not line.startswith(" ")
    }
    assert states == {slug: "failed," if slug == SLUGS[0] else "healthy," for slug in SLUGS}


def test_refused_credentials_exit_with_1_and_are_not_repeated(slug: str, live: Upstream) -> None:
    live.simulation.fault(slug, "401")
    said = command("ingest", slug)
    assert said.code == 1
    assert "unauthorised: Fetching http://127.0.0.1" in said.out
    assert "credentials" in said.out


def test_rejected_documents_are_counted_in_the_line(slug: str, live: Upstream) -> None:
    live.simulation.mutate(slug, "break")
    said = command("ingest", slug)
    assert said.code == 0
    assert ", 1 rejected, " in said.out


def test_a_rate_limit_is_waited_for_and_said(slug: str, live: Upstream) -> None:
    live.simulation.fault(slug, "429_retry_after", times=1)
    begun = time.monotonic()
    said = command("ingest", slug)
    assert said.code == 0
    assert 2.0 < time.monotonic() - begun < 60
    (line,) = said.err.splitlines()
    assert line.startswith(f"{slug}: waiting, Fetching http://127.0.0.1")
    assert "asks to wait" in line
    assert said.out.startswith(f"{slug}: healthy, ")


def test_full_asks_for_everything_anew_and_changes_nothing(slug: str, live: Upstream) -> None:
    command("ingest", slug)
    first = live.asked()
    command("ingest", slug)
    usual = live.asked()
    before = rows()
    with listing_writes() as written:
        assert command("ingest", slug, "--full").code == 0
    assert len(live.asked()) >= max(len(usual), len(first) - 2)
    assert written == []
    assert rows() == before


def test_remap_asks_nobody_and_changes_nothing_when_nothing_has_changed(slug: str, live: Upstream) -> None:
    command("ingest", slug)
    live.asked()
    before, stored = rows(), SourceDocument.objects.filter(gone_at=None).count()
    with listing_writes() as written:
        said = command("ingest", slug, "--remap")
    assert (said.code, said.err) == (0, "")
    assert said.out.strip() == f"{slug}: {stored} stored documents mapped again"
    assert live.asked() == []
    assert written == []
    assert rows() == before


def shouting(live: Upstream, settings: Any) -> None:
    """A newer mapping of the same provider: every event's titles in capitals."""
    provider = live.configured.provider

    def mapped(document: Any, config: Any) -> Any:
        records = provider.map(document, config)
        return [
            replace(record, titles={tag: title.upper() for tag, title in record.titles.items()})
            if isinstance(record, EventRecord)
            else record
            for record in records
        ]

    newer = replace(provider, map=mapped, mapping_version=provider.mapping_version + 1)
    settings.PROVIDERS = {live.slug: replace(live.configured, provider=newer)}


def test_remap_after_a_mapping_change_rewrites_rows_without_a_request(
    slug: str, live: Upstream, settings: Any
) -> None:
    command("ingest", slug)
    before = {name: values[0] for name, values in rows().items()}
    shouting(live, settings)
    live.asked()
    assert command("ingest", slug, "--remap").code == 0
    assert live.asked() == []
    for titles in Event.objects.values_list("titles", flat=True):
        assert all(title == title.upper() for title in titles.values())
    assert {name: values[0] for name, values in rows().items()} == before
    versions = set(SourceDocument.objects.values_list("mapping_version", flat=True))
    assert versions == {live.configured.provider.mapping_version + 1}
    assert Showing.objects.exclude(moved_from={}).count() == 0


def test_remap_lets_documents_out_of_quarantine_that_map_now(
    slug: str, live: Upstream, settings: Any
) -> None:
    live.simulation.mutate(slug, "break")
    command("ingest", slug)
    assert Rejection.objects.count() == 1
    provider = live.configured.provider
    settings.PROVIDERS = {
        slug: replace(live.configured, provider=replace(provider, map=lambda document, config: []))
    }
    live.asked()
    assert command("ingest", slug, "--remap").code == 0
    assert not Rejection.objects.exists()
    assert live.asked() == []


def test_remap_needs_no_credentials(slug: str, live: Upstream, settings: Any) -> None:
    command("ingest", slug)
    before = rows()
    config = live.configured.provider.config
    credentials = {registry.variable_of(slug, name) for name in (*config.credentials, *config.secrets)}
    environ = live.simulation.environment()
    settings.PROVIDERS = registry.configure({name: environ[name] for name in environ.keys() - credentials})
    assert settings.PROVIDERS[slug].config is None
    assert command("ingest", slug, "--remap").code == 0
    assert rows() == before


def test_remap_while_another_worker_ingests_is_refused_with_a_sentence(slug: str, live: Upstream) -> None:

    command("ingest", slug)
    lease = leases.acquire(slug, timezone.now())
    assert lease is not None
    said = command("ingest", slug, "--remap")
    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == f"{slug}: another worker is ingesting; try again when it is done"
    leases.release(lease)
    assert command("ingest", slug, "--remap").code == 0


def test_it_takes_up_a_run_that_another_process_left_behind(slug: str, live: Upstream) -> None:

    left = IngestRun.objects.create(
        provider=slug, mode="full", state=RunState.RUNNING, due_at=timezone.now(), created_at=timezone.now()
    )
    assert command("ingest", slug).code == 0
    assert IngestRun.objects.get().pk == left.pk
    assert IngestRun.objects.get().state == RunState.HEALTHY


# As a process of its own -----------------------------------------------------------------------------------


def manage(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=dict(environ), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ingest", "--nonsense"), "unrecognized arguments: --nonsense"),
        (("ingest", "nobody"), "there is no provider nobody"),
    ],
)
def test_wrong_usage_exits_with_2(
    process_environ: Mapping[str, str], words: tuple[str, ...], said: str
) -> None:
    done = manage(process_environ, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_makes_no_sense_stops_it_with_one_line(process_environ: Mapping[str, str]) -> None:
    variable = f"PROVIDER_{SLUGS[0].upper()}_NONSENSE"
    done = manage({**process_environ, variable: "1"}, "ingest")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert variable in line


@pytest.mark.django_db(transaction=True)
def test_it_works_in_a_process_of_its_own_with_nothing_but_the_environment(
    slug: str, process_environ: Mapping[str, str]
) -> None:
    with running([slug], scale=60) as simulation:
        environ = {**process_environ, **simulation.environment()}
        done = manage(environ, "ingest", slug)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{slug}: healthy, ")
        simulation.fault(slug, "403")
        done = manage(environ, "ingest", slug)
        assert done.returncode == 1
        assert "forbidden: " in done.stdout
        assert "Traceback" not in done.stderr
    assert IngestRun.objects.filter(state=RunState.HEALTHY).count() == 1


def test_a_database_that_is_not_set_up_is_one_line_and_no_traceback(
    tmp_path: Path, bare_environ: Any
) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, str(root / "manage.py"), "ingest"],
        env={**bare_environ, "VAR_DIR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "ingest: the database is not set up yet; run manage.py migrate first\n"
