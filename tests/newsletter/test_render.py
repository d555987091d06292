"""Laws of rendering: what an editor wrote arrives, what a stranger wrote stays text, personal fields are whole."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import config, hyphen, issue, preflight, render, spoken
from newsletter.errors import IssueError, TemplateError
from newsletter.issuefile import dialect
from newsletter.model import (
    Brief,
    Cta,
    Event,
    Events,
    Image,
    Issue,
    Lead,
    Level,
    Picture,
    Prose,
    Quote,
    Story,
    Toc,
)
from tests.samples import LETTER, SETTINGS, VALUES, rendered, sample, theme

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


def an_issue(*blocks: object, subject: str = "June", source: str = "") -> Issue:
    return Issue(slug="2025-06", language="en", subject=subject, blocks=tuple(blocks), source=source)


def filled(one: Issue, **values: str) -> render.Filled:
    return render.fill(rendered(one), {**VALUES, **values})


def page(filled: render.Filled) -> object:
    return html5lib.parse(filled.html, namespaceHTMLElements=False)


def everywhere(words: str) -> Issue:
    """Return an issue with an article's *words* wherever an article's words can stand, escaped as compose does."""
    text, by = dialect.escape(words), dialect.attribute(words)
    picture = Picture("https://e.example/a.png", words)
    blocks = (
        Lead(title=text, text=text, image=picture, link="https://e.example/", label=text),
        Story(title=text, text=text, image=picture, link="https://e.example/", label=text),
        Brief(title=text, text=text),
        Quote(text=text, by=dialect.escape(by)),
        Events(items=(Event(when=text, title=text, place=dialect.escape(by)),)),
        Cta(text=text, label=text),
        Image(picture=picture, caption=text),
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


def test_fields_take_the_readers_value_or_the_fallback() -> None:
    one = rendered(
        an_issue(Prose(text="{{ name or \"reader\" }} {{city}} {{ town or 'here' }}"), subject="Hi {{ name }}")
    )
    known = render.fill(one, {"name": 'Å "<b>" & co', "city": "Huddinge"})
    assert known.subject == 'Hi Å "<b>" & co'
    assert 'Å "<b>" & co Huddinge here' in known.text
    assert "Å &quot;&lt;b&gt;&quot; &amp; co Huddinge here" in known.html
    nobody = render.fill(one, {"name": "  "})
    assert nobody.subject == "Hi "
    assert "reader  here" in nobody.text
    assert not re.search("NLgoldenX", nobody.html + nobody.text + nobody.subject)


@given(st.text(max_size=40))
@settings(max_examples=50)
def test_no_value_breaks_a_header_or_the_page(value: str) -> None:
    one = rendered(an_issue(subject="Hi {{ name }}"))
    known = render.fill(one, {**VALUES, "name": value})
    assert len(known.subject.splitlines()) == 1
    assert "\r" not in known.subject
    assert len(re.findall("<(?!!)", known.html)) == len(re.findall("<(?!!)", one.html))


def test_escaped_braces_are_text() -> None:
    letter = filled(an_issue(Prose(text="Write \\{\\{ name }} there"), subject="On \\{\\{ x }}"))
    assert "Write {{ name }} there" in letter.html
    assert "Write {{ name }} there" in letter.text
    assert letter.subject == "On {{ x }}"


SOURCE = """---
subject: June
---
Hello.

