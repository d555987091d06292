"""Laws of inlining: the article's rules go into attributes, and nothing else of MJML's output changes."""

import html
import re
import time

import pytest
from mjml import mjml2html
from premailer import Premailer

from newsletter.rendering import cascade, inline

SOURCE = """<mjml lang="sv" dir="ltr"><mj-head><mj-title>T</mj-title>
<mj-style inline="inline">.prose p { color: #ffffff; margin: 0 0 14px } .gone { color: red }</mj-style>
<mj-style>@media (prefers-color-scheme: dark) { .prose p { color: #000000 !important; } }
.prose a:hover { color: #123456 !important; }</mj-style></mj-head>
<mj-body><mj-section><mj-column width="35%"><mj-image src="a.png" width="100px" alt="A"/></mj-column>
<mj-column><mj-text css-class="prose"><p>Hej <a href="NLabcX0XNL">där</a></p></mj-text></mj-column>
</mj-section></mj-body></mjml>"""


def made() -> tuple[str, str]:
    """Return what MJML makes without the rules, and with them."""
    layout, _ = inline.take(SOURCE)
    return mjml2html(layout, fonts={}), mjml2html(inline.into(SOURCE), fonts={})


def test_the_rules_stand_in_the_attributes_and_nowhere_else() -> None:
    plain, html = made()
    assert re.search(r'<p style="color:#ffffff;\s*margin:0 0 14px"', html)
    assert ".gone" not in html
    assert re.sub(r' style="color:#ffffff;margin:0 0 14px"', "", html) == plain


def test_style_sheets_stay_as_they_were_with_what_is_important() -> None:
    plain, html = made()
    sheets = re.findall(r"<style.*?</style>", plain, re.DOTALL)
    assert sheets == re.findall(r"<style.*?</style>", html, re.DOTALL)
    assert "!important" in "".join(sheets)
    assert "premailer" not in html


def test_a_mark_as_an_address_stays_whole() -> None:
    assert 'href="NLabcX0XNL"' in made()[1]


@pytest.mark.parametrize("source", ["<mj-style inline='inline'>p { margin: 0 }", "<mj-text><p>to the end"])
def test_what_does_not_end_stays_for_mjml_to_complain_of(source: str) -> None:
    assert inline.take(source) == (source, "")
    assert inline.take(f"<mj-style inline='inline'>a {{}}</mj-style>{source}") == (source, "a {}")


def test_references_in_the_rules_are_read() -> None:
    _, css = inline.take("<mj-style inline='inline'>p { font-family: &#39;A B&#39; }</mj-style>")
    assert css == "p { font-family: 'A B' }"


def test_without_rules_nothing_is_touched() -> None:
    source = "<mj-text><p>as it was<br>&amp; is</p></mj-text><mj-text />"
    assert inline.into(source) == source


RULES = """
p { margin: 0 } p + h2 { margin: 20px } .a p { color: #111111 } .a .b { color: #222222 } h2, .b a { margin: 1px }
em strong { color: #444444 } .x { left: 1px } li:first-child { margin: 3px } p:last-child { left: 0 }
.a:hover { color: red } a[href] { color: #333333 } div > p { padding: 0 } li li { margin: 2px } .c.b { top: 0 }
"""
TEXTS = [
    ("a", "<p>1</p><h2 class='x'>2</h2>"),
    ("a z", '<p class="b">1 <a href="x?a=1&amp;b=2">å &lt;b&gt;</a></p>'),
    ("", "<div><p>1</p></div><ul><li><ul><li>x</li></ul></li></ul>"),
    (
        "c",
        '<p class="c b"><!--[if mso]><v:x a="1"/><![endif]--><!--[if !mso]><!--><a href="">y</a><!--x--></p>',
    ),
    ("a", "plain &amp; simple<br>words"),
    ("", "<p><em>1</em> <strong>2</strong></p><p>3</p><h2>4</h2>"),
]


# Premailer's own code calls re.split in a way that Python 3.13 calls old.
@pytest.mark.filterwarnings("ignore:'maxsplit' is passed:DeprecationWarning")
@pytest.mark.parametrize(("name", "words"), TEXTS)
def test_a_text_gets_the_rules_that_premailer_gives_the_whole_page(name: str, words: str) -> None:
    page = f'<html><body><div class="{name}">{words}</div></body></html>'
    whole = Premailer(page, css_text=RULES, **cascade.OPTIONS).transform(pretty_print=False)
    wanted = whole[whole.index('">', whole.index("<div")) + 2 : whole.rindex("</div>")]
    got = inline.into(
        f'<mj-style inline="inline">{RULES}</mj-style><mj-text css-class="{name}">{words}</mj-text>'
        f'<mj-text css-class="other"><h2><a href="x">another</a></h2></mj-text>'
    )
    got = got[: got.index('<mj-text css-class="other"')]

    def same(text: str) -> str:
        return html.unescape(re.sub(r"\s*([;:])\s*", r"\1", text))

    assert same(got) == same(f'<mj-text css-class="{name}">{wanted}</mj-text>')


def test_a_joint_between_comments_for_outlook_goes_and_the_rest_stays() -> None:
    document = '<!--[if mso | IE]><td><![endif]--><!--[if mso | IE]></td><![endif]--><p style="a:b;">x; y</p>'
    assert inline.slim(document) == '<!--[if mso | IE]><td></td><![endif]--><p style="a:b;">x; y</p>'


def test_what_html_means_anyway_goes_and_words_stay() -> None:
    table = '<table border="0" cellspacing="0" style="vertical-align:top;">'
    cell = '<td style="direction:ltr;color:red;"><img alt="a" height="auto">direction:ltr; height="auto"'
    slim = '<table cellspacing="0"><td style="color:red;"><img alt="a">direction:ltr; height="auto"'
    assert inline.slim(table + cell) == slim
    back = '<div style="direction:rtl;">'
    assert 'style="direction:ltr;color:red;"' in inline.slim(back + table + cell), "it turns what it stands in"
    kept = '<table border="1"><table style="vertical-align:top;"><img height="20">'
    assert inline.slim(kept) == kept


def test_the_end_of_a_line_between_two_tags_stays_a_space() -> None:
    words = "<p><b>one</b>\n<a href='x'>two</a>\n\n  <em>three</em>&#160;<i>four</i></p>"
    html = mjml2html(inline.into(SOURCE.replace('<p>Hej <a href="NLabcX0XNL">där</a></p>', words)), fonts={})
    text = re.sub(r"<[^>]+>", "", html[html.index("<b>") : html.index("</i>")])
    assert text == "one two three&#160;four"


def test_the_ends_of_many_lines_are_read_in_one_pass() -> None:
    source = "<mj-text><p>a<b>" + " \n" * 50_000 + "</b></p></mj-text>"
    began = time.process_time()
    assert inline.into(source) == "<mj-text><p>a<b> </b></p></mj-text>"
    assert time.process_time() - began < 1
