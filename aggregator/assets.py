"""Front-end files out of packages that are no Django apps."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage
from xstatic.pkg import leaflet


class LeafletFinder(BaseFinder):
    """Leaflet under ``leaflet/``: script, style and their pictures, and none of the sources beside them.

    The map of the script belongs to it: the storage that puts hashes into names follows the reference to it.
    """

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(leaflet.BASE_DIR)
        self.storage = FileSystemStorage(location=str(self.folder))
        # What collectstatic puts in front of the names.
        vars(self.storage)["prefix"] = "leaflet"
        super().__init__()

    def names(self) -> Iterator[str]:
        """The files that are served, relative to the package's folder."""
        yield from ("leaflet.js", "leaflet.js.map", "leaflet.css")
        yield from sorted(f"images/{path.name}" for path in (self.folder / "images").glob("*.png"))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where the static file *path* lies on the disk; empty for one that is not ours."""
        name = path.removeprefix("leaflet/")
        found = [str(self.folder / name)] if path != name and name in self.names() else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every file with the storage that holds it."""
        for name in self.names():
            if not matches_patterns(name, list(ignore_patterns or ())):
                yield name, self.storage
