"""Pages that list articles or events: each is one of its own, whatever its card is called."""

import json
from datetime import UTC, datetime

import pytest

from newsletter import article
from newsletter.model import Article, Source
from newsletter.reading import document
from newsletter.reading.pages import listpage

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
TEXT = "Tio bolag visar vad de har byggt under hösten i vår accelerator, och alla är välkomna."


def read(body: str, head: str = "") -> list[Article]:
    page = f"<html lang=sv><head>{head}</head><body><main>{body}</main></body></html>".encode()
    items = document.read(page, Source("s", "page", ""), url="https://s.example/lista/")
    return [article.normalize(item, NOW) for item in items]


@pytest.mark.parametrize(
    "card",
    [
        "<article class='post'><div><img src='/{n}.jpg'><h4><a href='/n/{n}'>Kvarn {n}</a></h4></div>"
        "<h2><a href='/n/{n}'>Kvarn {n}</a></h2><p>{text}</p></article>",
        "<div class='tile-{n}'><a href='/n/{n}'></a><img src='/{n}.jpg'><h4>Kvarn {n}</h4><p>{text}</p>"
        "<a href='/n/{n}'>Läs mer</a></div>",
        "<li><time>{n} oktober 2026</time> <a href='/n/{n}'>Kvarn {n}</a></li>",
    ],
    ids=["twice", "over", "line"],
)
def test_a_card_leads_where_its_title_or_all_of_it_does(card: str) -> None:
    cards = "".join(card.format(n=n, text=TEXT) for n in range(1, 4))
    found = [(one.title, one.url) for one in read(f"<h1>Nyheter från ån</h1><div>{cards}</div>")]
    assert found == [(f"Kvarn {n}", f"https://s.example/n/{n}") for n in range(1, 4)]


@pytest.mark.parametrize(
    "form",
    [
        "<table><tr><th>Datum</th><th>Rubrik</th></tr>{}</table>|<tr><td>2026-10-0{n}</td>"
        "<td><a href='/n/{n}'>Kvarn {n}</a></td></tr>",
        "<h2>2026</h2><ul>{}</ul>|<li><span>{n} oktober</span> <a href='/n/{n}'>Kvarn {n}</a></li>",
        "<div>{}</div>|<h2><a href='/n/{n}'>Kvarn {n}</a></h2><p>{n} oktober 2026</p><p>{text}</p>",
    ],
    ids=["table", "year", "loose"],
)
def test_titles_with_their_days_are_a_list_however_they_stand(form: str) -> None:
    around, line = form.split("|")
    lines = "".join(line.format(n=n, text=TEXT) for n in range(1, 4))
    found = read(f"<h1>Nyheter från ån</h1>{around.format(lines)}", "<title>Nyheter från ån | Viken</title>")
    assert [(one.title, str(one.published)[:10]) for one in found] == [
        (f"Kvarn {n}", f"2026-10-0{n}") for n in range(1, 4)
    ]


def test_the_lead_of_a_list_is_one_of_its_stories_and_what_leads_elsewhere_is_none() -> None:
    def card(n: int, folder: str = "n") -> str:
        return f"<div><h3><a href='/{folder}/{n}'>Kvarn {n}</a></h3><p>{TEXT}</p></div>"

    cards = f"<section>{card(9)}</section><div>{''.join(map(card, range(3)))}</div><aside>{card(8, 'om')}</aside>"
    assert [one.title for one in read(f"<h1>Nyheter</h1>{cards}")] == [f"Kvarn {n}" for n in (9, 0, 1, 2)]


def test_a_list_is_one_though_a_plugin_calls_the_page_an_article() -> None:
    cards = "".join(f"<article><h2><a href='/n/{n}'>Kvarn {n}</a></h2><p>{TEXT}</p></article>" for n in range(3))
    said = '<meta property="og:type" content="article">'
    assert len(read(f"<h1>Nyheter</h1>{cards}", said)) == 3
    assert [one.title for one in read(f"<h1>Kvarnen</h1><p>{TEXT}</p>{cards}", said)] == ["Kvarnen"]


def test_the_hours_of_a_card_may_stand_apart() -> None:
    cards = "".join(
        f"<article><p>{n} jan 2027</p><h4><a href='/e/{n}'>Demodag {n}</a></h4><p class='venue'>Salen</p>"
        "<div><span>18:00</span> - <span>20:00</span></div></article>"
        for n in (14, 15, 16)
    )
    assert read(f"<h1>Kalender</h1>{cards}")[0].text == (
        "::: events\n- 2027-01-14 18:00–20:00 | Demodag 14 | Salen\n:::"
    )


