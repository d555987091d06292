"""Laws of rendering: what an editor wrote arrives, whole and readable."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter import config, preflight, render
from newsletter.files.looks import words
from newsletter.model import (
    Block,
    Brief,
    Cta,
    Event,
    Events,
    Gallery,
    Image,
    Lead,
    Picture,
    Prose,
    Quote,
    Story,
    Toc,
)
from newsletter.rendering import hyphen
from newsletter.rendering.piece import Shown, shelves
from tests.samples import LETTER, SETTINGS, TEMPLATES, VALUES, an_issue, filled, page, rendered, sample, theme

EVERYTHING_TEXT = SETTINGS + '[[list]]\nslug = "monthly"\n[[smtp]]\nname="c"\nhost="127.0.0.1"\ntls="none"\n'
EVERYTHING = config.parse(EVERYTHING_TEXT)


def test_blocks_for_a_segment_are_for_its_readers_only() -> None:
    one = sample("0002-everything", "en")
    assert render.segments_in([one]) == {"research"}
    assert "A kitchen table" not in rendered(one).html + rendered(one).text
    inside = rendered(one, segments=frozenset({"research"}))
    assert "A kitchen table" in inside.html
    assert "A kitchen table" in inside.text
    assert inside.variant == "en+research"


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
    assert sum(one.get("role") == "blockquote" for one in tree.iter()) == 2
    assert "".join(next(tree.iter("cite")).itertext()) == "Nils Hedlund"
    assert len(list(tree.iter("li"))) == 13  # five entries, three events, two points, three credits
    assert all("".join(link.itertext()).strip() or len(link) for link in tree.iter("a"))


def test_an_event_leads_to_its_entry_in_the_calendar_of_all() -> None:
    at = datetime(2025, 6, 10, tzinfo=UTC)
    party, secret, fair = (Event("2025-06-10", title, at=at) for title in ("Party", "Secret", "Fair"))
    some = Event("every Friday", "Soup")
    blocks = Events(items=(some, party)), Events(items=(secret,), segment="board"), Events(items=(fair,))
    for segments in (frozenset[str](), frozenset({"board"})):
        one = rendered(an_issue(*blocks), segments=segments)
        assert [entry.title for entry in one.calendar] == ["Party", "Fair"]
        assert re.findall(r"2025-06\.ics\?lang=en&amp;event=(\d+)", one.html) == ["1", "2"]
        assert one.text.count("Add to calendar: https://news.example.org/archive/2025-06.ics?lang=en\n") == 2
        assert ("Secret" in one.html) == bool(segments)


def test_a_letter_without_a_page_has_no_calendar() -> None:
    event = Event("2025-06-10", "Party", at=datetime(2025, 6, 10, tzinfo=UTC))
    issue = an_issue(Events(items=(event,)))
    one = render.render(issue, theme("en"), LETTER, nonce="abcd", assets_url="", archive_url="")
    assert one.calendar == ()
    assert ".ics" not in one.html + one.text


def test_nothing_is_loaded_from_a_stranger() -> None:
    letter = filled(sample("0002-everything", "en"))
    loaded = re.findall(r'(?:src|background)="([^"]*)"|url\(([^)]*)\)|@import|<link', letter.html)
    assert {address.rpartition("/")[0] for address, _ in loaded} == {
        "https://news.example.org/issues/0002-everything/assets"
    }
    assert len(letter.html.encode()) < 62_000


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
    assert set(re.findall(r"mj-column-[\w-]+", letter.html)) == {"mj-column-per-100"}


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


def test_no_tag_of_a_button_has_both_a_ground_and_a_colour_of_words() -> None:
    """Thunderbird's dark mode takes both away where they are nearer than it likes; a ground alone stays."""
    call = Cta(text="Go", label="Go on", href="https://e.example/")
    html = rendered(an_issue(call)).html
    button = re.search(r'<a [^>]*style="([^"]*)"[^>]*><span style="([^"]*)">Go on<', html)
    assert button
    ground, words = ({line.partition(":")[0] for line in style.split(";")} for style in button.groups())
    assert "background-color" in ground - words
    assert "color" in words - ground


