"""Laws of pages as content systems build them: tags, titles, kickers, contacts and logos are what they are."""

from datetime import UTC, datetime

import pytest
from lxml import html

from newsletter import article
from newsletter.model import Article
from newsletter.reading.html import contacts, markup
from newsletter.reading.pages import listpage, webpage
from newsletter.reading.words import dates
from tests.effort import computes

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
TEXT = "The eels came back to the harbour this summer, and nobody had counted on them any more."
MORE = "They stay in the old dock, where the water is deep and the boats are few, as it seems."


def read(body: str, head: str = "<title>Eels | The quay</title>") -> Article:
    item = webpage.parse(f"<html><head>{head}</head><body>{body}</body></html>", "s", url="https://s.example/a")
    assert item
    return article.normalize(item, NOW)


def link(tag: str, rel: str = "tag") -> str:
    return f'<a href="/t/{tag}" rel="{rel}">{tag}</a>'


@pytest.mark.parametrize(
    "page",
    [
        f"<article><h1>Eels</h1><p>{TEXT}</p><footer>{link('Sea')} {link('Fish', 'category tag')}</footer>"
        "</article>",
        f"<main><h1>Eels</h1><p>{TEXT}</p></main><div>{link('Sea')} {link('Fish')}</div>",
        f'<h1>Eels</h1><article class="node"><p>{TEXT}</p><div class="field field--name-field-tags">'
        "<h3>Tags</h3><ul><li><a href='/1'>Sea</a></li><li><a href='/2'>Fish</a></li></ul></div></article>",
        f'<main><h1>Eels</h1><p>{TEXT}</p><ul class="tag-list"><li><a href="/1">#Sea</a><li><a href="/2">#Fish</a>'
        "</ul></main>",
        f'<article><h1>Eels</h1><p>{TEXT}</p><p class="post-tags"><a href="/1">Sea</a> <a href="/2">Fish</a></p>'
        "</article>",
    ],
    ids=["wordpress", "below", "drupal", "list", "theme"],
)
def test_the_tags_of_a_page_are_those_that_it_links_to(page: str) -> None:
    others = (
        f'<aside class="widget"><div class="tagcloud">{link("Harbour")}</div></aside><nav>{link("News")}</nav>'
    )
    one = read(f"{page}{others}")
    assert (one.tags, one.text) == (("Sea", "Fish"), TEXT)


def test_tags_of_other_articles_and_a_list_of_all_there_are_are_none() -> None:
    own = f"<article><h1>Eels</h1><p>{TEXT}</p></article>"
    others = "".join(f"<article><h2><a href='/{n}'>N{n}</a></h2>{link(f'T{n}')}</article>" for n in range(3))
    assert read(f"<main>{own}</main><section>{others}</section>").tags == ()
    assert read(f"<h1>Eels</h1><article><p>{TEXT}</p></article>{others}").tags == ()
    assert read(f"{own}<div class='tags'>{''.join(link(f'T{n}') for n in range(40))}</div>").tags == ()


def test_a_page_of_nothing_but_tags_takes_no_minutes() -> None:
    boxes = "<div class=tags>" * 20 + "".join(map(link, map(str, range(20_000))))
    with computes(20):
        assert read(f"<article><h1>Eels</h1><p>{TEXT}</p></article>{boxes}").tags == ()


@pytest.mark.parametrize(
    "above",
    [
        '<p class="category">Culture and leisure</p>',
        "<span>SCIENCE</span>",
        '<div><a href="/essays">Essay</a> <a href="/sea">The sea</a></div>',
    ],
)
def test_what_kind_of_article_it_is_stands_above_its_title_and_is_no_text(above: str) -> None:
    assert read(f"<main>{above}<h1>Eels</h1><p>{TEXT}</p><p>{MORE}</p></main>").text == f"{TEXT}\n\n{MORE}"


