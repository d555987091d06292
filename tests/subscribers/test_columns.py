"""Laws of understanding a table of people."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import address, attribute
from subscribers.errors import PeopleError
from subscribers.status import Standing
from subscribers.table import columns
from subscribers.table.entry import Entry, Reader, plain_row
from subscribers.table.formula import harmless

ROW = ["anna@example.org", "Anna", "x"]


@pytest.mark.parametrize(
    "header",
    [
        ("email", "name", "city"),
        ("E-post", "Namn", "City"),
        ("EPOST", "namn", "CITY"),
        ("E-mail Address", "Full Name", "city"),
        (" Epostadress ", "Fullständigt namn", "city"),
        ("\ufeffemail", "NAME", "city"),
        ("Mejladress", "Display_Name", "City "),
        ("emailAddress", "fullName", "city"),
        ("E-Mail-Adresse", "Vorname", "city"),
        ("Courriel", "Nom", "city"),
    ],
)
def test_headers_in_several_languages_are_understood(header) -> None:
    layout = columns.layout([header, ROW])
    assert Reader(layout).read(ROW) == Entry(address.parse("anna@example.org"), "Anna", attributes={"city": "x"})


def test_first_and_last_names_make_the_name() -> None:
    layout = columns.layout([("Förnamn", "Efternamn", "E-post", "Språk", "Ämnen", "Antal anställda")])
    entry = Reader(layout).read(("Åsa", " Öberg ", "asa@example.org", "Svenska", "business; research,art", "12"))
    assert (entry.name, entry.language, entry.attributes) == ("Åsa Öberg", "sv", {"antal_anställda": "12"})
    assert entry.topics == {"business", "research", "art"}


@pytest.mark.parametrize(
    ("cell", "called"),
    [
        ("anna@example.org Anna Berg", "Anna Berg"),
        ("anna@example.org  Åsa d’Öberg-Ek", "Åsa d’Öberg-Ek"),
        ("anna@example.org unsubscribed", None),
        ("anna@example.org vill ej ha brev", None),
        ("anna@example.org inactive", None),
        ("anna@example.org 2024-01-02", None),
        ("#anna@example.org", None),
        ("-anna@example.org", None),
    ],
)
def test_a_name_behind_an_address_is_theirs_and_a_word_for_who_left_is_none(cell, called) -> None:
    reader = Reader(columns.layout([[cell]]))
    if called:
        assert (reader.read([cell]).address.typed, reader.read([cell]).name) == ("anna@example.org", called)
    else:
        with pytest.raises(PeopleError):
            reader.read([cell])


def test_what_two_days_leave_open_another_column_tells() -> None:
    rows = [("Email", "Tilmeldt", "Oprettet"), ("a@example.org", "06-05-2023", "16-05-2023")]
    assert Reader(columns.layout(rows)).read(rows[1]).joined == datetime(2023, 5, 6, tzinfo=UTC)


def test_a_table_that_writes_null_for_no_day_keeps_its_days() -> None:
    rows = [("Email", "Joined"), ("a@example.org", "NULL"), ("b@example.org", "2023-05-06")]
    assert Reader(columns.layout(rows)).read(rows[2]).joined == datetime(2023, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("header", ["Efternamn, förnamn", "Имя", "Jméno"])
def test_more_names_of_names(header) -> None:
    rows = [(header, "Email", "Språkkod"), ("Öberg, Åsa", "a@example.org", "SV")]
    entry = Reader(columns.layout(rows)).read(rows[1])
    assert (entry.name, entry.language) == ("Åsa Öberg", "sv")


@pytest.mark.parametrize(
    ("name", "last", "called"),
    [
        ("Åsa", "Öberg", "Åsa Öberg"),
        ("Åsa Öberg", "Öberg", "Åsa Öberg"),
        ("Eva von Berg", "Von Berg", "Eva von Berg"),
        ("", "Öberg", "Öberg"),
        ("null", "Öberg", "Öberg"),
    ],
)
def test_beside_a_family_name_the_name_is_what_stands_before_it(name, last, called) -> None:
    layout = columns.layout([("Subscriber", "Name", "Last name")])
    assert Reader(layout).read(("asa@example.org", name, last)).name == called


@pytest.mark.parametrize(
    "header",
    [
        ("Timestamp", "What's your name?", "What is your e-mail address?"),
        ("Tidstämpel", "För- och efternamn", "Din e-postadress (obligatoriskt)"),
        ("Zeitstempel", "Vor- und Nachname", "Ihre E-Mail-Adresse"),
    ],
)
def test_the_questions_of_a_form_are_understood(header) -> None:
    entry = Reader(columns.layout([header])).read(("2026-05-30", "Åsa Öberg", "asa@example.org"))
    assert (entry.address.typed, entry.name) == ("asa@example.org", "Åsa Öberg")


@pytest.mark.parametrize(
    "header",
    [
        ("Attendee first name", "Attendee last name", "Attendee email"),
        ("Deltagarens förnamn", "Deltagarens efternamn", "Deltagarens e-post"),
        ("First name", "Last name", "Contact Email"),
    ],
)
def test_it_may_stand_before_a_column_whose_name_it_holds(header) -> None:
    entry = Reader(columns.layout([header])).read(("Åsa", "Öberg", "asa@example.org"))
    assert (entry.address.typed, entry.name) == ("asa@example.org", "Åsa Öberg")


def test_the_first_person_is_no_header_though_a_word_of_theirs_is_a_column_s_name() -> None:
    rows = [
        ("user_email", "roles", "user_pass"),
        ("asa@example.org", "subscriber", "x"),
        ("bo@example.org", "author", "y"),
    ]
    layout = columns.layout(rows)
    assert (layout.above, layout.fields["email"], layout.left_out) == (1, 0, ("user_pass",))


def test_a_column_that_is_called_name_goes_before_somebody_s_name() -> None:
    layout = columns.layout([("Contact name", "Name", "Email")])
    entry = Reader(layout).read(("The Quay AB", "Åsa Öberg", "asa@example.org"))
    assert (entry.name, entry.attributes) == ("Åsa Öberg", {"contact_name": "The Quay AB"})


@pytest.mark.parametrize("names", [("FORNAMN", "EFTERNAMN"), ("PRENOM", "NOM"), ("VORNAME", "NACHNAME")])
def test_two_names_in_capitals_make_one(names) -> None:
    layout = columns.layout([("EMAIL", *names)])
    assert Reader(layout).read(("gun@example.org", "Gun", "Öst")).name == "Gun Öst"


def test_a_file_of_addresses_needs_no_header() -> None:
    layout = columns.layout([("anna@example.org",), ("bo@example.org",)])
    assert layout.above == 0
    assert Reader(layout).read(("bo@example.org",)).address.typed == "bo@example.org"


def test_a_column_of_addresses_is_found_by_what_is_in_it() -> None:
    layout = columns.layout([("Id", "Kontakt"), ("1", "anna@example.org"), ("2", "bo@example.org")])
    entry = Reader(layout).read(("1", "anna@example.org"))
    assert (entry.address.typed, entry.attributes) == ("anna@example.org", {"id": "1"})


@pytest.mark.parametrize("logged_in", ["anonymous", ""])
def test_of_a_form_the_address_that_was_given_is_taken(logged_in) -> None:
    header = ("ID", "E-post", "Vilken är din e-postadress?", "Stad")
    form = columns.layout([header, ("1", logged_in, "a@example.org", "Solna")])
    assert (form.fields["email"], form.left_out) == (2, ("E-post",))
    other = columns.layout([header, ("1", "a@example.org", "b@example.org", "Solna")])
    assert (other.fields["email"], other.left_out) == (1, ("Vilken är din e-postadress?",))
    assert columns.layout([header, ("1", "", "", "Solna")]).fields["email"] == 1
    said = columns.layout([header, ("1", logged_in, "a@example.org", "Solna")], {"E-post": "email"})
    assert said.fields["email"] == 1


def test_map_says_what_a_column_holds() -> None:
    header = ("Id", "Kontakt", "Reserv", "Roll")
    layout = columns.layout([header], {"kontakt": "email", "Id": "", "Roll": "occupation"})
    entry = Reader(layout).read(("7", "anna@example.org", "bo@example.org", "student"))
    assert entry.address.typed == "anna@example.org"
    assert entry.attributes == {"reserv": "bo@example.org", "occupation": "student"}
    assert layout.left_out == ("Id",)


@pytest.mark.parametrize(
    ("rows", "mapping", "words"),
    [
        ([], {}, "nothing in it"),
        ([("a", "b"), ("1", "2")], {}, '--map "a=email" (the columns are: a, b)'),
        ([("a", "b"), ("x@y.se", "z@y.se")], {}, "no column"),
        ([("a", "b", "c"), ("x", "x@y.se", ""), ("x", "", "z@y.se"), ("x", "v@y.se", "")], {}, '--map "b=email"'),
        ([("email", "b")], {"c": "name"}, "there is no column “c”; the columns are: email, b"),
        ([("email", "City", "city")], {}, "two columns"),
        ([("email", *(f"c{number}" for number in range(101)))], {}, "101 columns are too many; at most 100"),
        ([("email", "city")], {"*": "city"}, "all other columns cannot be one thing"),
    ],
)
def test_a_table_that_is_not_understood_says_what_to_do(rows, mapping, words) -> None:
    with pytest.raises(PeopleError) as caught:
        columns.layout(rows, mapping)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((), "it has 0 columns where there should be 4"),
        (("Anna <anna>",), "“anna” is no address: there is no @ in it"),
        (("anna@example.org", "a", "sv", "x", "y"), "it has 5 columns"),
        (("anna", "a", "sv", "x"), "“anna” is no address: there is no @ in it"),
        (("", "a", "sv", "x"), "there is no address"),
        (("a@b.se", "a\x07", "sv", "x"), "the name holds a control character (U+0007)"),
        (("a@b.se", "a" * 300, "sv", "x"), "the name has 300 characters"),
        (("a@b.se", "a", "xx", "x"), "“xx” is no language"),
        (("a@b.se", "a", "sv", "x" * 1001), "city has 1,001 characters"),
    ],
)
def test_a_row_is_refused_with_its_reason(cells, words) -> None:
    layout = columns.layout([("email", "name", "language", "city")])
    with pytest.raises(PeopleError) as caught:
        Reader(layout).read(cells)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("said", "code", "unknown"),
    [
        ("Svenska", "sv", 0),
        ("", "", 0),
        ("n/a", "", 0),
        ("NA", "", 0),
        ("NaN", "", 0),
        ("und", "", 0),
        ("Other", "", 1),
        ("okänt", "", 1),
        ("klingon!", "", 1),
        ("?!", "", 1),
        ("1", "", 1),
    ],
)
def test_a_word_that_names_no_language_loses_nobody(said, code, unknown) -> None:
    reader = Reader(columns.layout([("email", "language")]), ("en", "sv"))
    for _ in range(2):
        assert reader.read(("a@example.org", said)).language == code
    assert (reader.unspoken, reader.called) == (2 * unknown, said if unknown else "")


def test_a_code_that_says_nothing_elsewhere_is_a_language_where_the_letter_has_it() -> None:
    assert (
        Reader(columns.layout([("email", "language")]), ("nan", "en")).read(("a@example.org", "nan")).language
        == "nan"
    )


@pytest.mark.parametrize("said", ["xx", "XX", "qq-SE", "zz_ZZ"])
def test_a_code_that_was_mistyped_is_refused(said) -> None:
    with pytest.raises(PeopleError, match="is no language"):
        Reader(columns.layout([("email", "language")]), ("en", "sv")).read(("a@example.org", said))


@pytest.mark.parametrize(
    "cells", [("a", "xx", "x"), ("a" * 300, "sv", "x"), ("a\x07", "sv", "x"), ("a", "sv", "x" * 1001)]
)
@pytest.mark.parametrize(
    ("said", "standing"), [("unsubscribed", Standing.UNSUBSCRIBED), ("bounced", Standing.SUPPRESSED)]
)
def test_who_left_has_left_whatever_else_in_the_row_is_mistyped(cells, said, standing) -> None:
    reader = Reader(columns.layout([("email", "name", "language", "city", "status")]), ("en", "sv"))
    assert reader.read(("a@example.org", *cells, said)) == Entry(address.parse("a@example.org"), standing=standing)
    with pytest.raises(PeopleError):
        reader.read(("a@example.org", *cells, "subscribed"))


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
    | st.sampled_from(["=1", "'=", "''", "'", "-5", "x;=1+1;y", ";'=1", "';'", "＝1", "＠SUM(A1);＋1", ";;-1"])
)
def test_an_exported_cell_is_harmless_and_comes_back_as_it_was(text: str) -> None:
    value = attribute.text(text)
    exported = harmless(value)
    # Where a comma stands in numbers, spreadsheets cut what they open at its semicolons.
    for cell in exported.split(";"):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    layout = columns.layout([("email", "city")])
    found = Reader(layout).read(("anna@example.org", exported)).attributes.get("city", "")
    assert found == value


@given(st.text(max_size=30))
def test_any_text_names_an_attribute_that_segments_can_use_or_is_refused(text: str) -> None:
    from subscribers import segment

    try:
        name = attribute.name(text)
    except PeopleError:
        return
    assert attribute.name(name) == name
    assert segment.parse(f"{name} = 'x'", frozenset({name}))


def test_cells_that_a_spreadsheet_left_out_are_empty_unless_a_status_may_be_among_them() -> None:
    layout = columns.layout([("email", "name", "city")])
    assert Reader(layout).read(("anna@example.org",)).address.typed == "anna@example.org"
    assert Reader(layout).read(("anna@example.org", "A", "x", "", " ")).attributes == {"city": "x"}
    told = columns.layout([("email", "name", "status")])
    with pytest.raises(PeopleError, match="it has 2 columns where there should be 3"):
        Reader(told).read(("anna@example.org", "A"))


def test_titles_above_the_header_are_stepped_over() -> None:
    rows = [("Contacts 2025", "", ""), ("for the spring letter",), ("Namn", "E-post", "Ort"), ("A", "a@b.se", "x")]
    layout = columns.layout(rows)
    assert (layout.above, layout.names) == (3, ("Namn", "E-post", "Ort"))


def test_a_title_may_name_a_group_by_its_address() -> None:
    rows = [("Members for group news@example.org",), ("Email address", "Nickname"), ("a@example.org", "A")]
    assert columns.layout(rows).above == 2


@pytest.mark.parametrize(
    "rows",
    [
        [("a@example.org", "A"), ("email", "B"), ("b@example.org", "C")],
        [("a@example.org",), ("email",), ("b@example.org",)],
    ],
)
def test_a_word_for_addresses_below_an_address_is_no_header(rows) -> None:
    assert columns.layout(rows).above == 0


@pytest.mark.parametrize(
    ("cell", "name", "email"),
    [
        ("Anna Berg <anna@example.org>", "Anna Berg", "anna@example.org"),
        ('"Berg, Anna" <anna@example.org>', "Anna Berg", "anna@example.org"),
        (" <anna@example.org> ", "", "anna@example.org"),
        ("anna@example.org<mailto:anna@example.org>", "", "anna@example.org"),
        ("b@example.org <anna@example.org>", "", "anna@example.org"),
        ("anna@example.org (jobb)", "", "anna@example.org"),
        ("SMTP:anna@example.org", "", "anna@example.org"),
    ],
)
def test_a_name_may_stand_before_the_address(cell, name, email) -> None:
    entry = Reader(columns.layout([("email",), ("x@y.se",)])).read((cell,))
    assert (entry.name, entry.address.typed) == (name, email)


@pytest.mark.parametrize(
    ("column", "said", "standing"),
    [
        ("status", "blocklisted", "suppressed"),
        ("Status", "unsubscribed", "unsubscribed"),
        ("subscribed_to_emails", "false", "unsubscribed"),
        ("Email Marketing Status", " Unsubscribed ", "unsubscribed"),
        ("Prenumererar", "Nej", "unsubscribed"),
        ("status", "unconfirmed", "pending"),
        ("status", "enabled", ""),
        ("status", "student", ""),
    ],
)
def test_what_a_status_column_says_is_understood(column, said, standing) -> None:
    header = ("email", column)
    entry = Reader(columns.layout([header])).read(("anna@example.org", said))
    assert entry.standing == standing
    told = Reader(columns.layout([header], {column: ""})).read(("anna@example.org", said))
    assert (told.standing, told.attributes) == ("", {})


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), min_size=1, max_size=4))
def test_one_look_at_a_row_changes_nothing(cells) -> None:
    if plain_row(cells):
        assert [attribute.text(cell) for cell in cells] == cells


@given(st.text(st.characters(max_codepoint=0x250), max_size=12))
def test_the_short_way_to_clean_a_text_changes_nothing(value) -> None:
    if attribute._PLAIN.fullmatch(value):
        assert unicodedata.normalize("NFC", " ".join(value.split())) == value
        assert not attribute._CONTROL.search(value)


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ('["a", "b c"]', {"a", "b c"}),
        ('"Business","Kund & vän"', {"Business", "Kund & vän"}),
        ("a; b|c, d", {"a", "b", "c", "d"}),
        ("[a, b", {"[a", "b"}),
        ("[]", set()),
        ("* myContacts ::: Press ::: Board", {"Press", "Board"}),
        ("", set()),
    ],
)
def test_topics_are_read_as_any_program_writes_them(cell, topics) -> None:
    found = columns.layout([("email", "topics")])
    assert Reader(found, ("en",), "monthly").read(("anna@example.org", cell)).topics == topics


@pytest.mark.parametrize(
    "column", ["IP Address", "optin_ip", "IP-adress", "Password", "Lösenord", "Personnummer", "token", "SSN"]
)
def test_what_no_letter_needs_is_left_out_unless_somebody_asks_for_it(column) -> None:
    assert columns.layout([("email", column)]).left_out == (column,)
    assert columns.layout([("email", column)], {column: "number"}).attributes == ((1, "number"),)


def test_a_column_that_holds_no_answers_is_not_listened_to_again() -> None:
    rows = [("email", "E-mail type", "Allow email"), ("a@example.org", "SMTP", ""), ("b@example.org", "", "")]
    found = columns.layout(rows)
    assert found.standing == ((2, "allow email"),)
    assert found.telling == ()
    assert columns.weighed(found, [("c@example.org", "", "no")]).telling == found.standing


def test_topics_and_tags_may_stand_in_several_columns() -> None:
    found = columns.layout([("email", "Intressen", "Tags", "Labels")])
    assert list(columns.told(found)) == ["email", "Intressen = topics", "Tags = topics", "Labels = topics"]
    assert Reader(found).read(("anna@example.org", "a, b", '"b","c"', "d")).topics == {"a", "b", "c", "d"}


def test_a_column_called_joined_says_since_when_whatever_wrote_it() -> None:
    found = columns.layout([("email", "Joined", "city"), ("anna@example.org", "2020-01-02", "Solna")])
    assert list(columns.told(found)) == ["email", "Joined = since", "city"]
    assert found.left_out == ()
    entry = Reader(found, ("en",), "monthly").read(("anna@example.org", "2020-01-02", "Solna"))
    assert entry.joined == datetime(2020, 1, 2, tzinfo=UTC)
    assert entry.standing is Standing.NOTHING
    left = columns.layout([("email", "joined"), ("anna@example.org", "2020-01-02")], {"joined": ""})
    assert (left.joined, left.left_out) == ((), ("joined",))


def test_what_map_says_goes_before_what_a_column_is_called() -> None:
    rows = [("E-post", "Namn", "Din e-postadress"), ("anonymous", "", "anna@example.org")]
    layout = columns.layout(rows, {"Din e-postadress": "email"})
    entry = Reader(layout).read(rows[1])
    assert (entry.address.typed, entry.attributes) == ("anna@example.org", {"e_post": "anonymous"})


@pytest.mark.parametrize(
    "column", ["Subscribed", "Date Subscribed", "subscribed_at", "Signup Date", "Prenumererar sedan", "optInTime"]
)
def test_the_day_on_which_somebody_subscribed_is_no_attribute(column) -> None:
    found = columns.layout([("email", column), ("a@example.org", "2020-01-02 10:00:00"), ("b@example.org", "")])
    entry = Reader(found, ("en",), "monthly").read(("a@example.org", "2020-01-02 10:00:00"))
    assert (entry.joined, entry.attributes) == (datetime(2020, 1, 2, 10, tzinfo=UTC), {})
    assert entry.standing is Standing.NOTHING
    other = columns.layout([("email", column), ("a@example.org", "02/01/2020"), ("b@example.org", "Anna")])
    assert not other.joined
    assert other.attributes


@pytest.mark.parametrize("clean", [attribute.text, attribute.tidy])
def test_no_name_turns_the_direction_of_a_letter(clean) -> None:
    assert clean("\u202aAnna\u202c \u202egreB\u2066") == "Anna greB"
    # Marks that tell which way a single sign belongs stay: they are part of how names are written.
    assert clean("דוד\u200f") == "דוד\u200f"


def test_all_columns_of_a_large_export_but_the_known_ones_can_be_left_out() -> None:
    header = ("E-post", "Stad", "Opt-out", *(f"c{number}" for number in range(300)))
    layout = columns.layout([header], {"*": "", "Stad": "city"})
    assert (layout.fields, layout.attributes) == ({"email": 0}, ((1, "city"),))
    assert layout.standing == ((2, "opt out"),)


@pytest.mark.parametrize(
    "row", [("a@example.org", "b@example.org"), ("Anna", "a@example.org", "a@work.example.org")]
)
def test_a_table_without_header_has_one_address_in_a_line(row) -> None:
    with pytest.raises(PeopleError, match="several addresses stand in one line; put a line break"):
        columns.layout([row])
