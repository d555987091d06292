"""Rules of a style element, and what they make of a mail in the dark."""

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from newsletter.gate import stylesheet

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


NESTED = html.document_fromstring(
    "<div class='a'><div class='b c'><p>1</p><div><p class='b'>2</p><a><p>3</p></a></div></div><p>4</p></div>"
    "<p>5</p>"
)
SELECTORS = [
    "p", ".b", "p.b", ".b.c", ".c.b p", ".a p", ".a > p", ".a>p", ".a > div p", ".a div > p", "div div > p",
    "div > div > p", "div > a p", ".a .b .c", "html body .a", "body > .a", "body > p", ".none p", "div",
]  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_selectors_of_tags_and_classes_mean_what_xpath_finds(selector: str) -> None:
    compiled, _, _ = stylesheet._selector(selector)
    assert stylesheet._steps(selector)
    assert compiled is not None
    assert set(compiled(NESTED, stylesheet.classes(NESTED))) == set(
        CSSSelector(selector, translator="html")(NESTED)
    )


@pytest.mark.parametrize(
    "selector", ["[data-x] p", "p + p", "a:first-child", "*", "#x", "> p", "p >", "a > > p", "P", ""]
)
def test_other_selectors_are_left_to_xpath(selector: str) -> None:
    assert stylesheet._steps(selector) == ()
