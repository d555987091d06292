"""What a stranger wrote stays text: no template, no markup, no address that a letter should not hold."""

import html
import re
from dataclasses import replace

import pytest

from newsletter import render
from newsletter.errors import IssueError
from newsletter.issuefile import dialect
from newsletter.model import (
    Brief,
    Cta,
    Event,
    Events,
    Gallery,
    Image,
    Issue,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Story,
)
from tests.samples import LETTER, VALUES, an_issue, filled, page, rendered, theme

#: Payloads of template injection from five languages; none may be evaluated. 7*191 is 1337.
PAYLOADS = [
    "{{7*191}}", "{{ 7*191 }}", "{{7*'191'}}", "${7*191}", "#{7*191}", "<%= 7*191 %>", "*{7*191}", "@(7*191)",
    "{% for x in range(1337) %}x{% endfor %}", "{% include '/etc/passwd' %}", "{% raw %}", "{%- set x=1337 -%}",
    "{{ config }}", "{{ self }}", "{{ letter.sender }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ lipsum.__globals__['os'] }}",
    "{{ request|attr('application') }}", "{{ namespace.__init__.__globals__ }}", "{# {{7*191}} #}",
    "{{ [].append(1337) }}", "{{ 'a' * 10**9 }}", "{{ unsubscribe_url }}", "{{ name }}", "{{}}", "{{",
    "}}{{7*191", "{{'%c'|format(1337)}}", "{{ joiner }}{{ url_for }}", "{{ Env \"SECRET\" }}", "[[${7*191}]]",
    "{php}echo 1337;", "NLgoldenX0XNL", "`{{7*191}}`", "&#123;&#123;7*191}}", "{{\n7*191\n}}", "\\{{7*191}}",
    "{\\{7*191}}",
]  # fmt: skip


HOSTILE = [
    "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<svg onload=alert(1)>", "<iframe src=//x>",
    '"><script>alert(1)</script>', "'><b onmouseover=alert(1)>", "</mj-text><mj-raw><script>",
    "<!--[if mso]><script>", "]]><script>", "<form action=//x>", "<meta http-equiv=refresh>", "<base href=//x>",
    "<style>*{display:none}", "[x](javascript:alert(1))", "[x](data:text/html,1)", "![x](javascript:alert(1))",
    "<mj-include path='/etc/passwd'/>",
]  # fmt: skip


def everywhere(words: str) -> Issue:
    """Return an issue with an article's *words* wherever an article's words can stand, escaped as compose does."""
    text, by = dialect.escape(words), dialect.attribute(words)
    picture = Picture("https://e.example/a.png", words)
    blocks = (
        Lead(title=text, text=text, image=picture, link="https://e.example/", label=text),
        Story(title=text, text=text, image=picture, link="https://e.example/", label=text),
        Brief(title=text, text=text),
        Quote(text=text, by=dialect.escape(by)),
        Events(title=text, items=(Event(when=text, title=text, place=dialect.escape(by)),)),
        Cta(text=text, label=text),
        Question(text=text, answers=(text, text)),
        Image(picture=picture, caption=text),
        Gallery(pictures=(picture, picture), caption=text),
        Prose(text=text),
    )
    return an_issue(*blocks)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_article_is_never_a_template(payload: str) -> None:
    letter = render.fill(replace_nonce(everywhere(payload)), {**VALUES, "name": "Åsa"})
    plain = " ".join("".join(page(letter).itertext()).split())
    words = " ".join(payload.split())
    assert plain.count(words) >= 6, plain
    assert " ".join(letter.text.split()).count(words) >= 6
    assert "1337" in payload or "1337" not in letter.html + letter.text


def replace_nonce(one: Issue) -> render.Rendered:
    """Render with a nonce that no payload knows, as every rendering has."""
    return render.render(one, theme("en"), LETTER, nonce="fresh", assets_url="")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_readers_name_is_never_a_template(payload: str) -> None:
    letter = filled(an_issue(Prose(text='Dear {{ name or "reader" }}')), name=payload)
    words = " ".join(payload.split())
    assert f"Dear {html.escape(words)}" in " ".join(letter.html.split())
    assert f"Dear {words}" in letter.text


@pytest.mark.parametrize("hostile", [*HOSTILE, *(html.escape(one) for one in HOSTILE)])
def test_no_markup_of_a_stranger_survives(hostile: str) -> None:
    blocks = everywhere("x").blocks
    raw = [
        replace(blocks[0], title=hostile, text=hostile, label=hostile),
        replace(blocks[3], text=hostile, by=hostile),
        replace(blocks[5], text=hostile, label=hostile),
        Prose(text=hostile),
        Image(picture=Picture("https://e.example/a.png", hostile), caption=hostile),
        Gallery(pictures=(Picture("https://e.example/a.png", hostile),) * 2, caption=hostile),
    ]
    tree = page(filled(an_issue(*raw, subject=hostile), name=hostile))
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "svg", "iframe", "form", "base", "object", "mj-text", "mj-include", "input"}
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not (name in {"href", "src"} and re.match(r"\s*(javascript|data|vbscript):", value))
    assert not [meta for meta in tree.iter("meta") if meta.get("http-equiv") == "refresh"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVA\nSCRIPT:x", "data:text/html,x", "file:///etc/passwd"]
)
def test_an_address_that_no_letter_should_hold_is_left_out_and_told(url: str) -> None:
    one = rendered(an_issue(Cta(text="Go", label="Now", href=url), Image(picture=Picture(url, "A"))))
    assert "alert" not in one.html
    assert "passwd" not in one.html
    assert len(one.notes) == 2
    assert one.notes[0].startswith("link-left-out: issue.md: ")


@pytest.mark.parametrize(
    ("url", "told"), [("ftp://e.example/a.png", "ftp: is no address"), ("C:/a.png", "C: is a disk that only you")]
)
def test_an_address_in_running_text_is_left_out_and_told_in_the_same_way(url: str, told: str) -> None:
    one = rendered(an_issue(Prose(text=f"Words [there]({url}).")))
    assert url not in one.html
    (note,) = one.notes
    assert note.startswith(f"link-left-out: issue.md: {told}")


def test_an_article_cannot_forge_a_mark() -> None:
    with pytest.raises(IssueError, match="render once more"):
        rendered(an_issue(Prose(text="NLgoldenX0XNL"), source="NLgoldenX0XNL"))


@pytest.mark.parametrize("nonce", ["", "abc", "a-b-c", "x" * 65])
def test_a_nonce_is_letters_and_digits(nonce: str) -> None:
    with pytest.raises(IssueError):
        render.render(an_issue(), theme("en"), LETTER, nonce=nonce, assets_url="")