def test_the_ground_of_a_card_is_its_picture() -> None:
    cards = "".join(
        f"<li><a href='/n/{n}'><div style=\"background-image: url('/{n}.jpg')\" aria-label='Hjulet'></div>"
        f"<h3>Kvarn {n}</h3><p>{TEXT}</p></a></li>"
        for n in range(3)
    )
    pictures = [(one.image.src, one.image.alt) for one in read(f"<h1>Nyheter</h1><ul>{cards}</ul>") if one.image]
    assert pictures == [(f"https://s.example/{n}.jpg", "Hjulet") for n in range(3)]


@pytest.mark.parametrize(
    "signed",
    [
        "<p class='post-meta'>av <span class='author vcard'><a href='/a/ada'>Ada Lund</a></span></p>",
        "<p>Av <span class=vcard><span class=fn><a href='/a/ada' rel=author>Ada Lund</a></span></span> |</p>",
        "<div id='card-author'><img src='https://1.gravatar.com/avatar/a?s=128'><p>Ada Lund</p></div>",
        "<footer><span itemprop=author><span itemprop=name>Ada Lund</span></span></footer>",
        "<div class='avatar-name'><span class='user-name'>Ada Lund</span></div><span>7 visningar</span>",
        "<span class='post-author'>Av: Ada Lund</span><a href='/n/{n}#respond'>0</a>",
    ],
)
def test_who_wrote_the_article_of_a_card_is_no_text_of_it(signed: str) -> None:
    card = f"<article><h2><a href='/n/{{n}}'>Kvarn {{n}}</a></h2><p>{TEXT}</p>{signed}</article>"
    for one in read("<h1>Nyheter</h1>" + "".join(card.replace("{n}", str(n)) for n in range(3))):
        assert (one.author, one.text, one.image) == ("Ada Lund", TEXT, None)


@pytest.mark.parametrize("ground", ["<i style='{}'></i>", "<span class='arrow-icon' style='{}'></span>"])
def test_the_ground_of_a_sign_is_no_picture(ground: str) -> None:
    sign = ground.format('background:url("/more.png")')
    (one,) = read(f"<h1>Kvarnen</h1><article><p>{TEXT}</p><p>{sign} {TEXT}</p></article>")
    assert one.image is None
    assert "more.png" not in one.text


@pytest.mark.parametrize(
    ("day", "around", "count"),
    [
        ("<time datetime='2026-11-2{n}'></time>", "{}", 2),
        ("", "{}", 0),
        ("<time datetime='2026-11-2{n}'></time>", f"<article><p>{TEXT}</p></article>{{}}", 0),
        ("<time datetime='2026-11-2{n}'></time>", "<h2>Läs även</h2>{}", 0),
    ],
    ids=["dated", "undated", "beside", "led"],
)
def test_two_cards_are_a_list_where_each_has_its_day_and_the_page_nothing_else(
    day: str, around: str, count: int
) -> None:
    card = f"<li class=card><h3><a href='/n/{{n}}'>Kvarn {{n}}</a></h3>{day}<p>{TEXT}</p></li>"
    body = around.format(f"<ul>{card.format(n=1)}{card.format(n=2)}</ul>")
    page = f"<html lang=sv><body><main><h1>Nyheter</h1>{body}</main></body></html>"
    assert len(listpage.read(page, "s", url="https://s.example/lista/")) == count


def test_cards_are_known_by_standing_side_by_side() -> None:
    cards = "".join(
        f'<a class="tile" href="/n/{day}"><img src="/{day}.jpg"><span>{day} okt</span><h3>Kvarn {day}</h3>'
        f"<p>{TEXT}</p></a>"
        for day in (3, 12, 28)
    )
    found = read(f"<h1>Nyheter</h1><div>{cards}</div>")
    assert [(one.title, one.url) for one in found] == [
        (f"Kvarn {day}", f"https://s.example/n/{day}") for day in (3, 12, 28)
    ]
    assert [one.published for one in found] == [datetime(2026, 10, day, 12, tzinfo=UTC) for day in (3, 12, 28)]
    assert {one.text for one in found} == {TEXT}


TITLES = ("Kvarnen mal igen", "Bron är klar", "Skolan byggs ut", "Ån får nya stigar")


