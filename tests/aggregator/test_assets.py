"""Front-end files out of packages."""

from pathlib import Path

from django.contrib.staticfiles import finders

from aggregator.assets import LeafletFinder


def test_leaflet_is_found_by_its_address() -> None:
    for name in ("leaflet/leaflet.js", "leaflet/leaflet.css", "leaflet/images/marker-icon.png"):
        found = finders.find(name)
        assert found is not None
        assert Path(found).is_file()


def test_nothing_else_of_the_package_is_served() -> None:
    for name in (
        "leaflet/leaflet-src.js",
        "leaflet/../__init__.py",
        "leaflet.js",
        "leaflet/",
        "leaflet/images",
    ):
        assert not finders.find(name)
    collected = {name for name, _ in LeafletFinder().list(None)}
    assert collected >= {"leaflet.js", "leaflet.css"}
    assert not any("src" in name for name in collected)
