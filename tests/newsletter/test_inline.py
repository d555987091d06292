"""Laws of inlining: the article's rules go into attributes, and nothing else of MJML's output changes."""

import re

from mjml import mjml2html

from newsletter import inline

SOURCE = """<mjml lang="sv" dir="ltr"><mj-head><mj-title>T</mj-title>
<mj-style inline="inline">.prose p { color: #ffffff; margin: 0 0 14px } .gone { color: red }</mj-style>
<mj-style>@media (prefers-color-scheme: dark) { .prose p { color: #000000 !important; } }
.prose a:hover { color: #123456 !important; }</mj-style></mj-head>
<mj-body><mj-section><mj-column width="35%"><mj-image src="a.png" width="100px" alt="A"/></mj-column>
<mj-column><mj-text css-class="prose"><p>Hej <a href="NLabcX0XNL">där</a></p></mj-text></mj-column>
</mj-section></mj-body></mjml>"""


def made() -> tuple[str, str]:
    layout, css = inline.take(SOURCE)
    plain = mjml2html(layout, fonts={})
    return plain, inline.apply(plain, css)


def test_the_rules_stand_in_the_attributes_and_nowhere_else() -> None:
    _, html = made()
    assert re.search(r'<p style="color:\s*#ffffff;\s*margin:\s*0 0 14px"', html)
    assert ".gone" not in html


def test_the_doctype_survives() -> None:
    assert made()[1].lower().startswith("<!doctype html>")


def test_style_sheets_stay_as_they_were_with_what_is_important() -> None:
    plain, html = made()
    sheets = re.findall(r"<style.*?</style>", plain, re.DOTALL)
    assert sheets == re.findall(r"<style.*?</style>", html, re.DOTALL)
    assert "!important" in "".join(sheets)
    assert "premailer" not in html


def test_conditional_comments_and_widths_stay() -> None:
    plain, html = made()
    assert re.findall(r"<!--.*?-->", plain, re.DOTALL) == re.findall(r"<!--.*?-->", html, re.DOTALL)
    assert re.findall(r'width="(\w+)"', plain) == re.findall(r'width="(\w+)"', html)


def test_a_mark_as_an_address_stays_whole() -> None:
    assert 'href="NLabcX0XNL"' in made()[1]


def test_references_in_the_rules_are_read() -> None:
    _, css = inline.take("<mj-style inline='inline'>p { font-family: &#39;A B&#39; }</mj-style>")
    assert css == "p { font-family: 'A B' }"


def test_without_rules_nothing_is_touched() -> None:
    assert inline.apply("<p>as it was", " ") == "<p>as it was"
