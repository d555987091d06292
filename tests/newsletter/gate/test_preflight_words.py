"""The gate reads words and links: what an ordinary letter says passes, what was meant otherwise is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.blocks import Event
from newsletter.issuefile.blocks import fence
from newsletter.model import Events, Level, Prose, Span, Token
from tests.effort import assert_grows_alone, computes
from tests.letters import HTML, ISSUE, SOURCE, STORY, TEXT, Letter, behind, block, linked, only, themed, written


@pytest.mark.parametrize(
    "words",
    [
        "None of the boats came, and some or all will.",
        "Three boats (e.g. Anna) came. Nobody saw None Such.",
        "The A.B.C. of sailing, by Node.js developers at tidvatten.se.",
        "At 10.30 the pier opens. Version 2.0 follows.",
        "The party asked “What’s happening?” – an evening for all.",
        r"The file lies in C:\new\boats.",
        "Write to eva@tidvatten.se or call 08-123 45 67.",
        "I använder «åäö» och é, à, ü.",
    ],
)
def test_ordinary_sentences_pass(words):
    assert written(words).check() == ()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("come on 31 November at eight", "“31 November”: November has 30 days"),
        ("come on February 30th, all of you", "“February 30th”: February has 29 days"),
        ("come on 29 February 2026", "“29 February 2026”: February 2026 has 28 days"),
        ("come on 2026-09-31, all of you", "“2026-09-31”: September 2026 has 30 days"),
    ],
)
def test_a_day_that_its_month_has_not_is_told(words, told):
    [one] = written(f"{words}: the harbour has room.").check()
    assert (one.id, one.message) == ("date-impossible", told)


@pytest.mark.parametrize(
    "words",
    [
        "come on 29 February 2028",
        "come on 29 February",
        "in November 31 boats came, on 31 May",
        "read `2026-02-30` and [that](https://tidvatten.se/2026-02-30-a)",
    ],
)
def test_what_is_no_such_day_is_left_alone(words):
    assert "date-impossible" not in [one.id for one in written(f"{words}: the harbour has room.").check()]


@pytest.mark.parametrize(
    ("when", "meant"),
    [
        ("Onsdag 9 dec. 18.00", "as - 2026-12-09 18:00"),
        ("den 5:e december kl 18", "as - 2026-12-05 18:00"),
        ("December 5th", "as - 2026-12-05 18:00"),
        ("5 december 2047, 18.00", "as - 2047-12-05 18:00"),
        ("31 november", "as - 2025-06-10 18:00"),
        ("5/12 18:00", "as - 2025-06-10 18:00"),
        ("varje tisdag 12:00", ""),
        ("hela december", ""),
        ("dygnet runt, 24/7", ""),
        ("Rum 5", ""),
        ("2046-12-05 kl. 18–20", ""),
    ],
)
def test_a_day_of_an_event_in_words_is_told_with_the_way_to_write_it(when, meant):
    listed = block(Events, items=(Event(when=when, title="Summer party"),))
    found = [one for one in listed.check(now=datetime(2026, 5, 31, tzinfo=UTC)) if one.id == "event-unread"]
    assert [one.remedy.partition(", ")[2] for one in found] == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("mailto:eva@tidvatten.se", "eva@tidvatten.se"),
        ("tel:+4681234567", "08-123 45 67"),
        ("https://www.tidvatten.se/pier", "tidvatten.se"),
        ("https://tidvatten.se/pier", "https://tidvatten.se/pier"),
        ("https://xn--flemingsberg-1ab.se/ö", "Läs om öarna"),
        ("https://tidvatten.se:8443/a?b=c&amp;d=e#f", "Node.js on boats"),
        ("https://åkersberga.se/båt", "åkersberga.se"),
        ("https://news.tidvatten.se/archive", "The archive"),
        ("https://flemingsberg.example/en", "A page to try with"),
    ],
)
def test_ordinary_links_pass(href, text):
    assert linked(href, text).check() == ()


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (":: story", "::: story"),
        ("::", ":::"),
        ("  ::Story", "::: Story"),
        ('\t::: quote {by="Eva"}', "::: quote"),
        ("    :::", ":::"),
    ],
)
def test_a_line_that_almost_opens_a_block_is_told_how_to(line, meant):
    found = only(Letter(source=f"{SOURCE}\n{line}\n").check(), "block-unmade")
    assert found.place == f"{ISSUE}:10"
    assert found.remedy == f"begin it at the left edge with three colons: {meant}"


@pytest.mark.parametrize(
    "kept", ["```\n    ::: story\n```", "<!-- \n:: story\n-->", ":: Eva and Ove ::", ":: note", "<!--\n```\n-->"]
)
def test_colons_that_are_meant_pass(kept):
    assert not [one for one in Letter(source=f"{SOURCE}\n{kept}\n").check() if one.id == "block-unmade"]


@pytest.mark.parametrize(
    ("lines", "is_list"),
    [
        ("·\tBoats\n·\tNets", True),
        ("o\tBoats\n\no\tNets", True),
        ("1.Boats\n2.Nets", True),
        ("• Boats", False),
        ("– We float, says Eva.\n– We do, says Ove.", False),
        ("1.5 metres\n2.5 metres", False),
        ("-Boats\n-Nets", True),
        ("-Boats, says Eva.\n\n-Nets, says Ove.", False),
        ("-5 degrees\n-6 degrees", False),
        ("- Boats\n- Nets\n\n1. Boats\n2. Nets", False),
    ],
)
def test_points_of_a_word_processor_are_told_and_no_others(lines, is_list):
    found = [one for one in Letter(source=f"{SOURCE}\n{lines}\n").check() if one.id == "list-unmade"]
    assert bool(found) is is_list


@pytest.mark.parametrize(
    ("lines", "is_joined"),
    [
        ("Yours,\nEva Lind\nHarbour office", True),
        ("**When:** Monday\n**Where:** the quay", True),
        ("– We float, says Eva.\n– We do, says Ove.", True),
        ("Yours,\\\nEva Lind\\\nHarbour office", False),
        ("Yours,  \nEva Lind", False),
        ("Yours,\n\nEva Lind", False),
        ("Forty boats came on the first day, and as\nmany on the second.", False),
        ("- Boats\n- Nets", False),
        ("• Boats\n• Nets", False),
        ("```\nboats\nnets\n```", False),
    ],
)
def test_short_lines_that_run_together_are_told_and_no_others(lines, is_joined):
    found = [one for one in behind(lines).check() if one.id == "lines-joined"]
    assert bool(found) is is_joined


@pytest.mark.parametrize(
    ("lines", "is_meant"),
    [
        ("Boat\tBerth\nTern\t4\nGull\t5", True),
        ("| Boat | Berth |\n|---|---|\n| Tern | 4 |\n| Gull | 5 |", False),
        ("1.\tBoats\n2.\tNets", False),
        ("-\tBoats\n-\tNets", False),
        ("o\tBoats\no\tNets", False),
        ("```\nBoat\tBerth\nTern\t4\n```", False),
        ("Boat\tBerth\n\nTern\t4", False),
        ("| alone |", False),
        ("| Boat | Berth | Since |\n|---|---|\n| Tern | 4 | May |", True),
    ],
)
def test_rows_of_cells_that_make_no_table_are_told_and_no_others(lines, is_meant):
    found = [one for one in Letter(source=f"{SOURCE}\n{lines}\n").check() if one.id == "table-unmade"]
    assert len(found) == is_meant


@pytest.mark.parametrize(
    ("row", "lost"),
    [
        ("| Tern | 4 | May |", "May"),
        ("Tern | `a | b`", "b`"),
        ("| Tern | a \\| b |", ""),
        ("| Tern |", ""),
        ("\nTern | 4 | May", ""),
    ],
)
def test_a_cell_that_no_reader_sees_is_told(row, lost):
    found = [
        one
        for one in Letter(source=f"{SOURCE}\n| Boat | Berth |\n|---|---|\n{row}\n").check()
        if one.id == "text-lost"
    ]
    assert [one.message.endswith(f"do not see: {lost}") for one in found] == [True] * bool(lost)


LOST = "Nobody ever reads this forgotten sentence."


@pytest.mark.parametrize(
    "line",
    [
        LOST,
        f"**{LOST}**",
        f"{LOST} [Forty boats](https://tidvatten.se/pier)",
        f"{LOST} Forty boats came.",
        f"<p>{LOST}</p>",
    ],
)
def test_a_line_that_no_reader_sees_is_told(line):
    finding = only(behind(line).check(), "text-lost")
    assert (finding.level, finding.place) == (Level.ERROR, f"{ISSUE}:10")
    assert finding.message.startswith("this line does not reach readers: “")


@pytest.mark.parametrize(
    "line",
    [
        STORY,
        f"{STORY} Forty boats! Nobody reads this.",
        "Nobody ever",
        f"<!-- {LOST} -->",
        f"{{% if city %}}{LOST}{{% endif %}}",
        f"![{LOST}](https://tidvatten.se/pier.jpg)",
        f"[{LOST}]: https://tidvatten.se/pier",
        f"| {LOST} |",
        "The new p\u00adier \\*open\u200bed\\*, and f&#111;rty boats came.",
    ],
)
def test_a_line_that_readers_see_or_need_not_is_not_told(line):
    assert "text-lost" not in {one.id for one in behind(line).check()}


@pytest.mark.parametrize(
    ("sponsor", "segment", "told"),
    [
        ("Harbour Bank", "", [f"{ISSUE}:6"]),
        ("Harbour Bank", "students", []),
        ("forty  boats", "", []),
        ("{{ name }}", "", []),
        ("", "", []),
    ],
)
def test_a_sponsor_whom_no_reader_sees_is_told(sponsor, segment, told):
    found = block(Prose, text=STORY, sponsor=sponsor, segment=segment).check()
    assert [one.place for one in found if one.id == "text-lost"] == told


def test_a_line_in_a_block_for_others_is_not_lost():
    for_others = Prose(text=LOST, segment="students", span=Span(9, 10))
    letter = Letter(source=f"{SOURCE}\n{LOST}\n", blocks=(for_others,))
    assert "text-lost" not in {one.id for one in letter.check()}


def test_what_a_picture_says_reaches_readers():
    shown = themed("</body>", f'<img src="https://tidvatten.se/a.jpg" alt="{LOST}"></body>')
    letter = replace(shown, source=f"{SOURCE}\n{LOST}\n", blocks=(Prose(text=LOST, span=Span(9, 10)),))
    assert "text-lost" not in {one.id for one in letter.check()}


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("See www.tidvatten.se, it is new.", "write it as [www.tidvatten.se](https://www.tidvatten.se)"),
        ("See (https://tidvatten.se/a-b)", "write it as <https://tidvatten.se/a-b>"),
        ("See <https://tidvatten.se/a> or [www.tidvatten.se](https://www.tidvatten.se)", ""),
        ("Write `https://tidvatten.se/a` and to eva@www.tidvatten.se", ""),
    ],
)
def test_an_address_among_words_is_told_how_to_be_a_link(words, remedy):
    found = [one.remedy for one in behind(words).check() if one.id == "link-unmade"]
    assert found == [remedy] * bool(remedy)


@pytest.mark.parametrize(
    ("href", "remedy"),
    [
        ("www.tidvatten.se/a", "write https://www.tidvatten.se/a"),
        ("tidvatten.se", "write https://tidvatten.se"),
        ("eva@tidvatten.se", "write mailto:eva@tidvatten.se"),
        ("pier/plan.html", "put it on the web, and write its whole address: https://…"),
        (
            "assets/plan.pdf",
            "lay the file into issues/2025-06/assets/, and mind capital letters and the ending",
        ),
        (
            "assets/readers.csv",
            "save it as PDF right in assets/, itself and no link to it, or put it on the web: https://…",
        ),
    ],
)
def test_an_address_without_its_beginning_is_told_which(href, remedy):
    letter = linked(f"https://news.tidvatten.se/issues/2025-06/{href}")
    found = letter.check(size=lambda _: None, names=["assets/readers.csv"])
    assert only(found, "link-relative").remedy == remedy


@pytest.mark.parametrize("words", ["The ** new ** pier", "** New ** pier"])
def test_bold_with_spaces_inside_is_told(words):
    assert only(written(words).check(), "leftover-markup").level == Level.ERROR
    assert written("Two ** three is eight, they say").check() == ()


@pytest.mark.parametrize("signs", ["{#boats}", "{.wide}", "{width=50%}", '{width="50" height="20"}'])
def test_what_says_in_braces_how_a_word_looks_is_told(signs):
    assert only(written(f"The new pier{signs} is open").check(), "leftover-markup").level == Level.ERROR
    assert written("A set {a, b} and {x} stay").check() == ()


@pytest.mark.parametrize(("columns", "wide"), [(4, False), (9, True)])
def test_a_table_that_is_wider_than_a_letter_is_told(columns, wide):
    words = [f"Pierwords{number}" for number in range(columns)]
    rows = [f"| {' | '.join(words)} |", f"|{'--|' * columns}", f"| {' | '.join(['four'] * columns)} |"]
    heads = "".join(f"<th scope=col>{word}</th>" for word in words)
    table = f"<table><tr>{heads}</tr><tr>{'<td>four</td>' * columns}</tr></table>"
    letter = Letter(source=SOURCE.replace(STORY, "\n".join(rows)), html=HTML.replace(f"<p>{STORY}</p>", table))
    assert [one.place for one in letter.check() if one.id == "table-wide"] == [f"{ISSUE}:6"] * wide


@pytest.mark.parametrize("words", ["“June” and “July”", "'The pier: \"June\"'", 'A pier called "June"'])
def test_quotes_within_a_subject_are_its_own(words):
    source = SOURCE.replace("June by the harbour", words)
    assert not [one for one in Letter(source=source).check() if one.id == "field-quoted"]


@pytest.mark.parametrize("words", ["“June by the harbour”", "“June by the harbour“", 'June by the harbour"'])
def test_quotes_that_readers_would_see_of_a_subject_are_told(words):
    source = SOURCE.replace("June by the harbour", words)
    finding = only(Letter(source=source).check(), "field-quoted")
    assert (finding.message.endswith(f": {words}"), finding.remedy[-21:]) == (True, '"June by the harbour"')


def test_a_field_that_is_one_we_know_misspelt_is_no_field_that_wants_a_fallback():
    letter = Letter(source=SOURCE.replace(STORY, "Dear {{ nmae }},"), tokens=(Token("NLabcd1234X0XNL", "nmae"),))
    assert "did you mean name?" in (only(letter.check(), "field-without-fallback").remedy or "")


def test_a_question_that_has_its_link_passes():
    words = "What is new? The pier, and [forty boats](https://tidvatten.se/boats)."
    assert Letter(source=SOURCE.replace(STORY, words)).check() == ()


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_markdown_that_made_no_link_is_told(scheme):
    finding = only(written(f"See [the boats]({scheme})").check(), "link-scheme")
    assert (finding.level, finding.place) == (Level.ERROR, f"{ISSUE}:6")


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("[Länk] (https://tidvatten.se/boats)", Level.WARNING),
        ("(the boats)[https://tidvatten.se/boats]", Level.WARNING),
        ("![The boats](my boats.jpg)", Level.ERROR),
    ],
)
def test_brackets_that_made_nothing_are_no_placeholder(words, level):
    findings = written(f"See {words} now").check()
    finding = only(findings, "link-unmade")
    assert (finding.level, finding.place) == (level, f"{ISSUE}:6")
    assert "leftover-placeholder" not in {one.id for one in findings}
    assert ("picture" in finding.message) is words.startswith("!")


@pytest.mark.parametrize(
    "words",
    ["[insert name]", "[Bild]", "INSERT LINK", "FYLL I HÄR", "ATT GÖRA: bild", "PLACEHOLDER", "Your text here",
     "The text goes here", "Insert link here", "Texten kommer här", "text here", "Platshållare", "XXXX"],
)  # fmt: skip
def test_what_stands_for_words_to_come_is_told(words):
    assert only(written(words).check(), "leftover-placeholder").level == Level.ERROR


@pytest.mark.parametrize(
    "words",
    ["Det finns mycket att göra", "DET FINNS MYCKET ATT GÖRA", "Fyll i här om du kommer", "Skriv här om du vill",
     "Skriv namn och adress", "Read the full text here", "Each tent has a placeholder", "[Bild: Anna Holm]"],
)  # fmt: skip
def test_what_letters_say_is_no_placeholder(words):
    assert "leftover-placeholder" not in {one.id for one in written(words).check()}


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a!", "](", "<a", "![", "{{", "www.", "a´", "@", "`", " ", "/*", "?", "-", "** "],
)
def test_hostile_words_cost_no_more_than_long_ones(piece):
    words = piece * (60_000 // len(piece))
    with computes():
        written(words).check()
        linked("https://tidvatten.se/" + words.replace(" ", ""), words).check()


@pytest.mark.parametrize("line", ["", "-"])
def test_many_lines_without_words_cost_no_more_than_long_ones(line):
    assert_grows_alone(
        lambda size: written("\n".join(["```", "begin", *[line] * size, "end", "```"])).check(), 8_000
    )


@pytest.mark.parametrize("piece", ["-", ": ", "|", "| ", "a", "\t", "a\t"])
def test_hostile_rows_of_a_table_cost_no_more_than_long_ones(piece):
    row = f"|{piece * 200_000}"
    span = Span(9, 13)
    letter = Letter(source=f"{SOURCE}\n{row}x|\n{row}x|\n{row}x\n", blocks=(Prose(text="Words", span=span),))
    with computes():
        letter.check()


@pytest.mark.parametrize("piece", ["a <!-- ", "{% if city %}"])
def test_comments_and_choices_that_never_end_cost_no_more_than_long_words(piece):
    with computes():
        assert fence.uncommented(piece * 60_000) == piece * 60_000
        written(piece * 20_000).check()


@pytest.mark.parametrize(
    "words", ["Bild på bron i snö", "City hall at dusk", "Text on a wall", "Your harbour", "Image of a seal"]
)
def test_a_picture_whose_words_begin_as_a_placeholder_does_is_none(words):
    shown = {STORY: f'<img src="https://tidvatten.se/a.jpg" alt="{words}">'}
    letter = Letter(
        source=SOURCE.replace(STORY, f"![{words}](https://tidvatten.se/a.jpg)"),
        html=HTML.replace(*next(iter(shown.items()))),
        text=TEXT.replace(STORY, f"[{words}]"),
    )
    assert "leftover-placeholder" not in {one.id for one in letter.check()}
    said = replace(letter, html=letter.html.replace("<img ", f"<p>[{words}]</p><img "))
    assert only(said.check(), "leftover-placeholder").level == Level.ERROR