def test_a_sentence_above_a_title_stays() -> None:
    assert read(f"<main><p>{MORE}</p><h1>Eels</h1><p>{TEXT}</p></main>").text.startswith(MORE)


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("Eels | The quay", '<h1><a href="/">The quay</a></h1><h2>Harbour and sea</h2>{}<h3>Eels</h3>'),
        (
            "Quay  |  Eels in the harbour",
            "<h1>The city</h1><h1>Portal</h1>{}<h1>Eels in the harbour</h1>",
        ),
    ],
    ids=["third-level", "behind-the-site"],
)
def test_a_title_is_the_heading_that_the_page_is_named_by(name: str, headings: str) -> None:
    page = headings.format("<div>") + f"<p>{TEXT}</p></div>"
    one = read(page, f"<title>{name}</title>")
    assert (one.title, one.text) == (name.replace("Quay  |  ", "").replace(" | The quay", ""), TEXT)


def test_the_heading_of_a_part_is_no_title_though_the_page_is_named_by_its_list() -> None:
    page = f"<main><h1>Eels are back</h1><p>{TEXT}</p><h3>News</h3><p>{MORE}</p></main>"
    assert read(page, "<title>News | The quay</title>").title == "Eels are back"


def test_a_picture_that_leads_to_the_site_is_no_articles() -> None:
    logo = '<h1><a href="/" rel="home"><img width=480 src="/head.png"><img width=320 src="/words.png"></a></h1>'
    page = f"<div>{logo}</div><div id=main><h2>Eels</h2><p>{TEXT}</p></div>"
    assert read(page).image is None


@pytest.mark.parametrize(
    "contact",
    [
        "<h2>Kontakt</h2><p><b>Kontaktcenter</b><br>Telefon: 08-123 456 00<br>anna@s.example</p>",
        "<h3>För mer information, kontakta:</h3><p>Anna Holm, pressansvarig</p><p>070-123 45 67</p>",
        "<h2>For more information</h2><p>Anna Holm, anna@s.example</p>",
    ],
)
def test_how_somebody_is_reached_is_no_part_of_the_text(contact: str) -> None:
    assert read(f"<main><h1>Eels</h1><p>{TEXT}</p><p>{MORE}</p>{contact}</main>").text == f"{TEXT}\n\n{MORE}"


@pytest.mark.parametrize(
    "section",
    [f"<h2>Contact</h2><p>{MORE} Call 08-123 456 00.</p>", f"<h2>Frågor</h2><p>Varför nu?</p><p>{MORE}</p>"],
)
def test_a_section_that_tells_something_stays(section: str) -> None:
    assert MORE in read(f"<main><h1>Eels</h1><p>{TEXT}</p>{section}</main>").text


@pytest.mark.parametrize(
    "last",
    [
        "Text: Anna Holm",
        "Text och foto: Anna Holm",
        "Av Anna Holm",
        "Text: Anna Holm, foto: Bo Ek",
        "Written by Anna Holm.",
    ],
)
def test_who_wrote_may_stand_in_the_last_line(last: str) -> None:
    one = read(f"<main><h1>Eels</h1><p>{TEXT}</p><p>{MORE}</p><p>{last}</p></main>")
    assert (one.author, one.text) == ("Anna Holm", f"{TEXT}\n\n{MORE}")


@pytest.mark.parametrize("last", ["By Friday we will know.", "Text: to be continued", "Av detta blir det inget."])
def test_a_last_line_that_tells_something_else_stays(last: str) -> None:
    one = read(f"<main><h1>Eels</h1><p>{TEXT}</p><p>{MORE}</p><p>{last}</p></main>")
    assert (one.author, one.text) == ("", f"{TEXT}\n\n{MORE}\n\n{last}")


def test_a_german_page_says_of_when_it_is() -> None:
    page = f"<main><h1>Aale</h1><p>{TEXT}</p><p class='date'><span>Stand:</span> 15. März 2025</p></main>"
    one = read(page, "<title>Aale</title>")
    assert (one.published, one.text) == (datetime(2025, 3, 15, 12, tzinfo=UTC), TEXT)


def test_many_words_about_contacts_take_no_time() -> None:
    root = html.fragment_fromstring("<p>Kontakt</p>" * 20_000, create_parent="div")
    with computes(4):
        contacts.clear(root)
    assert len(root) == 20_000