::: prose
One line.
Dear {{ name | upper }},
:::
"""


@pytest.mark.parametrize("field", ["{{ name | upper }}", "{{ 1 + 1 }}", "{{}}", "{{ name or reader }}", "{{ name"])
def test_anything_else_in_braces_is_told_with_its_line(field: str) -> None:
    source = SOURCE.replace("{{ name | upper }}", field)
    with pytest.raises(IssueError) as caught:
        rendered(issue.parse(source, slug="2025-06", language="en", path="issues/2025-06/issue.md"))
    assert caught.value.where == "issues/2025-06/issue.md:8"
    assert "no personal field" in caught.value.what
    assert '{{ name or "reader" }}' in caught.value.remedy


def test_a_field_is_no_part_of_a_link() -> None:
    source = SOURCE.replace("{{ name | upper }}", "[x](https://e.example/?n={{name}})")
    with pytest.raises(IssueError, match=r"issue.md:8: the field name cannot be a part of a link"):
        rendered(issue.parse(source, slug="2025-06", language="en"))


def test_a_readers_own_link_can_stand_in_the_text() -> None:
    letter = filled(an_issue(Prose(text="[Leave]({{unsubscribe_url}}) any time")))
    assert letter.html.count(f'href="{VALUES["unsubscribe_url"]}"') == 2
    assert f"Leave <{VALUES['unsubscribe_url']}>" in letter.text


def test_an_article_cannot_forge_a_mark() -> None:
    with pytest.raises(IssueError, match="render once more"):
        rendered(an_issue(Prose(text="NLgoldenX0XNL"), source="NLgoldenX0XNL"))


def test_every_mark_of_the_source_stands_in_the_html() -> None:
    one = rendered(sample("0002-everything", "en"))
    assert {token.name for token in one.tokens} == {"name", "city", "unsubscribe_url", "preferences_url"}
    for token in one.tokens:
        assert token.mark in one.html
        assert token.mark in one.text


def test_blocks_for_a_segment_are_for_its_readers_only() -> None:
    one = sample("0002-everything", "en")
    assert render.segments_in([one]) == {"research"}
    assert "A kitchen table" not in rendered(one).html + rendered(one).text
    inside = rendered(one, segments=frozenset({"research"}))
    assert "A kitchen table" in inside.html
    assert "A kitchen table" in inside.text
    assert inside.variant == "en+research"


@pytest.mark.parametrize(
    ("slug", "language"), [("0001-hello", "en"), ("0002-everything", "en"), ("0002-everything", "sv")]
)
def test_a_sample_passes_the_gate(slug: str, language: str) -> None:
    one = sample(slug, language)
    everything = config.parse(
        SETTINGS + '[[list]]\nslug = "monthly"\n[[smtp]]\nname="c"\nhost="127.0.0.1"\ntls="none"\n'
    )
    found = preflight.check(rendered(one), one, everything)
    assert [finding for finding in found if finding.level == Level.ERROR] == []


def test_the_page_is_one_that_a_voice_can_read() -> None:
    letter = filled(sample("0002-everything", "sv"))
    tree = page(letter)
    assert (tree.get("lang"), tree.get("dir")) == ("sv", "ltr")
    article = next(element for element in tree.iter("div") if element.get("role") == "article")
    assert (article.get("lang"), article.get("dir")) == ("sv", "ltr")
    assert "".join(next(tree.iter("title")).itertext()) == letter.subject
    assert len(list(tree.iter("h1"))) == 1
    assert all(picture.get("alt") for picture in tree.iter("img"))
    assert all(str(picture.get("width")).isdecimal() for picture in tree.iter("img"))
    assert all(table.get("role") == "presentation" for table in tree.iter("table"))
    assert len(list(tree.iter("blockquote"))) == 2
    assert "".join(next(tree.iter("cite")).itertext()) == "Nils Hedlund"
    assert len(list(tree.iter("li"))) == 13  # five entries, three events, two points, three credits
    assert all("".join(link.itertext()).strip() or len(link) for link in tree.iter("a"))


def test_nothing_is_loaded_from_a_stranger() -> None:
    letter = filled(sample("0002-everything", "en"))
    loaded = re.findall(r'(?:src|background)="([^"]*)"|url\(([^)]*)\)|@import|<link', letter.html)
    assert {address.rpartition("/")[0] for address, _ in loaded} == {
        "https://news.example.org/issues/0002-everything/assets"
    }
    assert len(letter.html.encode()) < 60_000


def test_without_a_lead_the_letters_name_is_the_h1() -> None:
    tree = page(filled(an_issue(Prose(text="Hello"))))
    assert ["".join(head.itertext()) for head in tree.iter("h1")] == [LETTER.name]


def test_only_the_first_lead_is_the_h1() -> None:
    tree = page(filled(an_issue(Lead(title="One"), Lead(title="Two"), Story(title="# Three"))))
    assert [(head.tag, "".join(head.itertext())) for head in tree.iter() if head.tag in {"h1", "h2"}] == [
        ("h1", "One"),
        ("h2", "Two"),
        ("h2", "# Three"),
    ]


def test_headings_inside_an_article_stand_one_level_below_its_title() -> None:
    one = an_issue(
        Lead(title="Lead", src="a", text="# Deep"),
        Prose(text="## In the lead", src="a"),
        Prose(text="## A part"),
        Story(title="Story", src="b"),
        Prose(text="# In the story\n\n### Deeper", src="b"),
    )
    heads = [head for head in page(filled(one)).iter() if head.tag in {"h1", "h2", "h3", "h4"}]
    assert " ".join(head.tag for head in heads) == "h1 h2 h2 h2 h2 h3 h3"


def test_a_missing_picture_leaves_no_hole() -> None:
    letter = filled(an_issue(Story(title="Bare", text="words"), Lead(title="Bare too")))
    assert "<img" not in letter.html
    assert "mj-column-px" not in letter.html


def test_a_call_without_a_link_keeps_its_words_and_has_no_button() -> None:
    letter = filled(an_issue(Cta(text="Need a desk?", label="Visit the hub")))
    assert "Visit the hub" in letter.html
    assert "Visit the hub" in letter.text
    assert 'class="button"' not in letter.html


def test_a_button_is_whole_in_outlook_too() -> None:
    letter = filled(an_issue(Cta(text="Go", label="A -- B & co", href="https://e.example/a--b?x=1&y=2")))
    shape = re.search(r"<!--\[if mso\]>(<v:roundrect.*?</v:roundrect>)<!\[endif\]-->", letter.html)
    assert shape
    assert "--" not in shape[1]
    assert 'href="https://e.example/a&#45;&#45;b?x=1&amp;y=2"' in shape[1]
    assert ">A &#45;&#45; B &amp; co</center>" in shape[1]
    links = [link for link in page(letter).iter("a") if link.get("href") == "https://e.example/a--b?x=1&y=2"]
    assert ["".join(link.itertext()) for link in links] == ["A -- B & co"]


def test_a_table_of_contents_names_the_stories_and_the_sections_without_any() -> None:
    one = an_issue(
        Toc(),
        Lead(title="The *lead*"),
        Prose(text="## Stories"),
        Story(title="A story"),
        Prose(text="## In brief"),
        Brief(title="A brief"),
    )
    tree = page(filled(one))
    links = {link.get("href"): "".join(link.itertext()) for link in tree.iter("a") if link.get("href")[0] == "#"}
    assert list(links.values()) == ["The lead", "A story", "In brief"]
    ids = {element.get("id"): "".join(element.itertext()) for element in tree.iter() if element.get("id")}
    assert {f"#{name}": words for name, words in ids.items() if f"#{name}" in links} == links
    assert "In this letter\n\n- The lead\n- A story\n- In brief\n" in filled(one).text


def test_a_block_in_another_language_says_so() -> None:
    story = Story(title="Bron är öppen", text="Kom.", lang="sv")
    letter = filled(an_issue(story))
    spoken = next(element for element in page(letter).iter("div") if element.get("lang") == "sv")
    assert "In Swedish" in "".join(spoken.itertext())
    assert next(element for element in spoken.iter("p") if element.get("lang") == "en").text == "In Swedish"
    assert "(In Swedish)\nBron är öppen" in letter.text
    assert "Swedish" not in filled(an_issue(replace(story, lang="en"))).html


def test_paths_beside_the_issue_become_addresses() -> None:
    one = an_issue(
        Prose(text="![A](assets/a.png) [plan](assets/plan.pdf) [top](#top) [mail](mailto:a@b.example)"),
        Image(picture=Picture("./assets/b b.png", "B")),
    )
    html = rendered(one).html
    base = "https://news.example.org/issues/2025-06/assets"
    assert f'src="{base}/a.png"' in html
    assert f'src="{base}/b%20b.png"' in html
    assert f'href="{base}/plan.pdf"' in html
    assert 'href="#top"' in html
    assert f"plan <{base}/plan.pdf>" in rendered(one).text


def test_events_speak_the_readers_language_in_the_letters_zone() -> None:
    event = Event(when="2025-06-10 18:00", title="Fest", at=datetime(2025, 6, 10, 16, tzinfo=UTC))
    day = Event(when="2025-06-11", title="Dag", at=datetime(2025, 6, 10, 22, tzinfo=UTC))
    english = an_issue(Events(items=(event, day)))
    assert "Tue, 10 Jun, 18:00: Fest\n- Wed, 11 Jun: Dag" in rendered(english).text
    assert "tis 10 juni, 18:00: Fest" in rendered(replace(english, language="sv")).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2026-12-03 18:00–20:30", "Thu, 3 Dec, 18:00–20:30: Fair"),
        ("2026-12-03 – 2026-12-05", "Thu, 3 Dec – Sat, 5 Dec: Fair"),
        ("2026-12-03 18:00 – 2026-12-05 12:00", "Thu, 3 Dec 18:00 – Sat, 5 Dec 12:00: Fair"),
        ("2026-12-03, all day", "Thu, 3 Dec, all day: Fair"),
    ],
)
def test_an_event_says_when_it_ends(words: str, said: str) -> None:
    event = Event(when=words, title="Fair", at=datetime(2026, 12, 3, 18, tzinfo=LETTER.timezone))
    assert said in rendered(an_issue(Events(items=(event,)))).text


@pytest.mark.parametrize(
    ("language", "comma"),
    [("en", ", "), ("sv", ", "), ("ar", "، "), ("fa", "،\u200f "), ("ur", "، "), ("he", ", ")],
)
def test_a_comma_between_day_and_time_is_the_languages_own(language: str, comma: str) -> None:
    at = datetime(2026, 12, 3, 18, tzinfo=LETTER.timezone)
    event = Event(when="2026-12-03 18:00", title="Fair", at=at)
    made = rendered(replace(an_issue(Events(items=(event,))), language=language))
    day, time = spoken.moment(at, language, LETTER.timezone)
    assert f"{day}{comma}{time}" in made.html
    assert f"{day}{comma}{time}: Fair" in made.text


def test_long_swedish_titles_break_at_their_joints() -> None:
    story = Story(title="Kompetensförsörjningsstrategin")
    html = rendered(replace(an_issue(story), language="sv")).html
    assert hyphen.SOFT_HYPHEN.join(["Kompetens", "försörjnings", "strategin"]) in html
    assert "Kompetensförsörjningsstrategin" in rendered(replace(an_issue(story), language="sv")).text
    assert "&shy;" not in rendered(an_issue(story)).html


def test_a_language_written_from_the_right_stands_on_the_right() -> None:
    one = replace(an_issue(Quote(text="x", by="y"), Prose(text="- a list")), language="ar")
    html = rendered(one).html
    assert '<html lang="ar" dir="rtl"' in html
    assert "border-right:4px" in html
    assert "padding:0 22px 0 0" in html
    assert "direction:ltr" not in html


def test_words_that_stand_for_a_picture_look_like_words_of_the_letter() -> None:
    lead = Lead(title="x", image=Picture("https://e.example/a.png", "A pier"), link="https://e.example/")
    letter = filled(an_issue(lead))
    rule = re.search(r"\.photo img \{([^}]*)\}", letter.html)
    assert rule
    assert {"font-family", "color"} <= {part.partition(":")[0].strip() for part in rule[1].split(";")}
    assert page(letter).find(".//td[@class='photo']//img").get("alt") == "A pier"


def test_a_story_without_a_picture_stands_apart_on_both_sides() -> None:
    picture = Picture("https://e.example/a.png", "A pier")
    pictured, bare = Story(title="x", image=picture), Story(title="x")
    rules = [
        rendered(an_issue(*row)).html.count('class="rule"') for row in ([pictured] * 3, [pictured, bare, pictured])
    ]
    assert rules[1] == rules[0] + 2


def test_the_text_part_says_addresses_and_quotes_as_people_write_them() -> None:
    said = Quote(text="“Come and see.”", by="Åsa Öberg")
    call = Cta(label="Call us!", href="tel:+46 8 123 45")
    letter = rendered(an_issue(said, call))
    assert "\n    “Come and see.”\n    — Åsa Öberg" in letter.text
    assert "Call us!\n+46812345" in letter.text
    assert 'href="tel:+46812345"' in letter.html


@pytest.mark.parametrize("nonce", ["", "abc", "a-b-c", "x" * 65])
def test_a_nonce_is_letters_and_digits(nonce: str) -> None:
    with pytest.raises(IssueError):
        render.render(an_issue(), theme("en"), LETTER, nonce=nonce, assets_url="")


MAILS = [(name, language) for name in ("confirm", "welcome", "link") for language in ("en", "sv")]


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_a_mail_about_a_subscription_says_what_it_is_for(name: str, language: str) -> None:
    link = "https://news.example.org/x/token?a=1&b=2"
    context = {
        "url": link,
        "preferences_url": link,
        "unsubscribe_url": link,
        "list_title": "A & B <i>",
        "name": 'Å "<b>"',
        "expires": datetime(2026, 6, 28, 23, tzinfo=UTC),
    }
    made = render.mail(theme(language), name, LETTER, context)
    assert made.subject
    assert len(made.subject.splitlines()) == 1
    assert link in made.text
    assert html.escape(link) in made.html
    assert 'Å "<b>"' in made.text
    assert "<b>" not in made.html
    assert "<i>" not in made.html
    assert "A & B <i>" in made.subject or "A & B <i>" in made.text
    assert LETTER.address in made.html
    assert LETTER.address in made.text
    assert all(len(line) <= 78 for line in made.text.splitlines())
    assert len(list(page(made).iter("h1"))) == 1
    if name == "welcome":
        latest = {"title": "The <u>boats", "url": "https://news.example.org/archive/2025-06"}
        greeting = render.mail(theme(language), name, LETTER, {**context, "latest": latest})
        assert latest["url"] in greeting.html
        assert f"The <u>boats\n{latest['url']}" in greeting.text
        assert "<u>" not in greeting.html
    if name == "confirm":
        assert {"en": "29 June 2026", "sv": "29 juni 2026"}[language] in made.text
        privacy = f"{LETTER.base_url}/privacy?lang={language}"
        assert f"{privacy}\n" in made.text
        assert f'href="{privacy}"' in made.html
        own = render.mail(theme(language), name, replace(LETTER, privacy="https://example.org/data"), context)
        assert "https://example.org/data\n" in own.text
        assert privacy not in own.html


def test_a_mail_that_there_is_no_template_for_is_told() -> None:
    with pytest.raises(TemplateError, match=r"mail/nothing\.txt"):
        render.mail(theme("en"), "nothing", LETTER, {})


def test_a_calendar_leaf_is_in_its_own_language_whatever_was_written_before() -> None:
    when, zone = datetime(2025, 11, 13, 18, tzinfo=UTC), ZoneInfo("Europe/Stockholm")
    months = [spoken.leaf(when, language, zone)[1] for language in ("he", "sv", "ar", "he", "sv")]
    assert months == ["נוב׳", "nov", "نوفمبر", "נוב׳", "nov"]