def test_a_long_word_in_a_button_breaks_without_a_comment_within_a_comment() -> None:
    call = Cta(text="Kom.", label="Till kompetensförsörjningsstrategin", href="https://bay.example.org/")
    one = replace(an_issue(call, Story(title="x", link=call.href, label=call.label)), language="sv")
    assert rendered(one).html.count(hyphen.SOFT_HYPHEN.join(["kompetens", "försörjnings", "strategin"])) == 2
    found = {finding.id for finding in preflight.check(rendered(one), one, config.parse(SETTINGS))}
    assert "html-mso" not in found


def test_what_cuts_out_conditional_comments_leaves_every_link_and_word() -> None:
    """HTML Purifier, in front of Nextcloud Mail and others, cuts from `<!--[if` to `<![endif]-->` whole."""
    call = Cta(text="Kom.", label="Till kompetensförsörjningsstrategin", href="https://bay.example.org/call")
    lead = Lead(title="Bron", text="Den är öppen.", link="https://bay.example.org/lead", label="Läs om bron")
    whole = rendered(replace(an_issue(lead, call), language="sv")).html
    cut = re.sub(r"<!--\[if [^>]+\]>.*?<!\[endif\]-->", "", whole, flags=re.DOTALL)
    assert re.search(
        r'<a href="https://bay.example.org/lead"[^>]*mso-hide:all[^>]*><span[^>]*>Läs om bron</span>', cut
    )
    assert re.search(
        r'<a href="https://bay.example.org/call"[^>]*><span[^>]*>Till kompetensförsörjningsstrat', cut
    )


def test_the_text_begins_with_the_preheader_which_some_show_after_the_subject() -> None:
    """Geary takes that line from the text, not from the HTML."""
    one = an_issue(Lead(title="The bridge", text="It is open."))
    assert rendered(replace(one, preheader="And the greenhouses")).text.startswith(
        "And the greenhouses\n\n\nThe month"
    )
    assert rendered(one).text.startswith("The month")


def test_a_preheader_stays_out_of_sight_where_display_and_overflow_are_dropped() -> None:
    one = replace(an_issue(Lead(title="Bron", text="Den är öppen.")), preheader="Och växthusen också")
    style = re.search(r'<div class="preheader" style="([^"]*)">Och', rendered(one).html)
    assert style
    left = set(style[1].split(";")) - {"display:none", "overflow:hidden", "mso-hide:all"}
    assert left == {"max-height:0", "font-size:1px", "line-height:1px"}, (
        "no width of 0: words had lines of their own"
    )


def test_a_picture_above_its_words_has_room_below_it_without_a_style_sheet() -> None:
    picture = Picture("https://bay.example.org/a.jpg", "A bay", 800, 600)
    one = an_issue(Story(title="The bay", text="It is blue.", image=picture))
    html = rendered(one).html
    assert re.search(r'class="[^"]*picture".*?<td [^>]*style="[^"]*padding:5px 24px 14px 0px;', html)
    assert "padding:5px 0px 14px 24px;" in rendered(replace(one, language="ar")).html
    assert "mj-column-px" not in html, "in pixels they stand side by side only where the whole paper fits"
    assert "(min-width: 480px) {\n.picture > table > tbody > tr > td { padding-bottom: 0 !important; }" in html


def test_no_quotation_is_taken_for_an_older_mail() -> None:
    """Mail programs paint, frame and fold up every <blockquote>: Geary, Evolution, SOGo, Nextcloud Mail."""
    said = Quote(text="It works.\n\n> As they said.", by="Nils Hedlund, engineer")
    letter = filled(an_issue(Prose(text="> A letter is a poster."), said))
    assert "<blockquote" not in letter.html
    quotes = [one for one in page(letter).iter("div") if one.get("role") == "blockquote"]
    assert ["".join(one.itertext()).split()[0] for one in quotes] == ["A", "It", "As"]
    assert ["border-left:3px" in one.get("style", "") for one in quotes] == [True, False, True]


@pytest.mark.parametrize(("label", "width", "height"), [("Go", 71, 46), ("Sign up " * 9, 480, 66)])
def test_a_label_that_outlook_breaks_has_room_for_each_line(label: str, width: int, height: int) -> None:
    html = filled(an_issue(Cta(text="Go", label=label, href="https://e.example/"))).html
    assert f"height:{height}px;v-text-anchor:middle;width:{width}px" in html