@pytest.mark.parametrize(
    "hero",
    [
        '<div style="background-image:url(&quot;/eel.jpg?w=1&quot;)"><h1>Eels</h1><p>12 May 2026</p></div>',
        '<div class="top"><div style="color: red; background: #fff url(/eel.jpg?w=1)"></div><h1>Eels</h1></div>',
        '<div class="title"><h1>Eels</h1></div><div class="lazy" data-bg="/eel.jpg?w=1"></div>',
        "<h1>Eels</h1><img src='data:image/gif;base64,R0lGOD'><noscript><img src='/eel.jpg?w=1'></noscript>",
        "<h1>Eels</h1><picture><source srcset='/e.webp 1w'><source srcset='/eel.jpg?w=1 1400w'><img></picture>",
        "<h1>Eels</h1><img data-delayed-url='/eel.jpg?w=1'>",
        "<h1>Eels</h1><img class='wp-post-image size-entry_with_sidebar' src='/eel.jpg?w=1'>",
        "<div class='cover'><img src='/eel.jpg?w=1'><div><h1>Eels</h1></div></div>",
        "<meta property='og:image' content='/assets/share-default.png'><h1>Eels</h1><img src='/eel.jpg?w=1'>",
        "<h1>Eels</h1><img src='/eel.jpg?w=9' srcset='/eel.jpg?w=1 1200w, /eel.jpg?w=9 3840w'>",
    ],
    ids=["ground", "above", "lazy", "noscript", "sources", "delayed", "size", "cover", "default", "largest"],
)
def test_a_picture_that_a_style_or_a_script_would_show_is_the_articles(hero: str) -> None:
    one = read(f'{hero}<div class="entry-content"><p>{TEXT}</p><p>{MORE}</p></div>')
    assert one.image is not None
    assert (one.image.src, one.text) == ("https://s.example/eel.jpg?w=1", f"{TEXT}\n\n{MORE}")


@pytest.mark.parametrize(
    "ground",
    [
        f'<div style="background:url(/wall.jpg)"><h1>Eels</h1><p>{TEXT} {MORE}</p><p>{TEXT} {MORE}</p></div>',
        '<div style="background:url(/wave.svg)"></div><h1>Eels</h1>',
        '<header style="background:url(/top.jpg)"><a href="/">The quay</a></header><h1>Eels</h1>',
        '<div style="background:url(/top.jpg)"></div><main><h1>Eels</h1></main>',
        '<div><a href="/"><img src="/quay.jpg"></a><h1>Eels</h1></div>',
    ],
    ids=["all", "drawn", "words", "far", "site"],
)
def test_what_a_page_stands_on_is_no_picture_of_an_article(ground: str) -> None:
    assert read(f'{ground}<div class="entry-content"><p>{TEXT}</p><p>{MORE}</p></div>').image is None


@pytest.mark.parametrize(
    "beside",
    [
        '<dl class="article-info"><dd>Kategori: <a href="/n">Nyheter</a></dd><dd>Visningar 41</dd></dl>',
        '<div class="speechify-ignore"><p>Member-only story</p><p>Follow</p></div>',
        '<div class="publisher-author-card"><h3><a href="/in/anna">Anna Holm</a></h3><h4>Runs the quay</h4></div>',
    ],
    ids=["joomla", "medium", "linkedin"],
)
def test_what_a_system_shows_of_an_article_is_no_text_of_it(beside: str) -> None:
    assert read(f"<article><h1>Eels</h1>{beside}<p>{TEXT}</p><p>{MORE}</p></article>").text == f"{TEXT}\n\n{MORE}"


