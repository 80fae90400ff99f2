"""All sorts of public pages, with pictures: for eyes, hands and readers, light and dark, narrow and wide, on paper."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import everything, screenshots
from tests.browser.conftest import LOOKS, Tabs, serious
from tests.factories import NOW

pytestmark = LOOKS
PLAYER = "https://www.youtube-nocookie.com/embed/"
DETAILS = ("event", "film", "person", "venue", "festival", "section", "organisation", "trailer")

# What is wrong with the element that has the focus, "" for nothing: it must be in the window, nothing may lie over all
# of it, and it must be told apart from what has no focus.
FOCUSED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body || one.matches("iframe")) return "";
  const name = (one.textContent || one.name || one.id).trim().replace(/\\s+/g, " ").slice(0, 40);
  const boxes = [...one.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  if (!boxes.length) return `${name}: no box`;
  const hit = boxes.some((box) => [0.1, 0.5, 0.9].some((across) => [0.15, 0.5, 0.85].some((down) => {
    const at = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
    return at && (one.contains(at) || at.contains(one) && at.closest("label, .tile, .poster, .cell"));
  })));
  if (!hit) return `${name}: hidden at ${boxes[0].left},${boxes[0].top} by ` +
    `${document.elementFromPoint(boxes[0].left + boxes[0].width / 2, boxes[0].top + boxes[0].height / 2)?.className}`;
  const seen = [one, ...one.children, one.closest("li"), one.nextElementSibling].filter(Boolean).some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
  });
  return seen ? "" : `${name}: no outline`;
}
"""


@pytest.fixture(name="pages")
def _pages(monkeypatch: pytest.MonkeyPatch, settings: Any, transactional_db: None) -> Mapping[str, str]:
    """Sunday 22 November 2026, 16:00 in Stockholm; name → path."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.DEBUG = False  # our own page for what is lost
    return everything.build(settings)


def opened(tab: Tabs, page: Page, path: str) -> int:
    """Go to *path*; gives the status. A trailer may ask for its player, which is not let out."""
    if path.startswith("/trailers/"):
        page.route("https://**", lambda route: route.abort())
    answer = page.goto(path)
    assert answer is not None
    if path.startswith("/trailers/"):
        assert any(PLAYER in wrong for wrong in tab.wrongs)
        tab.wrongs[:] = [wrong for wrong in tab.wrongs if not wrong.startswith(f"asked for {PLAYER}")]
    return answer.status


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_axe_finds_nothing_on_any_page_in_light_and_dark_narrow_and_wide(
    tab: Tabs, pages: Mapping[str, str]
) -> None:
    page = tab()
    found = []
    for name, path in pages.items():
        assert opened(tab, page, path) == (404 if name == "lost" else 200), name
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                # The dark scheme changes colours and nothing else.
                wrongs = serious(page, only=["color-contrast"] if scheme == "dark" else ())
                found += [f"{name} {width} {scheme}: {wrong}" for wrong in wrongs]
    assert found == []


def test_every_picture_that_is_shown_has_come(tab: Tabs, pages: Mapping[str, str]) -> None:
    page = tab()
    shown = 0
    for name in ("home", "events", "events-grid", "films", "people", "event", "film", "person", "festival"):
        page.goto(pages[name])
        page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
        page.wait_for_load_state("networkidle")
        broken = page.evaluate(
            """() => [...document.images].filter((one) => one.checkVisibility() && !one.naturalWidth)
              .map((one) => one.currentSrc)"""
        )
        assert broken == [], name
        shown += page.evaluate("[...document.images].filter((one) => one.naturalWidth > 1).length")
    assert shown >= 9


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_is_seen_forwards_and_backwards(
    tab: Tabs, pages: Mapping[str, str], width: int
) -> None:
    page = tab(width=width, height=700, reduced_motion="reduce")
    wrong = []
    for name in ("events", "festival", "festival-grid", "event", "search"):
        page.goto(pages[name])
        for key in ("Tab", "Shift+Tab"):
            for _ in range(45 if key == "Tab" else 30):
                page.keyboard.press(key)
                if told := page.evaluate(FOCUSED):
                    wrong.append(f"{name} {key}: {told}")
    assert wrong == []


def test_no_detail_is_cut_off_at_four_hundred_percent_or_on_a_wall(
    tab: Tabs, pages: Mapping[str, str]
) -> None:
    """320 px is 1280 px at 400 %."""
    page = tab(width=320)
    for name in (*DETAILS, "festivals", "organisations", "venues", "sources", "home", "search"):
        assert opened(tab, page, pages[name]) == 200
        for width in (320, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, (name, width)
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('main p')].map((one) => one.clientWidth))"
    )
    assert widest < 1500


def test_a_keyboard_walks_the_festival_on_a_phone(tab: Tabs, pages: Mapping[str, str]) -> None:
    page = tab(width=390, height=700, reduced_motion="reduce")
    page.goto(pages["festival"])
    links = page.locator(".tile-link:visible")
    assert links.count() > 3
    for link in links.all():
        box = link.bounding_box()
        assert box is not None  # a box of its own, or some browsers do not let it have the focus
        assert box["height"] >= 24
    links.first.focus()
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/**")


def test_the_festival_prints_as_a_programme(tab: Tabs, pages: Mapping[str, str]) -> None:
    page = tab(width=760)
    for name in ("festival", "festival-grid"):
        page.goto(pages[name])
        page.emulate_media(media="print", color_scheme="dark")
        for selector in (".masthead-nav", ".masthead-search", ".festival-days", ".grid-switch", ".languages"):
            assert not page.locator(selector).first.is_visible(), (name, selector)
        for tile in page.locator(".tile:visible").all():
            assert tile.locator(".tile-time").is_visible()
            assert tile.locator(".tile-where").bounding_box()["width"] > 10  # type: ignore[index]
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") in (
            *("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"),
        )
        assert overflow(page) <= 0, name
        assert page.locator(".tile", has_text="Cancelled").first.is_visible()


def test_who_wants_no_motion_gets_none(tab: Tabs, pages: Mapping[str, str]) -> None:
    page = tab(reduced_motion="reduce")
    for name in ("home", "events", "festival", "film", "events-map"):
        page.goto(pages[name])
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((one) => {
              const style = getComputedStyle(one);
              return style.scrollBehavior === "smooth" || [style.transitionDuration, style.animationDuration]
                .some((each) => each.split(",").some((time) => Number.parseFloat(time) > 0.01));
            }).map((one) => `${one.tagName} ${one.className}`)"""
        )
        assert moving == [], name


