"""Image jobs: fetched, made, kept in step with upstream, and given up on with a reason."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from aggregator.images import fetch, leads, shelf, work
from aggregator.images.presets import EAGER
from aggregator.models import Event, Image, Rendition
from aggregator.vocabulary import ImageRole
from tests.aggregator.images import pictures
from tests.aggregator.images.pictures import Upstream, make_image
from tests.factories import NOW, make_event, make_film, make_showing

pytestmark = pytest.mark.django_db


def run(now: Any = NOW) -> int:
    return work.work(30.0, clock=lambda: now)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_due_picture_gets_its_eager_set(server: Upstream, shelf_folder: Path) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())), copyright="Ida Ek")
    assert run() == 1
    image.refresh_from_db()
    assert (image.width, image.height, image.failure, image.attempts) == (1600, 1000, "", 0)
    assert image.dominant_colour.startswith("#b")
    assert image.due_at is not None
    assert NOW + timedelta(hours=20) < image.due_at < NOW + timedelta(days=2)
    made = {(row.preset, row.extension): row for row in Rendition.objects.filter(image=image)}
    assert set(made) == {(one.name, ending) for one in EAGER for ending in ("webp", "jpg")} | {
        ("kept", "jpg")
    }
    for (preset, extension), row in made.items():
        body = shelf.read(row.name)
        assert body is not None
        picture = pictures.opened(body)
        assert picture.size == (row.width, row.height)
        assert len(body) == row.size
        assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[extension]
        if preset != "kept":
            assert f"{row.width}x{row.height}" in preset
        assert picture.getexif().get(0x8298) == "Ida Ek"
        assert set(picture.getexif()) == {0x8298}
    assert len(files(shelf_folder)) == 13
    assert not shelf.sweep(NOW)


def test_an_unchanged_picture_is_asked_for_with_its_validators_and_left_alone(server: Upstream) -> None:
    body = pictures.encoded(pictures.photo())
    image = make_image(
        url=server.put("/a.jpg", body, ETag='"x"', **{"Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"})
    )
    run()
    before = set(Rendition.objects.values_list("pk", "made_at"))
    later = NOW + timedelta(days=40)
    Image.objects.update(due_at=later)
    assert run(later) == 1
    path, headers = server.asked[-1]
    assert (path, headers["If-None-Match"]) == ("/a.jpg", '"x"')
    assert headers["If-Modified-Since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert set(Rendition.objects.values_list("pk", "made_at")) == before
    image.refresh_from_db()
    assert image.due_at is not None
    assert image.due_at > later + timedelta(days=10)  # what never changes is asked for ever less often


def test_the_same_bytes_without_validators_are_left_alone_too(server: Upstream) -> None:
    make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())))
    run()
    before = set(Rendition.objects.values_list("pk", "made_at"))
    later = NOW + timedelta(days=2)
    Image.objects.update(due_at=later)
    run(later)
    assert len(server.asked) == 2
    assert set(Rendition.objects.values_list("pk", "made_at")) == before


def test_a_changed_picture_replaces_every_file(server: Upstream, shelf_folder: Path) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo()), ETag='"x"'))
    run()
    image.refresh_from_db()
    first = image.content_hash
    old = set(files(shelf_folder))
    server.put("/a.jpg", pictures.encoded(pictures.photo(colour=(20, 60, 180))), ETag='"y"')
    later = NOW + timedelta(days=2)
    Image.objects.update(due_at=later)
    run(later)
    image.refresh_from_db()
    assert image.content_hash != first
    assert image.changed_at == later
    assert shelf.sweep(later) == 13
    assert len(files(shelf_folder)) == 13
    assert not old & set(files(shelf_folder))


def test_a_new_copyright_is_a_new_picture(server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo()), ETag='"x"'), wanted="1")
    run()
    image.refresh_from_db()
    first = image.content_hash
    Image.objects.update(due_at=NOW, copyright="Bo Ask", wanted="2")
    run()
    image.refresh_from_db()
    assert "If-None-Match" not in server.asked[-1][1]
    assert image.content_hash != first


def test_temporary_failures_are_tried_again_soon_and_permanent_ones_after_a_day(server: Upstream) -> None:
    broken = make_image(url=server.put("/500.jpg", b"", 500))
    absent = make_image(url=f"{server.base}/nothing.jpg")
    run()
    broken.refresh_from_db()
    absent.refresh_from_db()
    assert (broken.failure, absent.failure) == ("server_error", "not_found")
    assert broken.due_at is not None
    assert absent.due_at is not None
    assert timedelta(seconds=50) < broken.due_at - NOW < timedelta(seconds=70)
    assert timedelta(hours=21) < absent.due_at - NOW < timedelta(hours=27)


def test_an_upstream_that_does_not_answer_is_left_alone_for_a_while(server: Upstream) -> None:
    images = [make_image(url=server.put("/500.jpg", b"", 500)) for _ in range(8)]
    other = make_image(
        make_event(provider="toy"), url=f"{server.base}/a.jpg", due_at=NOW + timedelta(seconds=1)
    )
    assert run() == 3
    assert len(server.asked) == 3 * fetch.LIMITS.attempts
    assert not work.due(NOW)
    assert work.due(NOW + timedelta(seconds=2))
    for image in images:
        image.refresh_from_db()
    assert sum(image.failure == "server_error" for image in images) == 3
    assert {image.attempts for image in images} == {0, 1}
    other.refresh_from_db()
    assert other.due_at == NOW + timedelta(seconds=1)


def test_what_was_fetched_outlives_failures_but_not_the_pictures_own_end(server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())))
    run()
    server.answers.clear()
    moment = NOW
    for attempt in (1, 2, 3):
        moment += timedelta(days=20)
        Image.objects.update(due_at=moment)
        run(moment)
        image.refresh_from_db()
        assert (image.failure, image.attempts) == ("not_found", attempt)
        assert bool(image.content_hash) == (attempt < 3)
    assert not Rendition.objects.filter(image=image).exists()


def test_a_limit_of_upstreams_is_obeyed(server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", b"", 429, **{"Retry-After": "120"}), due_at=timezone.now())
    run(timezone.now())
    image.refresh_from_db()
    assert (image.failure, image.attempts) == ("rate_limited", 0)
    assert image.due_at is not None
    assert image.due_at > timezone.now() + timedelta(seconds=100)


@pytest.mark.parametrize(
    "change",
    [{"generation": F("generation") + 1}, {"withdrawn_at": NOW, "generation": 7}],
)
def test_a_worker_that_was_overtaken_writes_nothing(
    server: Upstream, shelf_folder: Path, change: dict[str, Any]
) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())))
    claimed = work.claim(image.pk, NOW)
    assert claimed is not None
    assert work.claim(image.pk, NOW) is None
    Image.objects.filter(pk=image.pk).update(**change)
    with fetch.client([server.base]) as http:
        work.handle(claimed, http, clock=lambda: NOW)
    image.refresh_from_db()
    assert image.content_hash == ""
    shelf.sweep(NOW + timedelta(hours=1))
    assert not files(shelf_folder)
    assert not Rendition.objects.exists()


def test_a_worker_that_died_leaves_nothing_behind_and_the_next_one_goes_on(
    server: Upstream, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())))
    claimed = work.claim(image.pk, NOW)
    assert claimed is not None

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "_commit", killed)
    with fetch.client([server.base]) as http, pytest.raises(KeyboardInterrupt):
        work.handle(claimed, http, clock=lambda: NOW)
    monkeypatch.undo()
    assert len(files(shelf_folder)) == 13
    assert not work.due(NOW)
    later = NOW + timedelta(minutes=10)
    assert run(later) == 1
    shelf.sweep(later)
    assert len(files(shelf_folder)) == 13
    assert Rendition.objects.filter(made_at=None).count() == 0


def test_pictures_of_what_is_on_soon_come_first(server: Upstream) -> None:
    url = server.put("/a.jpg", pictures.encoded(pictures.photo(400, 300)))
    for _ in range(3):
        make_image(url=url)
    event = make_event()
    soon = make_image(event, url=url, due_at=NOW)
    leads.point_owner(soon)
    make_showing(event)
    assert work._next(NOW) == [soon.pk]


@pytest.mark.parametrize("column", ["withdrawn_at", "hidden_at"])
def test_nobody_asks_for_what_visitors_may_not_see(server: Upstream, column: str) -> None:
    image = make_image(make_event(**{column: NOW}), url=f"{server.base}/a.jpg")
    run()
    assert not server.asked
    image.refresh_from_db()
    assert image.due_at is not None
    assert image.due_at > NOW


def test_a_working_picture_stands_for_the_row_where_a_better_one_is_broken(server: Upstream) -> None:
    film = make_film()
    event = make_event(film=film)
    poster = make_image(film, role=ImageRole.POSTER, url=f"{server.base}/nothing.jpg")
    still = make_image(
        film, role=ImageRole.STILL, url=server.put("/a.jpg", pictures.encoded(pictures.photo()))
    )
    leads.point_owner(poster)
    assert Event.objects.get(pk=event.pk).picture_id == poster.pk
    run()
    film.refresh_from_db()
    assert film.picture_id == still.pk
    assert Event.objects.get(pk=event.pk).picture_id == still.pk
    server.put("/nothing.jpg", pictures.encoded(pictures.photo()))
    later = NOW + timedelta(days=2)
    run(later)
    film.refresh_from_db()
    assert film.picture_id == poster.pk
    assert Event.objects.get(pk=event.pk).picture_id == poster.pk
