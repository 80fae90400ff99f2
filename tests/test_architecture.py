"""Import rules that hold for a provider of tomorrow without an edit here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Rooms of ``providers`` that are not upstreams.
ROOMS = {"management", "simulation"}
BORDER = {"records", "provider", "http", "readers", "vocabulary", "admission"}
SLUGS = sorted(
    path.name
    for path in (ROOT / "providers").iterdir()
    if (path / "__init__.py").is_file() and path.name not in ROOMS
)


def imported(path: Path) -> Iterator[str]:
    """Every module that *path* imports, wherever in the file; ``from a import b`` yields both ``a`` and ``a.b``."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def edge_files(slug: str) -> list[Path]:
    """The modules of a provider, without its simulator."""
    return [path for path in python_files(f"providers/{slug}") if "simulator" not in path.as_posix()]


def test_there_are_providers_to_look_at() -> None:
    assert {"sff", "kulturbiljetter"} <= set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_provider_imports_no_sibling(slug: str) -> None:
    siblings = tuple(f"providers.{other}" for other in SLUGS if other != slug)
    for path in python_files(f"providers/{slug}"):
        for name in imported(path):
            assert not (name + ".").startswith(tuple(f"{sibling}." for sibling in siblings)), (
                f"{path}: {name}"
            )


@pytest.mark.parametrize("slug", SLUGS)
def test_a_provider_takes_from_the_core_only_its_border(slug: str) -> None:
    for path in edge_files(slug):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "aggregator" and len(parts) > 1:
                assert parts[1] in BORDER, f"{path}: {name}"
            assert parts[0] not in {"django", "celery", "rest_framework", "planner"}, f"{path}: {name}"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_provider_imports_no_simulator(slug: str) -> None:
    for path in edge_files(slug):
        for name in imported(path):
            assert "simulator" not in name.split("."), f"{path}: {name}"
            assert not name.startswith("providers.simulation"), f"{path}: {name}"


def test_nothing_but_the_simulation_and_its_command_imports_a_simulator() -> None:
    for path in [*python_files("aggregator"), *python_files("planner"), *python_files("providers")]:
        where = path.relative_to(ROOT).as_posix()
        if (
            where.startswith("providers/simulation/")
            or "/simulator" in where
            or where.endswith("/simulate.py")
        ):
            continue
        for name in imported(path):
            assert not {"simulator", "simulation"} & set(name.split(".")), f"{where}: {name}"


def test_the_planner_takes_from_the_providers_only_the_festivals_address_grammar() -> None:
    for path in python_files("planner"):
        for name in imported(path):
            if name.startswith("providers"):
                assert name.startswith("providers.sff.client"), f"{path}: {name}"


def test_the_core_names_no_provider() -> None:
    root = {"settings.py", "urls.py", "wsgi.py", "celery.py"}
    for path in python_files("aggregator"):
        if path.parent.name == "aggregator" and path.name in root:
            continue
        for name in imported(path):
            assert name.split(".")[0] not in {"providers", "planner"}, f"{path}: {name}"


def test_the_border_runs_without_django() -> None:
    modules = ", ".join(f"aggregator.{name}" for name in sorted(BORDER))
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
