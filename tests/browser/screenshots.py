"""Pictures of every sort of page: ``python -m tests.browser.screenshots`` saves them into ``var/screenshots/``.

The pages are those of ``everything``, at 390 and 1280 px, light and dark; the trailer's is left out, since its player
is another's. It runs as one test of pytest on a database of its own, which goes with it.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "var" / "screenshots"


def take(tab: Any, pages: Mapping[str, str], folder: Path = FOLDER) -> list[Path]:
    """Save them all; gives the files, named ``<page>-<width>-<scheme>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for width in (390, 1280):
        page = tab(width=width, reduced_motion="reduce")
        for name, path in pages.items():
            page.goto(path)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                taken.append(folder / f"{name}-{width}-{scheme}.png")
                page.screenshot(path=taken[-1], full_page=True)
    return taken


if __name__ == "__main__":
    os.environ["SCREENSHOTS"] = "1"
    file = Path(__file__).with_name("test_everything.py")
    sys.exit(pytest.main([str(file), "-q", "-k", "screenshots", "-p", "no:cacheprovider"]))
