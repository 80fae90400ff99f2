"""Paths of our own pages."""

import pytest
from django.urls import set_script_prefix

from aggregator.addresses import path_of, web_link


@pytest.mark.parametrize(
    ("kind", "title", "path"),
    [
        ("event", {"sv": "Nattlinjen", "en": "The Night Line"}, "/events/7-the-night-line/"),
        ("film", {}, "/films/7-untitled/"),
        ("person", "Åsa Öberg", "/people/7-asa-oberg/"),
        ("venue", "Skandia", "/venues/7-skandia/"),
        ("festival", "日本", "/festivals/7-untitled/"),
        ("section", "Open Zone", "/sections/7-open-zone/"),
        ("organisation", "Nalen", "/organisations/7-nalen/"),
    ],
)
def test_every_kind_with_pages_has_a_path(kind: str, title: object, path: str) -> None:
    assert path_of(kind, 7, title) == path  # type: ignore[arg-type]


def test_a_path_keeps_the_language_of_the_address() -> None:
    set_script_prefix("/sv/")
    try:
        assert path_of("film", 7, "Yö") == "/sv/films/7-yo/"
    finally:
        set_script_prefix("/")


def test_a_kind_without_pages_has_none() -> None:
    with pytest.raises(KeyError):
        path_of("term", 1, "x")


@pytest.mark.parametrize("url", ["javascript:x", None, 3, "ftp://x", "//x"])
def test_only_web_addresses_are_linked(url: object) -> None:
    assert web_link(url) == ""