@pytest.mark.parametrize(
    "line",
    [
        "<ul>{}</ul>|<li><a href='/n/{n}'>{title}</a> <span>{n} november 2026</span><p>{text}</p></li>",
        "<ol>{}</ol>|<li><time datetime='2026-11-0{n}'>{n} november 2026</time>"
        "<a href='/n/{n}'><span>{title}</span></a><p>{text}</p></li>",
        "<ul>{}</ul>|<li><a href='/n/{n}'><span>{title}</span><span>{text}</span><em>{n} nov 2026</em></a></li>",
        "<div>{}</div>|<p><strong><a href='/n/{n}'>{title}</a></strong><br>{n} november 2026<br>{text}</p>",
    ],
    ids=["behind", "before", "inside", "paragraphs"],
)
def test_lines_that_are_a_link_with_a_day_are_cards(line: str) -> None:
    around, form = line.split("|")
    lines = "".join(form.format(n=n, title=title, text=TEXT) for n, title in enumerate(TITLES, 1))
    found = read(f"<h1>Nyheter</h1>{around.format(lines)}")
    assert [(one.title, one.url) for one in found] == [
        (title, f"https://s.example/n/{n}") for n, title in enumerate(TITLES, 1)
    ]
    assert [one.published.date().day for one in found if one.published] == [1, 2, 3, 4]
    assert {one.text for one in found} == {TEXT}


def test_lines_of_titles_and_days_are_a_list_where_they_are_the_page() -> None:
    lines = "".join(f"<li><a href='/n/{n}'>{title}</a> ({n}/11 2026)</li>" for n, title in enumerate(TITLES, 1))
    assert [one.title for one in read(f"<h1>Nyheter</h1><p>Här är de.</p><ul>{lines}</ul>")] == list(TITLES)
    # Under an article they are what it leads to; a file is no article, and a name is no day.
    assert [one.title for one in read(f"<h1>Hamnen</h1><p>{TEXT * 3}</p><ul>{lines}</ul>")] == ["Hamnen"]
    told = lines.replace("</li>", f"<p>{TEXT}</p></li>")
    beside = f"<h1>Hamnen</h1><p>{TEXT}</p><div><h2>Fler nyheter</h2><ul>{told}</ul></div>"
    assert [one.title for one in read(beside)] == ["Hamnen"]
    assert [one.title for one in read(beside.replace(f"<p>{TEXT}</p><div>", "<div>"))] == list(TITLES)
    files = "".join(f"<li><a href='/p/{n}.pdf'>Protokoll {n}</a> {n}/11 2026</li>" for n in range(1, 5))
    assert [one.title for one in read(f"<h1>Protokoll</h1><p>{TEXT}</p><ul>{files}</ul>")] == ["Protokoll"]


def test_sections_of_one_article_are_no_cards() -> None:
    parts = "".join(f"<section><h2>Del {n}</h2><p>{TEXT} <a href='/{n}'>Mer</a></p></section>" for n in range(4))
    [one] = read(f"<h1>Kvarnen</h1>{parts}")
    assert one.title == "Kvarnen"
    others = "".join(
        f"<section><h2><a href='https://o.example/{n}'>Bok {n}</a></h2><p>{TEXT}</p></section>" for n in range(4)
    )
    assert [tip.title for tip in read(f"<h1>Lästips</h1>{others}")] == ["Lästips"]
    assert one.text.count("## Del") == 4


@pytest.mark.parametrize(
    "card",
    [
        "<div class='event-item'><div><span>{d}</span><span>{m}</span></div>"
        "<div><h3><a href='/e/{n}'>Demodag {n}</a></h3>"
        "<p>kl. 10.00–12.00, Stora salen</p><p>{text}</p></div></div>",
        "<article class='evenemang'><time datetime='{y}-{mm}-{d:02}'>{d} {m} kl. 10.00–12.00</time>"
        "<h2><a href='/e/{n}'>Demodag {n}</a></h2><address>Stora salen</address><p>{text}</p></article>",
        "<li class='event'><h3><a href='/e/{n}'>Demodag {n}</a></h3><p class='date'>{d} {m} {y}</p>"
        "<p>10.00–12.00</p>"
        "<p class='event-venue'>Stora salen</p><p>{text}</p></li>",
    ],
    ids=["day-and-month-apart", "time", "classes"],
)
def test_each_event_of_a_list_is_one_with_its_day_hour_and_place(card: str) -> None:
    days = ((1, 3, "dec", "12", 2026), (2, 10, "dec", "12", 2026), (3, 14, "jan", "01", 2027))
    cards = "".join(card.format(n=n, d=d, m=m, mm=mm, y=y, text=TEXT) for n, d, m, mm, y in days)
    found = read(f"<h1>Kalender</h1><div>{cards}</div>")
    assert [(one.title, one.url) for one in found] == [
        (f"Demodag {n}", f"https://s.example/e/{n}") for n in (1, 2, 3)
    ]
    assert [one.text for one in found] == [
        f"::: events\n- {y}-{mm}-{d:02} 10:00–12:00 | Demodag {n} | Stora salen\n:::\n\n{TEXT}"
        for n, d, _, mm, y in days
    ]
    assert {one.published for one in found} == {NOW}


