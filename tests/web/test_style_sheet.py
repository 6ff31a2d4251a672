"""What can be said about the style sheet by arithmetic."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

CSS = Path(finders.find("web/style.css") or "").read_text("utf-8")
LIGHT, DARK = ':root, html[data-theme="light"]', 'html[data-theme="dark"]'
TEXT_PAIRS = [
    (text, ground)
    for text in ("ink", "soft", "red", "gold-ink", "jade")
    for ground in ("paper", "sheet", "sunk")
] + [("on-button", "button"), ("on-button", "button-deep")]


def theme(selector):
    body = re.search(re.escape(selector) + r" \{(.*?)\}", CSS, re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("selector", [LIGHT, DARK])
def test_every_text_can_be_read_on_every_ground(selector):
    colours = theme(selector)
    for text, ground in TEXT_PAIRS:
        assert contrast(colours[text], colours[ground]) >= 7, (text, ground)
    for ground in ("paper", "sheet"):
        assert contrast(colours["edge"], colours[ground]) >= 3, ground


def test_the_chosen_dark_and_the_phones_dark_are_the_same():
    assert theme(DARK) == theme('html:not([data-theme="light"])')


@pytest.mark.parametrize("size", [18, 22, 26, 30])
def test_text_sizes_follow_the_readers_own(size):
    assert f"font-size: {size / 16 * 100:g}%" in CSS


def test_what_one_taps_is_48_px_and_60_in_elder_view():
    target = float(re.search(r"--target: ([\d.]+)rem", CSS)[1])
    assert target * 18 >= 48
    assert target * 22 >= 60
    assert "html[data-elder] { font-size: 137.5%; }" in CSS


def test_no_small_print_in_elder_view():
    elder = dict(re.findall(r"--(small|tiny): ([.\d]+)rem", CSS.split("html[data-elder] { --")[1]))
    small = {"small": re.search(r"html\[data-elder\] \{ --small: ([.\d]+)rem", CSS)[1], **elder}
    assert all(float(size) >= 0.95 for size in small.values())
    assert all(float(size) >= 0.95 for size in re.findall(r"font-size: ([.\d]+)rem", CSS))


def test_an_enlargement_by_the_phone_is_let_through():
    """WeChat enlarges text itself, up to 1.5."""
    assert "text-size-adjust" not in CSS


def test_choices_stand_outside_media_queries_where_look_css_can_take_them():
    inside = re.findall(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", CSS)
    assert inside
    assert not [body for body in inside if "html[data-" in body]


def test_no_font_or_picture_is_fetched_for_the_style():
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS
