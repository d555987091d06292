"""Laws of turning a stranger's HTML into our Markdown: it reads the same, and nothing in it is markup of ours."""

import re

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issuefile import dialect
from newsletter.issuefile.blocks import fence
from newsletter.model import Picture
from newsletter.personal import BRACES
from newsletter.reading.html import markup
from newsletter.rendering import prose
from tests.effort import computes

BASE = "https://site.example/news/open-house/"

CASES = {
    "<p>Hello <b>bold </b>and <i>it</i>.</p>": "Hello **bold** and *it*.",
    "<a href='/a?b=1&amp;c=(2)'>here</a>": "[here](https://site.example/a?b=1&c=%282%29)",
    "<a href='#top'>up</a> <a href='javascript:alert(1)'>x</a>": "up x",
    "<img src='pic.jpg' alt='A [b]'>": "![A \\[b\\]](https://site.example/news/open-house/pic.jpg)",
    "<img src='data:image/gif;base64,x' data-src='/real.png' alt=''>": "![](https://site.example/real.png)",
    "<img src='/i/blank.gif' data-srcset='/h.jpg 100h, /w.jpg 700w' alt=''>": "![](https://site.example/w.jpg)",
    "<img src='/i/blank.gif' data-srcset='/w.jpg 768w, /x.jpg 1024w, /y.jpg 1536w' alt=''>": "![](https://site.example/x.jpg)",
    "<img src='/i/blank.gif' data-srcset='/w.jpg 768w, /x.jpg 1536w' alt=''>": "![](https://site.example/x.jpg)",
    "<img src='/i/blank.gif' data-srcset='/w.jpg 480w, /x.jpg 1200w' alt=''>": "![](https://site.example/x.jpg)",
    "<img src='data:image/svg+xml,x' data-orig-src='/y.jpg' alt=''>": "![](https://site.example/y.jpg)",
    "<p>10<sup>6</sup> m<sup class='x'>2</sup>, CO<sub>2</sub>, 10<sup>-3</sup>": "10⁶ m², CO₂, 10⁻³",
    "<p>the 5<sup>th</sup>, x<sub>n</sub>, a<sup></sup>": "the 5th, xn, a",
    "<p>a</p><img src='https://t.example/x.gif' width='1' height='1'>": "a",
    "<h1>One</h1><p>x</p><h2>Two</h2><p>y</p>": "## One\n\nx\n\n### Two\n\ny",
    "<h4>Deep</h4><p>x</p>": "## Deep\n\nx",
    "<blockquote>Grow.<cite>Ada Lund, CEO</cite></blockquote>": '::: quote {by="Ada Lund, CEO"}\nGrow.\n:::',
    "<p>– Vi växer, säger Ada Lund, vd.</p>": '::: quote {by="Ada Lund, vd"}\nVi växer.\n:::',
    "<blockquote>“Grow.”</blockquote><p>säger Ada Lund, vd på Kajen.</p><p>So it is.</p>": (
        '::: quote {by="Ada Lund, vd på Kajen"}\nGrow.\n:::\n\nSo it is.'
    ),
    "<blockquote>“Grow.”</blockquote><p>– Ada Lund, CEO</p>": '::: quote {by="Ada Lund, CEO"}\nGrow.\n:::',
    "<blockquote>“Grow.”</blockquote><p>Ada Lund agrees.</p>": '::: quote {by=""}\nGrow.\n:::\n\nAda Lund agrees.',
    "<blockquote>“Grow.”</blockquote><p>säger Ada Lund. Så är det.</p>": (
        '::: quote {by=""}\nGrow.\n:::\n\nsäger Ada Lund. Så är det.'
    ),
    "<blockquote>We grow, says Ada Lund, CEO.</blockquote>": '::: quote {by="Ada Lund, CEO"}\nWe grow.\n:::',
    "<blockquote>“Grow.”<cite>Ada Lund</cite></blockquote>": '::: quote {by="Ada Lund"}\nGrow.\n:::',
    "<ul><li>one<ul><li>two</li></ul></li></ul><ol start='3'><li>c</li></ol>": "- one\n  - two\n\n3. c",
    "<table><tr><td>09</td><td>Coffee</td></tr></table>": "- 09 · Coffee",
    "<table><tr><td><p>just laid out</p></td></tr></table>": "just laid out",
    "<dl><dt>Day</dt><dd>5 June</dd><dt>Cost:</dt><dd>None</dd></dl>": "- **Day**: 5 June\n- **Cost:** None",
    "<dl><dt>Day</dt><dd>5</dd><dd>6</dd></dl>": "**Day**\n\n5\n\n6",
    "<details><summary>How?</summary><p>So.</p></details>": "**How?**\n\nSo.",
    "It blew.<br><br>- We grow, says Ada Lund.": 'It blew.\n\n::: quote {by="Ada Lund"}\nWe grow.\n:::',
    "<p>· one</p><p>·&nbsp;&nbsp; two</p><p>Then</p>": "- one\n- two\n\nThen",
    "<p>We have:<br>• one<br>• two</p>": "We have:\n- one\n- two",
    "<p>👩\u200d🔬 a\u200db می\u200cخواهم</p>": "👩\u200d🔬 ab می\u200cخواهم",
    "<p>R&amp;D, 5 &lt; 6, snake_case, 2 * 3</p>": "R&D, 5 \\< 6, snake_case, 2 \\* 3",
    "<p># a</p><p>1. b</p><p>- c</p><p>&gt; d</p><p>===</p>": "\\# a\n\n1\\. b\n\n\\- c\n\n\\> d\n\n\\===",
    "<p>a<br>b<br><br>c</p>": "a\\\nb\n\nc",
    "<p>so<b>:</b>ft&shy;en &#8203;&#x202e;x</p>": "so **:** ften x",
    "<script>x</script><style>y</style><form>z</form><p>kept</p>": "kept",
    "<p>Look!<a href='/x'>x</a></p>": "Look\\![x](https://site.example/x)",
    "<p>ba<span>:</span>::</p><p>:::</p><p>:<i></i>:: lead</p>": "ba:::\n\n\\:::\n\n\\::: lead",
    "<p>{{ name }} {<span>{</span> x }} {% y %}</p>": "\\{\\{ name }} \\{\\{ x }} \\{% y %}",
    "<p>It grew.<sup><a href='#fn:1'>1</a></sup></p><ol><li>A lot. <a href='#r'>\u21a9\ufe0e</a></li></ol>":
        "It grew.\\[1\\]\n\n1. A lot.",
    "<a href='/w'><div>Worms</div><div>A film.</div><img src='/favicon.ico'></a>":
        "[Worms](https://site.example/w)\n\nA film.",
    "<ul><li><a href='/w'><p>1 May</p><h3>Worms</h3></a></li></ul>": "- 1 May\n\n  [**Worms**](https://site.example/w)",
    "<a href='/p.pdf'>Plan</a><a href='/p.pdf' class='wp-block-file__button' download>Ladda ner</a>":
        "[Plan](https://site.example/p.pdf)",
    "<a href='/a.jpg'><img src='/s.jpg'><p>Worms</p><p>Two</p></a>":
        "![](https://site.example/s.jpg)\n\nWorms\n\nTwo",
    "<h2><b>One</b></h2><p>x</p>": "## One\n\nx",
    "<h2>More than sixty people came to the mill on Saturday, and stayed for soup.</h2><h3>Then</h3><p>y</p>":
        "More than sixty people came to the mill on Saturday, and stayed for soup.\n\n## Then\n\ny",
    "<img src='https://w.example/m/a.jpg/v1/fill/w_147,h_98,q_80,blur_2/b.jpg'>":
        "![](https://w.example/m/a.jpg/v1/fit/w_1200,h_1200,q_85/b.jpg)",
    "<img src='https://s.w.org/images/core/emoji/15/72x72/1f680.png' alt='🚀'>": "🚀",
    "<img src='https://s.example/img/emoticons/wink.png' alt=';-)'>": ";-)",
    "<img src='https://s.example/i/e.php' width='16' height='16' alt='🚀'>": "🚀",
    # What is no larger than a letter is a sign, and what is no address is none.
    "<p>a <img src='/arrow.png' width='5' height='12' alt=''></p>": "a",
    "<img src='/a.jpg' data-lazy='true'>": "![](https://site.example/a.jpg)",
    "<img src='/a.jpg' data-lazy='[/b.jpg, (default)], [/c.jpg, (large)]'>": "![](https://site.example/a.jpg)",
    # A list of pictures has no bullets; of words it has.
    "<ul><li><img src='/a.jpg'><figcaption>The <b>mill</b></figcaption></li><li><img src='/b.jpg'></li></ul>":
        "![](https://site.example/a.jpg)\n\nThe **mill**\n\n![](https://site.example/b.jpg)",
    "<ul><li><img src='/a.jpg'> Mill</li><li>Quay</li></ul>": "- ![](https://site.example/a.jpg) Mill\n- Quay",
    # A line that ends within strong or linked words ends behind them.
    "<p><b>Doors <br></b>open</p><p><i><br>Now</i></p>": "**Doors**\\\nopen\n\n\\\n*Now*",
    "<p><a href='/w'><b>Worms<br></b></a>crawl</p>": "[**Worms**](https://site.example/w)\\\ncrawl",
}  # fmt: skip


@pytest.mark.parametrize(("html", "wanted"), CASES.items())
def test_html_reads_the_same_in_markdown(html: str, wanted: str) -> None:
    assert markup.markdown(html, BASE) == wanted


def test_the_heading_that_repeats_the_title_is_left_out() -> None:
    assert markup.markdown("<h1>Open  House!</h1><h2>When</h2><p>Now</p>", BASE, "Open house") == "## When\n\nNow"


def test_pictures_near_a_file_keep_their_path_and_no_other_path_is_kept() -> None:
    paths = ("a/b.jpg", "../c.jpg", "a/../d.jpg", "/etc/d.jpg", "file:///e.jpg")
    html = "".join(f"<img src='{path}'>" for path in paths)
    assert markup.markdown(html, beside=True) == "![](a/b.jpg)![](../c.jpg)"
    assert markup.markdown(html) == ""


#: From the payload collections of DOMPurify and feedparser, shortened.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=x><input name=y><button>z</button></form>",
    "<base href='https://evil.example/'><p>x</p>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<style>@import 'https://evil.example'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>[x](javascript:alert(1)) ![y](javascript:alert(2)) &lt;javascript:alert(3)&gt;</p>",
    "<a href='https://x.example/)](javascript:alert(1))'>x</a>",
    "<img alt='](javascript:alert(1))' src='https://x.example/y.png'>",
    "<xmp><script>alert(1)</script></xmp><plaintext><script>alert(2)</script>",
    "<p>```\n<script>alert(1)</script>\n```</p><pre><code>&lt;script&gt;</code></pre>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives_to_the_reader(payload: str) -> None:
    shown = prose.html(markup.markdown(payload, BASE))
    for element in html5lib.parse(shown, namespaceHTMLElements=False).iter():
        assert element.tag not in {
            "script",
            "svg",
            "math",
            "form",
            "iframe",
            "meta",
            "base",
            "style",
            "object",
            "input",
        }
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE)


PIECES = st.lists(
    st.one_of(
        st.text(alphabet="{}:*_[]()<>#-+=!`~\\|&; \n1.ab\"'", max_size=12),
        st.sampled_from(
            [
                "<p>", "</p>", "<b>", "</b>", "<br>", "<li>", "<ul>", "</ul>", "<blockquote>", "<h2>", "</h2>",
                "<a href='/x{{y}}'>", "</a>", "<i></i>", ":::", "{{", "<img src=x alt='{{ ::: '>",
                "<cite>a\"b</cite>", "<div>",
                "<table><tr><td>",
            ]
        ),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=400)
@given(PIECES)
def test_no_html_opens_a_block_or_a_personal_field(pieces: list[str]) -> None:
    text = markup.markdown("".join(pieces), BASE)
    assert not BRACES.search(text)
    assert {block.kind for block in fence.scan(text.split("\n"), "article")} <= {"", "quote"}


@settings(max_examples=400)
@given(st.text(alphabet="{}:*_[]()<>#-+=!`~\\|&;. 1aB\"'é", min_size=1, max_size=40))
def test_escaped_text_reads_as_what_it_was(text: str) -> None:
    line = " ".join(text.split())
    words = html5lib.parse(prose.html(dialect.escape(line)), namespaceHTMLElements=False)
    assert " ".join("".join(words.itertext()).split()) == line
    assert len(words.find("body")) == (1 if line else 0)


@pytest.mark.parametrize(
    "tag", ["<div>", "<ul><li>", "<b>", "<blockquote>", "<p>", "<table><tr><td>", "<a href=x>"]
)
def test_deep_nesting_costs_neither_stack_nor_time(tag: str) -> None:
    with computes():
        assert len(markup.markdown(tag * 50_000 + "x", BASE)) < 500


def test_plain_words_of_an_article_leave_out_what_is_no_running_text() -> None:
    quote = dialect.quote("said", "A")
    text = f"## Head\n\nFirst \\*x\\* [y](https://a.example).\n\n{quote}\n\n![p](q.jpg)\n\n- one\n- **two**"
    assert dialect.plain(text) == "First *x* y."
    assert dialect.plain("- one\n- **two**") == "one two"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("&lt;b&gt;", "`<b>`"),
        ("if (x) { go(); }", "`if (x) { go(); }`"),
        ("{{ name }}", "\\{\\{ name }}"),
        ("{% if x %}", "\\{% if x %}"),
        ("&lt;!-- x --&gt;", "\\<!-- x -->"),
    ],
)
def test_code_is_code_unless_it_would_be_a_field_or_a_comment(code: str, text: str) -> None:
    assert markup.markdown(f"<p>Write <code>{code}</code> here.</p>") == f"Write {text} here."


def test_a_picture_that_is_written_into_a_page_costs_none_of_its_text() -> None:
    inside = f"<p>Before.</p><img src='data:image/png;base64,{'iVBORw0K' * 200_000}'><p>After.</p>"
    assert markup.markdown(inside) == "Before.\n\nAfter."


def test_a_picture_that_floats_beside_a_paragraph_stands_above_it() -> None:
    floating = (
        "<p><a href='/a.jpg'><img class='alignleft' src='https://s.example/a.jpg' alt='Mill'></a>Text one.</p>"
    )
    assert markup.markdown(f"<p>First.</p>{floating}") == "First.\n\n![Mill](https://s.example/a.jpg)\n\nText one."
    assert (
        markup.markdown("<img src='https://s.example/a.jpg'><br>Text.") == "![](https://s.example/a.jpg)\n\nText."
    )


def test_a_picture_that_is_shown_small_is_taken_as_large_as_a_letter_needs_it() -> None:
    html = (
        "<p><img src='https://s.example/a-300x200.jpg' width='300' height='200' "
        "srcset='https://s.example/a-300x200.jpg 300w, https://s.example/a.jpg 1500w'></p>"
    )
    assert markup.pictured(html)[1] == Picture("https://s.example/a.jpg", "", 1500, 1000)
    assert markup.pictured(html.replace("300", "1024"))[1].src == "https://s.example/a-1024x200.jpg"


@pytest.mark.parametrize(
    ("src", "alt", "is_picture"),
    [
        ("/u/logo-2026.png", "", False),
        ("/u/stiftelsens_logotyp.jpg", "", False),
        ("/u/a1b2.png", "Hamnens logga", False),
        ("/u/a1b2.png", "Logotyp: Hamnen", False),
        ("/u/catalogo.jpg", "Everybody in front of the logo of the harbour at noon", True),
        ("/u/bro.jpg", "Bron", True),
    ],
)
def test_a_logo_in_a_text_is_not_its_picture(src: str, alt: str, is_picture: bool) -> None:
    html = f"<p><img src='{src}' alt='{alt}'></p><p>Text.</p>"
    text, picture = markup.pictured(html, BASE)
    assert src in text
    assert (picture is not None) is is_picture
    assert markup.pictured(f"{html}<img src='/torg.jpg'>", BASE)[1]


def test_headings_without_text_between_them_are_read_as_fast_as_text() -> None:
    many = "".join(f"<h2>Boat {number}</h2>" for number in range(20_000))
    with computes():
        text, _ = markup.pictured(f"<h2>Start</h2>{many}<p>End.</p>{many}")
    assert text.startswith("## Start\n\n## Boat 0\n\n")
    assert text.endswith("## Boat 19999\n\nEnd.")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Boats [all of them] sail, on and on [&#8230;]", "Boats [all of them] sail, on and on […]"),
        ('[vc_column width="1/2"]Boats sail.[/vc_column]', "Boats sail."),
        ("Boats &lt;3 &amp; eels", "Boats <3 & eels"),
    ],
)
def test_words_in_brackets_are_words_and_shortcodes_are_none(given: str, words: str) -> None:
    assert markup.words(given) == words


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [(300, 1024, "b"), (0, 1024, "a"), (640, 1024, "a"), (300, 640, "a"), (300, 0, "a"), (300, None, "a")],
)
def test_a_portrait_beside_the_text_gives_way_to_a_large_picture(
    first: int, second: int | None, shown: str
) -> None:
    drawn = "".join(
        f"<p><img src='https://s.example/{name}.jpg' width='{width}' height='{width}'>Words stand beside it.</p>"
        for name, width in (("a", first), ("b", second))
        if width is not None
    )
    picture = markup.pictured(drawn)[1]
    assert picture is not None
    assert picture.src == f"https://s.example/{shown}.jpg"