def test_lines_grow_with_the_size_of_text_that_a_reader_wants() -> None:
    html = rendered(sample("0002-everything", "en")).html
    assert set(re.findall(r"line-height:(\d+px)", html)) <= {"1px", "0px"}, "a spacer and what is hidden"


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


@pytest.mark.parametrize("look", ["letter", "plain"])
@pytest.mark.parametrize(
    "block",
    [
        Lead(title="Bank", text="Come."),
        Story(title="Bank", text="Come."),
        Brief(title="Bank", text="Come."),
        Prose(text="## Bank"),
        Cta(text="Come.", href="https://bank.example.org", label="Go"),
        Image(picture=Picture("https://bank.example.org/a.png", "The bank")),
        Gallery(pictures=(Picture("https://bank.example.org/a.png", "The bank"),) * 2),
    ],
    ids=lambda block: type(block).__name__,
)
def test_what_somebody_paid_for_says_so_in_the_readers_language(block: Block, look: str) -> None:
    made = rendered(replace(an_issue(replace(block, sponsor="Bank <i> & Co")), language="sv"), look=look)
    [label] = [one for one in page(made).iter("p") if (one.text or "").startswith("Annons")]
    assert (label.text, label.get("lang")) == ("Annons från Bank <i> & Co", "sv")
    assert "(Annons från Bank <i> & Co)\n" in made.text
    assert "Annons" not in rendered(replace(an_issue(block), language="sv"), look=look).html


@pytest.mark.parametrize("look", ["letter", "plain"])
def test_a_table_of_contents_says_what_somebody_paid_for(look: str) -> None:
    blocks = Toc(), Story(title="The quay"), Story(title="Bank", sponsor="Bank & Co")
    made = rendered(replace(an_issue(*blocks), language="sv"), look=look)
    listed = [" ".join(" ".join(one.itertext()).split()) for one in page(made).iter("li")]
    assert listed == ["The quay", "Annons från Bank & Co Bank"]
    assert "- The quay\n- (Annons från Bank & Co) Bank\n" in made.text


def test_an_article_of_several_blocks_says_once_that_it_is_in_another_language() -> None:
    parts = [Story(title="Bron", src="a"), Quote(text="Ja.", src="a"), Prose(text="### Vad mer\n\nMer.", src="a")]
    letter = filled(an_issue(*(replace(part, lang="sv") for part in [*parts, Prose(text="Annat.", src="b")])))
    assert (letter.html.count("In Swedish"), letter.text.count("(In Swedish)")) == (2, 2)


def test_two_paragraphs_of_a_story_stand_apart_and_its_button_close() -> None:
    html = rendered(
        an_issue(Story(title="A", text="One.\n\nTwo.", link="https://a.example/", label="Read on"))
    ).html
    assert re.findall(r'<p(?: class="more")? style="margin:([^"]*)"', html)[:3] == ["0 0 6px", "14px 0 6px", "0"]


def test_a_subheading_follows_the_word_for_its_language_closely() -> None:
    html = rendered(an_issue(Prose(text="### Bron", src="a", lang="sv"))).html
    assert re.search(r'<h\d style="margin:0 0 10px;', html)


def test_the_name_of_a_letter_is_smaller_than_its_first_title_on_a_phone() -> None:
    one = sample("0002-everything", "en")
    narrow = rendered(one).html.partition("(max-width: 479px)")[2]
    name, title = (re.search(rf"{rule} {{ font-size: (\d+)px", narrow) for rule in (r"\.name", r"\.prose h1"))
    assert name
    assert title
    assert int(name[1]) < int(title[1])
    assert ".masthead .name" not in rendered(one, look="plain").html, "it is small there anyway"


def test_gmail_shows_a_letter_of_twenty_five_stories_whole() -> None:
    picture = Picture("https://bay.example.org/assets/kelp.jpg", "Kelp", 1200, 800)
    words = "The next step is a press that runs on waste heat, says the founder. " * 4
    story = Story(
        title="Kelp becomes packaging", text=words, image=picture, link="https://a.example/", label="Read on"
    )
    one = an_issue(*[replace(story, link=f"https://a.example/{number}") for number in range(25)])
    found = preflight.check(rendered(one), one, EVERYTHING)
    assert not {finding.id for finding in found} & {"size-clipped", "size-large"}


