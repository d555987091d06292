"""Contrast, by the numbers of WCAG."""

import pytest

from newsletter.gate.page import contrast, mailpage


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#fff", (255, 255, 255)),
        (" #1A2b3C ", (26, 43, 60)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("white", (255, 255, 255)),
        ("rgba(0,0,0,.5)", None),
        ("transparent", None),
        ("#12345", None),
    ],
)
def test_colours_are_read(text, value):
    assert contrast.colour(text) == value


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#767676", "#fff", 4.54)]
)
def test_the_ratio_is_that_of_wcag_and_has_no_direction(one, other, expected):
    first, second = contrast.colour(one), contrast.colour(other)
    assert contrast.ratio(first, second) == pytest.approx(expected, abs=0.005)
    assert contrast.ratio(second, first) == contrast.ratio(first, second)


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("<p style='color:#777'>grey</p>", 1),
        ("<p style='color:#777;font-size:24px'>large grey</p>", 0),
        ("<p style='color:#777;font-size:19px;font-weight:bold'>bold grey</p>", 0),
        ("<table bgcolor='#000000'><tr><td>black on black</td></tr></table>", 1),
        ("<td style='background:url(a.png)'><p style='color:#fff'>over a picture</p></td>", 0),
        ("<div style='background:#035'><a href='x'>a link of the browser's blue</a></div>", 1),
        ("<p style='display:none;color:#fff'>nobody sees it</p>", 0),
        ("<p style='color:#fff'>&nbsp;</p>", 0),
    ],
)
def test_weak_text_is_found_where_it_is_seen(page, count):
    assert len(list(contrast.weak(contrast.walk(mailpage.read(page).elements)))) == count