def test_the_files_of_a_press_release_are_no_text_and_a_list_of_facts_stays() -> None:
    files = '<h4>Dokument &amp; länkar</h4><ul><li><a href="/a.pdf">Pressmeddelande (PDF)</a></li></ul>'
    facts = "<h4>Media</h4><p>Two papers and a radio programme told of the eels within a day.</p>"
    said = read(f"<article><h1>Eels</h1><p>{TEXT}</p><p>{MORE}</p>{facts}{files}</article>").text
    assert ("radio" in said, "Dokument" in said, "PDF" in said) == (True, False, False)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("<p class='author'>Von Anna Holm</p>", ""),
        ("", "<p>Teksti: Anna Holm</p>"),
        ("", "<p>Teksti ja kuva: Anna Holm</p>"),
    ],
)
def test_who_wrote_is_told_in_german_and_finnish(above: str, below: str) -> None:
    one = read(f"<main><h1>Eels</h1>{above}<p>{TEXT}</p><p>{MORE}</p>{below}</main>")
    assert (one.author, one.text) == ("Anna Holm", f"{TEXT}\n\n{MORE}")


def test_what_divi_calls_a_promo_or_a_testimonial_is_the_editors_own() -> None:
    promo = '<div class="et_pb_promo"><div class="et_pb_promo_description"><p>Come in time.</p></div></div>'
    said = (
        '<div class="et_pb_module et_pb_testimonial"><div class="et_pb_testimonial_portrait" '
        'style="background-image:url(/ada.jpg)"></div><p>So good.</p>'
        '<span class="et_pb_testimonial_author">Ada Lund</span>'
        '<p class="et_pb_testimonial_meta"><span class="et_pb_testimonial_position">Miller</span></p></div>'
    )
    one = read(f"<main><h1>Eels</h1><p>{TEXT}</p>{promo}{said}<div class='promo'><p>Buy.</p></div></main>")
    assert one.text == f'{TEXT}\n\nCome in time.\n\n::: quote {{by="Ada Lund, Miller"}}\nSo good.\n:::'
    assert one.image is None


@pytest.mark.parametrize("others", [1, 2])
def test_the_text_of_a_page_stands_though_it_ends_with_articles_that_it_leads_to(others: int) -> None:
    teaser = f"<article><h3><a href='/b'>Other</a></h3><p>{MORE}</p></article>"
    one = read(f"<main><div><h1>Eels</h1></div><div><p>{TEXT}</p><p>{TEXT * 2}</p></div>{teaser * others}</main>")
    assert one.text.startswith(TEXT)


def test_a_picture_with_whoever_took_it_stays_where_it_stands() -> None:
    shown = (
        '<div class="sv-image-portlet"><img src="/b.jpg" alt="Dock"><p class="bildtext">Foto: Ada Lund</p></div>'
    )
    one = read(f"<main><h1>Eels</h1><div><p>{TEXT}</p></div>{shown}<div><p>{MORE}</p><p>{TEXT}</p></div></main>")
    assert one.image
    assert one.image.src == "https://s.example/b.jpg"


@pytest.mark.parametrize(
    ("heard", "seen"),
    [
        ('Plan<span class="env-assistive-text"> Länk till annan webbplats, öppnas i nytt fönster.</span>', "Plan"),
        ("Plan (opens in new window)", "Plan"),
        ("Plan (pdf, 1.2 MB, öppnas i nytt fönster)", "Plan (pdf, 1.2 MB)"),
        ("The plan opens in a new window of the mill", "The plan opens in a new window of the mill"),
    ],
)
def test_what_a_link_tells_those_who_listen_is_not_read(heard: str, seen: str) -> None:
    one = read(f'<main><h1>Eels</h1><p>{TEXT}</p><p>See <a href="/p.pdf">{heard}</a> here.</p></main>')
    assert one.text.endswith(f"See [{seen}](https://s.example/p.pdf) here.")