def test_an_event_that_is_over_is_as_old_as_it_was() -> None:
    card = (
        "<article class='event'><time datetime='2026-05-0{n}T10:00'>10:00</time>"
        "<h2><a href='/{n}'>E{n}</a></h2><p>{text}</p></article>"
    )
    found = read("".join(card.format(n=n, text=TEXT) for n in (1, 2, 3)))
    assert [one.published for one in found] == [datetime(2026, 5, day, 10, tzinfo=UTC) for day in (1, 2, 3)]


def test_events_that_a_page_lists_for_programs_are_read() -> None:
    said = [
        {
            "@type": "Event",
            "name": f"Demo day {n}",
            "url": f"https://s.example/e/{n}",
            "description": f"<p>{TEXT}</p>",
            "startDate": f"2026-12-0{n}T10:00:00+01:00",
            "endDate": f"2026-12-0{n}T12:00:00+01:00",
            "location": {"@type": "Place", "name": "Main hall"},
        }
        for n in (3, 4)
    ]
    head = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    found = read(f"<h1>Events</h1><p>{TEXT}</p>", head)
    assert [(one.title, one.url) for one in found] == [
        (f"Demo day {n}", f"https://s.example/e/{n}") for n in (3, 4)
    ]
    assert found[0].text == f"::: events\n- 2026-12-03 10:00–12:00 | Demo day 3 | Main hall\n:::\n\n{TEXT}"


@pytest.mark.parametrize(
    "card",
    [
        "<article class='hentry'><header class='entry-header'><h2><a href='/n/{n}'>Kvarn {n}</a></h2></header>"
        "<p>{text}</p></article>",
        "<li class='news-item'><a href='/n/{n}'><span>{n} okt 2026</span><h2>Kvarn {n}</h2><p>{text}</p></a></li>",
        "<div class='views-row'><div class='views-field-title'><span><a href='/n/{n}'>Kvarn {n}</a></span></div>"
        "<div>{text}</div></div>",
    ],
    ids=["header", "all-of-it-a-link", "no-heading"],
)
def test_a_card_is_one_whatever_holds_its_title(card: str) -> None:
    found = read("<h1>Nyheter</h1>" + "".join(card.format(n=n, text=TEXT) for n in (1, 2, 3)))
    assert [(one.title, one.url, one.text) for one in found] == [
        (f"Kvarn {n}", f"https://s.example/n/{n}", TEXT) for n in (1, 2, 3)
    ]


def test_cards_under_an_article_do_not_make_it_a_list() -> None:
    cards = "".join(
        f"<li class='card'><a href='/n/{n}'><h3>Kvarn {n}</h3><p>{TEXT}</p></a></li>" for n in range(3)
    )
    [one] = read(f"<article><h1>Bron</h1><p>{TEXT * 4}</p></article><ul>{cards}</ul>")
    assert one.title == "Bron"


def test_a_saved_list_gives_its_articles_even_where_nobody_knows_its_address() -> None:
    cards = "".join(f"<article><h2><a href='n/{n}'>Kvarn {n}</a></h2><p>{TEXT}</p></article>" for n in range(3))
    page = f"<html lang=sv><body><main><h1>Nyheter</h1>{cards}</main></body></html>"
    found = document.read(page.encode(), Source("s", "page", ""), kind=".html")
    assert [(one.title, one.url) for one in found] == [(f"Kvarn {n}", "") for n in range(3)]
    saved = page.replace("<body>", "<!--\n Page saved with SingleFile \n url: https://s.example/lista/ \n-->")
    found = document.read(saved.encode(), Source("s", "page", ""), kind=".html")
    assert found[0].url == "https://s.example/lista/n/0"


def test_a_card_is_no_text_of_what_it_is_filed_under_and_of_what_leads_on_from_it() -> None:
    cards = "".join(
        f"<div class='news-item'><span class='category'>Research</span><h2><a href='/n/{n}'>Kvarn {n}</a></h2>"
        f"<p>{TEXT}</p><a href='/n/{n}'>Läs mer<span> om Kvarn {n}</span></a></div>"
        for n in range(3)
    )
    assert [one.text for one in read(f"<h1>Nyheter</h1>{cards}")] == [TEXT] * 3