def test_pictures_in_a_row_are_equally_high_and_an_odd_one_leads() -> None:
    pictures = [Picture(f"https://a.example/{n}.png", str(n), *size) for n, size in enumerate(
        [(900, 600), (1600, 800), (800, 800), (100, 5000), (900, 900), (0, 0), (600, 600)]
    )]  # fmt: skip
    assert shelves(pictures[:1]) == ((Shown(pictures[0], 100.0),),)
    assert shelves(pictures[1:3]) == ((Shown(pictures[1], 66.67), Shown(pictures[2], 33.33)),)
    alone, first, second, third = shelves(pictures)
    assert [each.picture.src for row in (alone, first, second, third) for each in row] == [
        one.src for one in pictures
    ]
    assert [each.share for each in second] == [25.0, 75.0]
    assert [each.share for each in third] == [50.0, 50.0]


def test_a_gallery_shows_its_pictures_whole_and_says_them_in_the_text() -> None:
    shown = tuple(Picture(f"assets/{n}.png", f"Picture {n}", 1200, 800) for n in range(3))
    one = an_issue(Gallery(pictures=(*shown, Picture("javascript:alert(1)", "Bad")), caption="By *us*."))
    made = rendered(one)
    drawn = [tag for tag in page(made).iter("img") if "/assets/" in tag.get("src", "")]
    assert [tag.get("alt") for tag in drawn] == ["Picture 0", "Picture 1", "Picture 2"]
    whole, *halves = (int(tag.get("width")) for tag in drawn)
    assert whole > 2 * halves[0] == 2 * halves[1]
    assert made.text.index("[Picture 0]") < made.text.index("[Picture 2]") < made.text.index("By us.")
    assert len(made.notes) == 1


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


def test_long_swedish_titles_break_at_their_joints() -> None:
    story = Story(title="Kompetensförsörjningsstrategin")
    html = rendered(replace(an_issue(story), language="sv")).html
    assert hyphen.SOFT_HYPHEN.join(["Kompetens", "försörjnings", "strategin"]) in html
    assert "Kompetensförsörjningsstrategin" in rendered(replace(an_issue(story), language="sv")).text
    assert "&shy;" not in rendered(an_issue(story)).html


def test_a_block_in_another_language_breaks_its_title_as_that_language_does() -> None:
    german = Story(title="Wirtschaftswissenschaftliche Fakultät", lang="de")
    html = rendered(replace(an_issue(german), language="fi")).html
    assert hyphen.SOFT_HYPHEN.join(["Wirtschafts", "wissenschaft", "liche"]) in html
    assert "&shy;" not in rendered(replace(an_issue(replace(german, lang="en")), language="sv")).html


def test_titles_are_parted_on_phones_and_elsewhere_only_where_a_word_is_too_long_for_a_column() -> None:
    blocks = (Story(title="Ein Hund", lang="de"), Story(title="Wirtschaftswissenschaftliche Fakultät", lang="de"))
    html = rendered(an_issue(*blocks)).html
    assert re.findall(r'<h2[^>]* class="long"[^>]*>\w+', html) == [re.search(r"<h2[^>]*>Wirtschafts", html)[0]]
    assert "[lang=de] h2, [lang=de] h3" in html
    assert "[lang=de]" not in rendered(replace(an_issue(*blocks), language="de")).html


def test_a_name_runs_in_its_own_direction_and_no_quote_in_hebrew_leans() -> None:
    """A question mark at the end of an English name would else stand before it in an Arabic letter."""
    html = rendered(replace(an_issue(Quote(text="Yes.", lang="en")), language="ar")).html
    names = [one for one in page(render.fill(rendered(an_issue()), VALUES)).iter() if one.text == LETTER.name]
    assert {one.get("dir") for one in names if one.tag in ("p", "h1")} == {"auto"}
    assert 'class="name" dir="auto"' in html
    leaning = rendered(an_issue(Quote(text="Yes."), Quote(text="Ken.", lang="he"))).html
    assert re.findall(r'class="said" style="[^"]*font-style:(\w+)', leaning) == ["italic", "normal"]


