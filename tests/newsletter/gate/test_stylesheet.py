"""Rules of a style element, and what they make of a mail in the dark."""

import pytest
from lxml import html

from newsletter.gate.page import stylesheet

PAGE = html.document_fromstring("<div class='a'><p id='b' style='color:#000'>Hello <a href='x'>you</a></p></div>")


def dark(css: str, element: str) -> dict[str, str]:
    """Return what *css* changes about an element in the dark."""
    return dict(stylesheet.in_the_dark(PAGE, (css,)).get(PAGE.find(f".//{element}"), {}))


def test_rules_know_what_they_stand_in():
    css = "/* a { } */ @import 'x'; a { color: red } @media print { p, a { margin: 0; top: 1px } }"
    assert list(stylesheet.rules(css)) == [
        stylesheet.Rule((), "a", "color: red"),
        stylesheet.Rule(("@media print",), "p, a", "margin: 0; top: 1px"),
    ]


@pytest.mark.parametrize("css", ["", "{", "}", "}}}{{{", "a", "a {", "/*", "@media", "@media {", "a{b:c}}" * 9])
def test_broken_styles_are_read_as_far_as_they_go(css):
    assert len(list(stylesheet.rules(css))) <= 9
    assert stylesheet.nested(css) is False


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("@media print { @media screen { a { b: c } } }", True),
        ("@media print { a { b: c } } @media screen { a { b: c } }", False),
        ("@media print { @font-face { b: c } }", True),
    ],
)
def test_an_at_rule_in_another_is_found(css, found):
    assert stylesheet.nested(css) is found


@pytest.mark.parametrize(
    ("css", "element", "expected"),
    [
        ("@media (prefers-color-scheme: dark) { p { color: #fff !important } }", "p", {"color": "#fff"}),
        ("@media ( prefers-color-scheme:dark ) { .a p { color: #fff!important } }", "p", {"color": "#fff"}),
        ("@media (prefers-color-scheme: dark) { p { color: #fff } }", "p", {}),
        ("@media (prefers-color-scheme: light) { p { color: #fff !important } }", "p", {}),
        ("p { color: #fff !important }", "p", {}),
        ("@media (prefers-color-scheme: dark) { a:hover, :::x { color: #fff !important } }", "a", {}),
        (
            "@media (prefers-color-scheme: dark) { .a #b { color: #eee !important } p { color: red !important } }",
            "p",
            {"color": "#eee"},
        ),
    ],
)
def test_dark_mode_changes_what_its_important_rules_name(css, element, expected):
    assert dark(css, element) == expected
