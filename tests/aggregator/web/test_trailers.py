"""Clips: which hosts may be framed, and that none is before a visitor asks."""

from collections.abc import Callable

import pytest
from django.test import Client

from aggregator.web.trailers import PLAYER_ORIGINS, player_of, trailers
from tests import factories
from tests.factories import NOW

Page = Callable[..., str]
TUBE = "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0"


@pytest.mark.parametrize(
    ("url", "player"),
    [
        ("https://www.youtube.com/watch?v=a1B2c3D4e5F&t=9", TUBE),
        ("http://m.youtube.com/watch?v=a1B2c3D4e5F", TUBE),
        ("https://youtu.be/a1B2c3D4e5F?si=x", TUBE),
        ("https://www.youtube.com/embed/a1B2c3D4e5F?autoplay=1", TUBE),
        ("https://www.youtube.com/shorts/a1B2c3D4e5F", TUBE),
        ("https://vimeo.com/12345678", "https://player.vimeo.com/video/12345678?dnt=1"),
        (
            "https://vimeo.com/12345678/0a1b2c3d4e",
            "https://player.vimeo.com/video/12345678?dnt=1&h=0a1b2c3d4e",
        ),
        ("https://player.vimeo.com/video/12345678", "https://player.vimeo.com/video/12345678?dnt=1"),
        (
            "https://www.dailymotion.com/video/x8abcde_title",
            "https://geo.dailymotion.com/player.html?video=x8abcde",
        ),
        ("https://dai.ly/x8abcde", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://www.youtube.com/watch?v=short", ""),
        ("https://www.youtube.com/watch?v=a1B2c3D4e5F%22onload", ""),
        ("https://youtube.com.evil.example/watch?v=a1B2c3D4e5F", ""),
        ("https://evil.example/?u=https://www.youtube.com/watch?v=a1B2c3D4e5F", ""),
        ("https://vimeo.com/user", ""),
        ("https://video.example/1.mp4", ""),
        ("http://[::1", ""),
    ],
)
def test_only_known_hosts_are_framed_from_their_player(url: str, player: str) -> None:
    assert player_of(url)[0] == player


def test_clips_stand_once_and_only_web_addresses() -> None:
    given = [
        {"url": "https://youtu.be/a1B2c3D4e5F"},
        {"url": "javascript:x"},
        {"url": "https://video.example/1", "label": "Clip"},
        {"url": "https://www.youtube.com/watch?v=a1B2c3D4e5F"},
        {},
        {"url": "https://vimeo.com/12345678"},
    ]
    assert [(clip.number, clip.label) for clip in trailers(given)] == [
        (1, "Trailer"),
        (0, "Clip"),
        (2, "Trailer"),
    ]


@pytest.mark.django_db
def test_a_page_links_to_the_player_and_only_that_page_may_frame_it(client: Client, page: Page) -> None:
    film = factories.make_film(
        trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}, {"url": "https://video.example/1"}]
    )
    html = page(f"/films/{film.pk}-nattlinjen/")
    assert "<iframe" not in html
    assert 'href="https://www.youtube' not in html
    assert f'href="/trailers/film/{film.pk}/1/"' in html
    assert 'href="https://video.example/1" rel="noopener nofollow"' in html
    assert "frame-src" not in client.get(f"/films/{film.pk}-nattlinjen/")["Content-Security-Policy"]
    response = client.get(f"/trailers/film/{film.pk}/1/")
    assert f'src="{TUBE}"' in response.content.decode()
    assert "sandbox=" in response.content.decode()
    assert f"frame-src {' '.join(PLAYER_ORIGINS)}" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_there_is_no_player_for_what_is_not_shown(client: Client) -> None:
    clip = [{"url": "https://youtu.be/a1B2c3D4e5F"}]
    film = factories.make_film(trailers=clip)
    gone = factories.make_film(trailers=clip, withdrawn_at=NOW)
    hidden = factories.make_person(trailers=clip, public=False)
    for address in (
        f"film/{film.pk}/2",
        f"film/{film.pk}/0",
        f"film/{gone.pk}/1",
        f"person/{hidden.pk}/1",
        "venue/1/1",
        "term/1/1",
        f"film/{10**18 * 99}/1",
    ):
        assert client.get(f"/trailers/{address}/").status_code == 404, address


@pytest.mark.django_db
def test_an_event_plays_its_films_clips_too(client: Client) -> None:
    film = factories.make_film(trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}])
    event = factories.make_event(film=film)
    assert TUBE in client.get(f"/trailers/event/{event.pk}/1/").content.decode()
    factories.hide(film)
    assert client.get(f"/trailers/event/{event.pk}/1/").status_code == 404


@pytest.mark.django_db
def test_the_page_of_a_clip_names_the_film_in_the_visitors_language(page: Page) -> None:
    film = factories.make_film(
        titles={"sv": "Natten", "en": "The Night"}, trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}]
    )
    path = f"/trailers/film/{film.pk}/1/"
    assert '<h1 class="page-title">Natten</h1>' in page(path, "sv")
    assert '<h1 class="page-title">The Night</h1>' in page(path, "en")
    foreign = factories.make_film(titles={"fi": "Yö"}, trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}])
    assert '<h1 class="page-title" lang="fi">Yö</h1>' in page(f"/trailers/film/{foreign.pk}/1/", "sv")
