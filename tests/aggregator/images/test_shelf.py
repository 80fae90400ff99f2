"""Files: within the cap, none left behind, none missing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from aggregator import tasks
from aggregator.images import shelf
from aggregator.models import Image, Rendition
from tests.aggregator.images.pictures import make_image
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def put(image: Image, preset: str, size: int, days: int = 0) -> Rendition:
    """A file of *size* bytes, last used *days* ago."""
    [row] = shelf.plan(image.pk, "h" * 64, [(preset, "jpg")], NOW)
    shelf.write(row, bytes(size))
    shelf.settle([row], NOW)
    Rendition.objects.filter(pk=row.pk).update(used_at=NOW - timedelta(days=days))
    return row


def files(folder: Path) -> set[str]:
    return {path.name.rsplit("-", 1)[0] for path in folder.rglob("*") if path.is_file()}


def test_above_the_cap_what_was_not_used_for_longest_goes(shelf_folder: Path) -> None:
    image = make_image()
    put(image, shelf.KEPT, 100, 400)
    put(image, "square-75", 100, 1)
    put(image, "square-190", 100, 30)
    put(image, "fit-100", 100, 20)
    assert shelf.taken() == 400
    assert shelf.evict(NOW, 400) == 0
    assert shelf.evict(NOW, 300) == 2
    shelf.sweep(NOW)
    # The kept file is the oldest and stays: without it a picture would have to be fetched again.
    assert files(shelf_folder) == {"kept", "square-75"}
    assert shelf.taken() == 200
    assert shelf.evict(NOW, 50) == 2
    shelf.sweep(NOW)
    assert files(shelf_folder) == set()


def test_a_tick_keeps_to_the_cap(settings: Any, shelf_folder: Path) -> None:
    image = make_image()
    put(image, "square-75", 1000)
    settings.IMAGE_DISK_BYTES = 500
    tasks.tidy_pictures(NOW)
    assert files(shelf_folder) == set()


def test_a_file_has_one_maker_until_its_plan_runs_out() -> None:
    image = make_image()
    [first] = shelf.plan(image.pk, "h" * 64, [("square-75", "jpg")], NOW)
    assert shelf.plan(image.pk, "h" * 64, [("square-75", "jpg")], NOW) == []
    [second] = shelf.plan(image.pk, "h" * 64, [("square-75", "jpg")], NOW + timedelta(minutes=2))
    assert first.name != second.name
    shelf.sweep(NOW + timedelta(minutes=2))
    assert list(Rendition.objects.all()) == [second]


def test_a_plan_for_a_picture_that_is_gone_is_none() -> None:
    image = make_image()
    pk = image.pk
    image.delete()
    # On both databases the foreign key is checked at the end of a transaction, which a test never reaches.
    from django.db import connection, transaction

    with transaction.atomic():
        found = shelf.plan(pk, "h" * 64, [("square-75", "jpg")], NOW)
        Rendition.objects.filter(pk__in=[row.pk for row in found]).delete()
    connection.check_constraints()


def test_files_go_only_after_their_makers_time(shelf_folder: Path) -> None:
    image = make_image()
    [row] = shelf.plan(image.pk, "h" * 64, [("square-75", "jpg")], NOW)
    shelf.write(row, b"half")
    image.delete()  # while somebody is at it
    assert shelf.sweep(NOW) == 0
    assert files(shelf_folder) == {"square-75"}
    assert shelf.sweep(NOW + timedelta(minutes=5)) == 1
    assert files(shelf_folder) == set()


def test_a_file_that_is_gone_already_is_no_trouble() -> None:
    row = put(make_image(), "square-75", 10)
    shelf.storage().delete(row.name)
    assert shelf.read(row.name) is None
    Rendition.objects.update(image=None)
    assert shelf.sweep(NOW) == 1
    assert not Rendition.objects.exists()


def test_any_storage_of_djangos_will_do(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    row = put(make_image(), "square-75", 10)
    assert shelf.read(row.name) == bytes(10)
    assert storages["pictures"].exists(row.name)
    storages["pictures"].save("other", ContentFile(b"not ours"))
    Rendition.objects.update(image=None)
    shelf.sweep(NOW)
    assert not storages["pictures"].exists(row.name)
    assert storages["pictures"].exists("other")