@pytest.mark.parametrize(
    "around",
    [
        "<div class='td-crumb-container'><a href='/'>Start</a> <span>Eels</span></div>{}",
        "<div class='lankstig'><a href='/'>Start</a> / Eels</div>{}",
        "{}<ul class='shariff-buttons'><li class='shariff-button'><a href='/x'>was ist das</a></li></ul>",
        "{}<div class='page-links'>Pages: 1 <a href='/2'>2</a></div>",
        "{}<h3>Schlagworte</h3><ul><li><a href='/t'>Hafen</a></li></ul>",
        "{}<h2>Verwandte Artikel</h2><ul><li><a href='/b'>Der alte Hafen</a></li></ul>",
        "{}<h2>Rückfragehinweis</h2><p>Presseabteilung, Telefon: +43 50 11 50 33</p>",
        "{}<p>Kommentarerna är avstängda</p>",
    ],
)
def test_what_neighbours_put_around_an_article_is_no_text_of_it(around: str) -> None:
    text = f"<p>{TEXT}</p><p>{MORE}</p>"
    assert read(f"<article><h1>Eels</h1>{around.format(text)}</article>").text == f"{TEXT}\n\n{MORE}"


def test_an_article_beside_a_list_of_what_is_read_most_is_marked_in_rdfa():
    """As the BBC's pages are: no programme is told when it came out."""
    links = "".join(
        f"<li><a href='https://site.example/news/{number}'><span>{number}</span><span>Story {number} of the day,"
        f" which is long enough for a headline</span></a></li>"
        for number in range(1, 6)
    )
    label = "<span class='off-screen'>Image caption</span>"
    page = f"""<html><head><title>The eels are back</title><meta property="og:type" content="article"></head><body>
        <h1>The eels are back</h1><div class="inner" property="articleBody"><p>{label}{TEXT}</p><p>{MORE}</p></div>
        <div class="most"><h2>Most read</h2><ol>{links}</ol></div></body></html>"""
    assert listpage.read(page, "site", url="https://site.example/news/0") == ()
    one = webpage.parse(page, "site", url="https://site.example/news/0")
    assert one is not None
    assert markup.words(one.html) == f"{TEXT} {MORE}"


def test_what_elementor_counts_and_unfolds_is_a_line_and_a_heading():
    counter = """<div class="elementor-counter"><div class="elementor-counter-title">researchers move in</div>
        <div class="elementor-counter-number-wrapper"><span class="elementor-counter-number-prefix"></span>
        <span class="elementor-counter-number" data-to-value="240">0</span>
        <span class="elementor-counter-number-suffix">+</span></div></div>"""
    toggle = f"""<div class="elementor-tab-title" role="button" aria-expanded="false"><a>When is it open?</a></div>
        <div class="elementor-tab-content"><p>{MORE}</p></div>"""
    one = read(f"<main><h1>Eels</h1><p>{TEXT}</p><p>{MORE} {MORE}</p>{counter}{toggle}</main>")
    assert "\n\n240+ researchers move in\n\n## When is it open?\n\n" in one.text
    assert one.summary == f"{TEXT} {MORE} {MORE}"


@pytest.mark.parametrize("level", ["h1", "h2"])
def test_a_site_that_is_named_in_the_first_heading_gives_no_article_its_name(level: str):
    head = f"<div id='head'><{level}><a href='/'>The quay</a></{level}></div>"
    page = f"<div class='content'><h3>The eels are back</h3><p>12 May 2026</p><p>{TEXT}</p><p>{MORE}</p></div>"
    one = read(head + page, "<title>The quay</title>")
    assert (one.title, one.text) == ("The eels are back", f"{TEXT}\n\n{MORE}")


def test_the_lead_of_spip_stands_above_the_text():
    page = f"""<div class="content" id="content"><div class="cartouche"><h1>Eels</h1></div>
        <div class="chapo"><p>{MORE}</p></div><div class="texte entry-content"><p>{TEXT}</p></div></div>"""
    assert read(page).text == f"{MORE}\n\n{TEXT}"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("11/28/26", "2026-11-28"),
        ("28/11/26", "2026-11-28"),
        ("Published 9/30/25", "2025-09-30"),
        ("Monday, 6/9/25", "2025-06-09"),
        ("Publicerad 12/5/26", "2026-05-12"),
        ("24/7/365", ""),
        ("1/2/3", ""),
        ("13/13/25", ""),
    ],
)
def test_a_day_may_have_a_year_of_two_digits_behind_its_slashes(said: str, day: str):
    told = dates.line(said)
    assert (told.at.date().isoformat() if told else "") == day
