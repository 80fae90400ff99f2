"""A shelf of its own for every test, and a provider whose pictures lie on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages


@pytest.fixture(autouse=True)
def shelf_folder(tmp_path: Path, settings: Any) -> Path:
    """Where this test's picture files are."""
    folder = tmp_path / "pictures"
    pictures = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder)},
    }
    settings.STORAGES = {**settings.STORAGES, "pictures": pictures}
    assert storages["pictures"].base_location == str(folder)  # type: ignore[attr-defined]
    return folder


@pytest.fixture
def server(settings: Any) -> Iterator[Any]:
    """A picture server whose origin the provider ``sff`` is configured with."""
    from tests.aggregator.images.pictures import (
        upstream,
    )  # models, and so Django, are not to be loaded with this file
    from tests.toy import Toy, ToyConfig

    with upstream() as made:
        toy = Toy(config=ToyConfig(api_key="toy-key", base_url=f"{made.base}/v1/"))
        settings.PROVIDERS = {"sff": toy.configured()}
        yield made