@pytest.mark.parametrize("look", ["letter", "plain"])
@pytest.mark.parametrize(("lang", "begins"), [("", "left"), ("sv", "left"), ("he", "right")])
def test_the_line_beside_a_quote_stands_where_its_language_begins(look: str, lang: str, begins: str) -> None:
    html = rendered(an_issue(Quote(text="Ken.", lang=lang)), look=look).html
    assert re.findall(r"[;\"]border-(left|right):[24]px", html) == [begins]
    assert re.findall(r"[;\"]padding-(left|right):(?:18|22)px", html) == [begins]


@pytest.mark.parametrize(("written", "reader", "direction"), [("ar", "en", "ltr"), ("en", "ar", "rtl")])
def test_words_in_the_readers_language_run_as_that_does(written: str, reader: str, direction: str) -> None:
    one = replace(an_issue(Story(title="Uppe", lang="sv")), language=written)
    made = render.render(one, theme(reader), LETTER, nonce="golden", assets_url="")
    words = [one for one in page(render.fill(made, VALUES)).iter() if one.get("lang") == reader]
    assert [each.tag for each in words] == ["p", "p", "p", "div"], (
        "month; no twin; the block's language; the footer"
    )
    assert {each.get("dir") for each in words} == {direction}


@pytest.mark.parametrize("language", words.shipped(TEMPLATES))
@pytest.mark.parametrize("look", ["letter", "plain"])
def test_whoever_hears_the_links_alone_is_told_where_each_leads(language: str, look: str) -> None:
    say = words.load(TEMPLATES, language).gettext
    blocks = (
        kind(title=f"The {kind.__name__}", text="Come.", link="https://tidvatten.se/x", label=say("Read on"))
        for kind in (Lead, Story, Brief)
    )
    one = replace(an_issue(*blocks), language=language)
    made = rendered(one, look=look)
    heard = {
        link.get("aria-label") for link in page(render.fill(made, VALUES)).iter("a") if link.get("aria-label")
    }
    assert heard == {f"{say('Read on')}: The {kind}" for kind in ("Lead", "Story", "Brief")}
    found = preflight.check(made, one, EVERYTHING)
    assert [each.message for each in found if each.id == "link-vague"] == []


@pytest.mark.parametrize("name", ["letter", "plain"])
def test_a_voice_reads_no_word_of_ours_in_the_language_of_a_letter_that_has_another(name: str) -> None:
    """Finnish and German readers get the same letter, but for what says that it is in their language."""
    one = an_issue(
        Toc(),
        Lead(title="The pier", text="Come."),
        Story(title="Uppe", lang="sv"),
        Quote(text="Yes.", by="Anna"),
        Events(items=(Event(when="2025-06-10 18:00", title="Party", at=datetime(2025, 6, 10, 16, tzinfo=UTC)),)),
    )
    kept = {}
    for reader in ("fi", "de"):
        at = "https://news.example.org/archive/2025-06"
        made = render.render(one, theme(reader, name), LETTER, nonce="golden", assets_url="", archive_url=at)
        tree = page(render.fill(made, VALUES))
        theirs = [each for each in tree.iter() if each.get("lang") == reader and each.tag != "html"]
        assert len(theirs) == 6, "month; no twin; the table of contents; the block's; the calendar; the footer"
        for each in theirs:
            each.text, each[:] = "", []
        kept[reader] = "".join("".join(body.itertext()) for body in tree.iter("body"))
    assert kept["fi"].split() == kept["de"].split()


@pytest.mark.parametrize("name", ["letter", "plain"])
@pytest.mark.parametrize("archive", ["https://news.example.org/archive/2025-06", ""])
def test_a_letter_that_everybody_may_read_invites_whom_it_was_forwarded_to(name: str, archive: str) -> None:
    made = render.render(
        an_issue(Prose(text="Hello.")),
        theme("sv", name),
        LETTER,
        nonce="golden",
        assets_url="",
        archive_url=archive,
    )
    address = f"{LETTER.base_url}/subscribe?lang=sv"
    assert [f'href="{address}"' in made.html, address in made.text.split()] == [bool(archive)] * 2