def test_forced_colours_leave_everything_told_apart(tab: Tabs, pages: Mapping[str, str]) -> None:
    page = tab(forced_colors="active", reduced_motion="reduce")
    page.goto(pages["events"])
    edge = """one => { const style = getComputedStyle(one);
      return style.outlineStyle + style.borderTopColor + style.textDecorationLine; }"""
    views = page.locator(".views a")
    chosen = [link for link in views.all() if link.get_attribute("aria-current")]
    other = [link for link in views.all() if not link.get_attribute("aria-current")]
    assert chosen[0].evaluate(edge) != other[0].evaluate(edge)
    for badge in page.locator(".badge").all():
        assert badge.inner_text().strip()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == ""
    page.goto(pages["festival-grid"])
    assert all(
        tile.evaluate("one => Number.parseFloat(getComputedStyle(one).borderTopWidth) > 0")
        for tile in page.locator(".tile").all()
    )


def test_screenshots_can_be_taken_of_them(tab: Tabs, pages: Mapping[str, str], tmp_path: Path) -> None:
    """Of two pages here; of all, into ``var/screenshots``, when ``screenshots`` runs this."""
    wanted = pages if os.environ.get("SCREENSHOTS") else {name: pages[name] for name in ("festival", "event")}
    wanted = {name: path for name, path in wanted.items() if name != "trailer"}
    folder = screenshots.FOLDER if os.environ.get("SCREENSHOTS") else tmp_path
    taken = screenshots.take(tab, wanted, folder)
    assert len(taken) == 4 * len(wanted)
    assert all(file.stat().st_size > 5_000 for file in taken)
