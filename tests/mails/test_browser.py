"""Every kind of mail in a browser: at each width, light, dark, without its style block and inverted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

import pytest

from tests.compose.samples import CASES
from tests.mails.pages import ENVIRONMENT, MODES, WIDTHS, page
from worker.commands.report import Column
from worker.commands.report import page as report_page
from worker.compose import compose
from worker.plan.digest import Numbers

pytestmark = pytest.mark.real

_NARROW = WIDTHS[0]
_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('body *')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 0.5 || box.left < -0.5);
  });
  return { scroll: document.documentElement.scrollWidth - width, wide: wide.map((one) => one.outerHTML.slice(0, 120)) };
}"""
_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}"""


def shown(tab: Any, html: str, mode: str, width: int = _NARROW) -> None:
    """Show a page as a client of this mode does."""
    tab.emulate_media(color_scheme="dark" if mode == "dark" else "light")
    tab.set_viewport_size({"width": width, "height": 700})
    tab.goto("about:blank")
    tab.set_content(html)


def test_no_mail_is_wider_than_its_window(tab: Any, case: str, language: str, content: str) -> None:
    """Resized through 320, 600 and 1024 pixels, nothing stands out to either side, whoever wrote what."""
    for mode in ("light", "no style block"):
        shown(tab, page(case, content, language, mode), mode)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 700})
            found = tab.evaluate(_OVERFLOW)
            assert found == {"scroll": 0, "wide": []}, (mode, width)


def test_axe_finds_nothing(tab: Any, case: str, language: str, content: str) -> None:
    """Axe, contrast included, has no objection at 320 pixels, light and dark, and for what we write in any mode."""
    for mode in MODES if content == "typical" else MODES[:2]:
        shown(tab, page(case, content, language, mode), mode)
        assert tab.evaluate(_AXE) == [], mode


def test_nothing_is_fetched(tab: Any, case: str) -> None:
    """Opening a mail asks nobody for anything."""
    tab.asked.clear()
    shown(tab, page(case), "light")
    assert [url for url in tab.asked if not url.startswith(("about:", "data:"))] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_finger_meets_each_answer(tab: Any, case: str, width: int) -> None:
    """Every one-tap answer is 44 pixels high and wide or more, and none touches another."""
    shown(tab, page(case), "light", width)
    boxes = tab.evaluate(
        "() => [...document.querySelectorAll('a[href^=mailto]')].map((one) => one.getBoundingClientRect().toJSON())"
    )
    for box in boxes:
        assert box["height"] >= 44
        assert box["width"] >= 44
    for place, box in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = (
                box["right"] <= other["left"]
                or other["right"] <= box["left"]
                or box["bottom"] <= other["top"]
                or other["bottom"] <= box["top"]
            )
            assert apart


_ORDER = """() => [...document.querySelectorAll('span')].map((one) => one.getBoundingClientRect().left)"""


def laid_out(tab: Any, subject: str, name: str, direction: str) -> list[float]:
    """Return how far from the left each piece of a subject begins: what stands before the name, the name, the rest."""
    before, _, after = subject.partition(name)
    pieces = "".join(f"<span>{escape(piece)}</span>" for piece in (before, name, after))
    html = f"<!DOCTYPE html><html lang=en><title>x</title><p dir='{direction}'>{pieces}</p>"
    shown(tab, html, "light", WIDTHS[-1])
    found: list[float] = tab.evaluate(_ORDER)
    return found


@pytest.mark.parametrize("direction", ["ltr", "auto"])
@pytest.mark.parametrize("name", ["מרים", "أحمد"])
def test_a_subject_keeps_its_order_around_a_name(tab: Any, name: str, direction: str) -> None:
    """`1:1 NAME · 2 Mar` is shown in this order, in a list that goes by the page or by each line's first letter."""
    one = CASES["agenda-manager"]
    assert one.person is not None
    subject = compose(replace(one, person=replace(one.person, name=name)), ENVIRONMENT).subject
    left = laid_out(tab, subject, name, direction)
    assert left == sorted(left)
    bare = laid_out(tab, subject.replace("\u200e", ""), name, direction)
    assert bare != left


_NAME = "Wilhelmina-Anastasia von und zu Hohenberg-Lichtenstein"
_REPORT = [
    Column("Dana Kim", 4, Numbers(40, 36, 30, 4, 12, 9, 7), (2, 3, 4, 3) * 3, (1, 0, 0, 1) * 3, 5, 8),
    Column(_NAME * 3, 1, Numbers(), (0,) * 12, (0,) * 12, 0, 0),
]


@pytest.mark.parametrize("mode", MODES[:2])
def test_the_page_of_counts_is_as_good_as_a_mail(tab: Any, mode: str) -> None:
    """`report` is not wider than its window, has nothing for axe to object to, and asks nobody for anything."""
    tab.asked.clear()
    html = report_page(_REPORT, date(2026, 9, 7), date(2026, 11, 29))
    for width in WIDTHS:
        shown(tab, html, mode, width)
        assert tab.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert tab.evaluate(_AXE) == [], width
    assert [url for url in tab.asked if not url.startswith(("about:", "data:"))] == []


def test_the_checks_can_fail(tab: Any) -> None:
    """A page that is too wide and one that nobody can read are found."""
    shown(tab, "<!DOCTYPE html><html lang=en><title>x</title><p style='width:900px'>wide</p>", "light")
    assert tab.evaluate(_OVERFLOW)["scroll"] > 0
    shown(tab, "<!DOCTYPE html><html lang=en><title>x</title><h1 style='color:#eeeeee'>pale</h1>", "light")
    assert any(one.startswith("color-contrast") for one in tab.evaluate(_AXE))