@pytest.mark.parametrize(
    ("language", "other", "side", "hung"),
    [("en", "ar", "right", "0 1.4em 0 0"), ("ar", "en", "left", "0 0 0 1.4em")],
)
def test_a_block_that_runs_the_other_way_begins_on_the_other_side(
    language: str, other: str, side: str, hung: str
) -> None:
    words = "- one\n- two\n\n> three\n\n| a |\n|---|\n| b |"
    blocks = (
        Story(title="x", text=words, lang=other),
        Prose(text=words, lang=other),
        Quote(text=words, lang=other),
    )
    tree = page(filled(replace(an_issue(*blocks), language=language)))
    turned = [one for one in tree.iter() if one.get("lang") == other]
    assert [one.tag for one in turned] == ["div", "div", "div"]
    for one in turned:
        assert f"text-align:{side}" in one.get("style").replace(" ", "")
        assert f"padding:{hung}" in one.find(".//ul").get("style")
        assert f"border-{side}:3px" in one.find(".//div[@class='cited']").get("style")
        assert one.find(".//td").get("style") is None, "the room that a table has"
    same = page(filled(replace(an_issue(replace(blocks[0], lang="fa")), language="ar")))
    assert "turned" not in "".join(one.get("class") or "" for one in same.iter())


def test_readers_without_a_twin_are_told_of_a_blocks_language_in_their_own() -> None:
    one = an_issue(Story(title="Es ist offen", lang="de"))
    made = render.render(one, theme("sv"), LETTER, nonce="golden", assets_url="")
    assert "På tyska" in made.html
    assert "(På tyska)" in made.text


def test_a_language_written_from_the_right_stands_on_the_right() -> None:
    one = replace(an_issue(Quote(text="x", by="y"), Prose(text="- a list")), language="ar")
    html = rendered(one).html
    assert '<html lang="ar" dir="rtl"' in html
    assert "border-right:4px" in html
    assert "padding:0 1.4em 0 0" in html
    assert "direction:ltr" not in html


def test_words_that_stand_for_a_picture_look_like_words_of_the_letter() -> None:
    lead = Lead(title="x", image=Picture("https://e.example/a.png", "A pier"), link="https://e.example/")
    letter = filled(an_issue(lead))
    rules = ";".join(re.findall(r"\.photo img \{([^}]*)\}", letter.html))
    assert {"font-family", "color", "line-height"} <= {part.partition(":")[0].strip() for part in rules.split(";")}
    assert page(letter).find(".//td[@class='photo edge']//img").get("alt") == "A pier"


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


@pytest.mark.parametrize("look", ["letter", "plain"])
def test_events_stand_as_far_from_a_quote_as_other_blocks_do(look: str) -> None:
    event = Events(items=(Event(when="Every Friday", title="Soup"),))

    def above(*blocks: object) -> int:
        html = rendered(an_issue(*blocks, event), look=look).html
        return int(re.findall(r"padding:(\d+)px \d+px 0px", html[: html.index('class="events"')])[-1])

    assert above(Quote(text="x", by="y")) > above(Prose(text="## Coming up")) > above() == 0


def test_a_letter_has_its_address_in_the_language_of_its_readers() -> None:
    both = '{en = "Quay 4, Harbour, Sweden", sv = "Kajen 4, Hamnen"}'
    settings = config.parse(EVERYTHING_TEXT.replace('"Quay 4, 123 45 Harbour, Sweden"', both))
    for code, own in (("en", "Quay 4, Harbour, Sweden"), ("sv", "Kajen 4, Hamnen")):
        one = replace(sample("0002-everything", "en"), language=code)
        made = render.render(one, theme(code), settings.letter, nonce="golden", assets_url="")
        greeting = render.mail(
            theme(code), "confirm", settings.letter, {"url": "https://news.example.org/confirm/x"}
        )
        for text in (made.html, made.text, greeting.text, greeting.html):
            assert own in text
        found = {each.id for each in preflight.check(made, one, settings)}
        assert found.isdisjoint({"address-missing", "address-html", "address-text"})


def test_a_letter_goes_by_its_name_in_the_language_of_its_readers() -> None:
    names = '{en = "The month around the bay", sv = "Månaden runt viken"}'
    letter = config.parse(SETTINGS.replace('"The month around the bay"', names)).letter
    for code, own in (("en", letter.name), ("sv", "Månaden runt viken")):
        (other,) = {*letter.names.values()} - {own}
        made = render.render(an_issue(), theme(code), letter, nonce="golden", assets_url="")
        greeting = render.mail(theme(code), "confirm", letter, {"url": "https://news.example.org/confirm/x"})
        assert made.html.count(own) > 2
        for text in (made.text, greeting.text, greeting.html):
            assert own in text
            assert other not in text