def test_a_post_with_a_password_is_no_card() -> None:
    names = ("post", "post post-password-required", "post", "post")
    cards = "".join(
        f"<article class='{name}'><h2><a href='/n/{n}'>Kvarn {n}</a></h2><p>{TEXT}</p></article>"
        for n, name in enumerate(names)
    )
    assert [one.title for one in read(f"<h1>Nyheter</h1><div>{cards}</div>")] == ["Kvarn 0", "Kvarn 2", "Kvarn 3"]


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("<a href='/n/{n}'>Kvarn {n}</a>", "{text}"),
        ("2026-11-1{n}", "<a href='/n/{n}'>Kvarn {n}</a><br>{text}"),
        ("1{n} november 2026: <a href='/n/{n}'>Kvarn {n}</a>", "<p>{text}</p>"),
    ],
)
def test_terms_that_lead_to_a_page_each_with_a_text_are_news(term: str, said: str) -> None:
    pairs = "".join(
        f"<dt>{term.format(n=n, text=TEXT)}</dt><dd>{said.format(n=n, text=TEXT)}</dd>" for n in range(3)
    )
    found = read(f"<h1>Nyheter</h1><dl>{pairs}</dl>")
    assert [(one.title, one.text) for one in found] == [(f"Kvarn {n}", TEXT) for n in range(3)]
    if "1{n}" in term:
        assert [one.published.day for one in found if one.published] == [10, 11, 12]


def test_a_list_of_facts_is_no_list_of_news() -> None:
    facts = "".join(
        f"<dt>{name}</dt><dd><a href='/{name}'>Se {name}</a></dd>" for name in ("Tid", "Plats", "Karta")
    )
    [one] = read(f"<article><h1>Öppet hus</h1><p>{TEXT * 2}</p><dl>{facts}</dl></article>")
    assert one.title == "Öppet hus"


def test_a_link_that_holds_title_picture_and_text_is_a_card() -> None:
    cards = "".join(
        f"<li><a href='/n/{n}'><img src='/p/{n}.jpg' alt=''><span class='puff-title'>Kvarn {n}</span>"
        f"<span>{TEXT}</span></a></li>"
        for n in range(3)
    )
    found = read(f"<h1>Nyheter</h1><ul>{cards}</ul>")
    assert [(one.title, one.text) for one in found] == [(f"Kvarn {n}", TEXT) for n in range(3)]
    assert all(one.image for one in found)


def test_articles_that_are_each_under_a_heading_of_the_highest_rank_are_cards() -> None:
    cards = "".join(
        f"<li><article><header><h1><a href='/n/{n}'>Kvarn {n}</a></h1></header><p>{TEXT}</p>"
        f"<footer><abbr class='published'>Published: 1{n} November 2026</abbr> In Kultur</footer></article></li>"
        for n in range(3)
    )
    found = read(f"<header><h1><a href='/'>Vassby</a></h1></header><ol>{cards}</ol>")
    assert [(one.title, one.text) for one in found] == [(f"Kvarn {n}", TEXT) for n in range(3)]
    assert [one.published.day for one in found if one.published] == [10, 11, 12]


def table(*rows: tuple[str, ...]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    heads = "".join(f"<th>{head}</th>" for head in ("Datum", "Tid", "Vad", "Plats"))
    return f"<h1>Kalender</h1><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


DAYS = ("8 december 2026", "12 december 2026", "14 januari 2027")
WHEN = ("2026-12-08 18:00", "2026-12-12 11:00–15:00", "2027-01-14 17:30")
HOURS = ("18.00", "11–15", "17.30")
WHERE = ("Kyrkan", "Torget", "Biblioteket")


def test_the_days_in_a_table_are_those_of_its_rows() -> None:
    """The first two went as the days on which the page came out and was changed."""
    titles = ("Luciakör", "Julmarknad", "Dialog om bron")
    [one] = read(table(*zip(DAYS, HOURS, titles, WHERE, strict=True)))
    rows = "\n".join(f"- {when} | {what} | {where}" for when, what, where in zip(WHEN, titles, WHERE, strict=True))
    assert one.text == f"::: events\n{rows}\n:::"
    assert one.published == NOW


def test_a_row_of_a_table_says_where_by_the_head_of_the_table() -> None:
    titles = tuple(f'<a href="/k/{number}">Kvarn {number}</a>' for number in range(3))
    found = read(table(*zip(DAYS, HOURS, titles, WHERE, strict=True)))
    told = [
        f"{when} | Kvarn {number} | {where}" for number, (when, where) in enumerate(zip(WHEN, WHERE, strict=True))
    ]
    assert [one.text for one in found] == [f"::: events\n- {row}\n:::" for row in told]
