"""Laws of an article: one identity whatever its address looks like, a whole summary, a date that can be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import article, sentence
from newsletter.model import Article, Picture, RawItem
from newsletter.reading import value
from newsletter.reading.words import language

NOW = datetime(2025, 6, 12, 9, tzinfo=UTC)


def test_what_has_no_web_address_is_known_by_its_title() -> None:
    one = article.normalize(RawItem("site", "Open house", "javascript:alert(1)", text="Come."), NOW)
    assert (one.key, one.url) == ("text:open-house", "")


def test_a_title_is_words_on_one_line() -> None:
    title = "A &amp; B\r\nBcc: x <b>bold</b>\u202e \u00ad!"
    assert article.clean_title(title) == "A & B Bcc: x bold !"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, NOW),
        (datetime(2025, 6, 1, 12), datetime(2025, 6, 1, 12, tzinfo=UTC)),  # noqa: DTZ001 - feeds do that
        (datetime(2025, 6, 1, 12, tzinfo=timezone(timedelta(hours=2))), datetime(2025, 6, 1, 10, tzinfo=UTC)),
        (NOW + timedelta(hours=3), NOW + timedelta(hours=3)),
        (NOW + timedelta(days=400), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=5))), NOW),
    ],
)
def test_a_date_is_in_utc_and_not_in_the_future(said: datetime | None, kept: datetime) -> None:
    one = article.normalize(RawItem("site", "T", text="Words.", published=said), NOW)
    assert one.published == kept
    assert one.published.tzinfo is UTC


def test_a_summary_is_whole_sentences() -> None:
    text = (
        "Prof. Ek came at 9.30. She spoke of kelp, e.g. the brown one. " + "Then a long walk followed " * 20 + "."
    )
    assert article.summary("", text) == "Prof. Ek came at 9.30. She spoke of kelp, e.g. the brown one."


def test_a_summary_that_a_feed_cut_is_made_anew() -> None:
    cut = "<p>The doors open at nine and [&hellip;]</p>\n<p>The post X appeared first on Y.</p>"
    assert (
        article.summary(cut, "The doors open at nine and close at ten.")
        == "The doors open at nine and close at ten."
    )
    assert article.summary(cut, "") == "The doors open at nine and"
    assert article.summary("Its own words.", "Other words.") == "Its own words."
    assert (
        article.summary("The doors open at", "The doors open at nine. It is free.")
        == "The doors open at nine. It is free."
    )
    assert article.summary("The doors open at nine", "Come and see us.") == "The doors open at nine"


def test_a_month_that_is_cut_before_its_day_ends_no_sentence() -> None:
    assert sentence.split("NORRVIK, Jan. 10. The quay is open. Mar came.") == [
        "NORRVIK, Jan. 10.",
        "The quay is open.",
        "Mar came.",
    ]


def test_a_german_number_that_counts_ends_no_sentence() -> None:
    text = "Am Samstag, 31. Mai, feiert der Hafen zum 15. Mal, sog. Lotsen fahren. Wir waren 24. Danach Tee."
    assert sentence.split(text) == [
        "Am Samstag, 31. Mai, feiert der Hafen zum 15. Mal, sog. Lotsen fahren.",
        "Wir waren 24.",
        "Danach Tee.",
    ]


@given(st.text(max_size=800))
def test_a_summary_is_never_too_long(text: str) -> None:
    assert len(sentence.cut(text, article.SUMMARY)) <= article.SUMMARY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The house and the garden are open for all of us.", "en"),
        ("Huset och trädgården är öppna för alla som vill.", "sv"),
        ("Huset og hagen er åpne for alle som vil, og det er ikke dyrt.", ""),
        ("Når havnen bygges om, får alle dele på det nye huset, og det åpner til høsten.", ""),
        ("Hör av er till oss, så ser vi till att det finns mat för alla.", "sv"),
        ("Das Haus und der Garten sind für alle offen.", "de"),
        ("Talo ja puutarha ovat auki, ja ne on tehty kaikille.", "fi"),
        ("Maja ja aed on avatud, see on meie oma ja ei ole suur.", "et"),
        ("Het huis en de tuin zijn open, en dat is niet van ons.", "nl"),
        ("البيت والحديقة مفتوحان للجميع.", "ar"),
        ("خانه و باغ برای همه باز است، چه خوب.", ""),
        ("הבית והגן פתוחים לכל מי שרוצה לבוא, גם בשבת.", "he"),
        ("דאָס הויז און דער גאָרטן זענען אָפֿן פֿאַר אַלע.", ""),
        ("Kören övar på tisdagar och söker djupa röster.", "sv"),
        ("Koret øver på tirsdager og søker dype stemmer på ære.", ""),
        (
            "Den norske forskeren Kari Berg flytter til Oslo for å gå på ski. I torsdagens utgave kan vi lese at "
            "han nå vil utvikle medisin for fire sykehus, og det er bra for alle som må vente på plass i dag.",
            "nb",
        ),
        ("Forskningen har fået nye penge, og vi har derfor brug for jeres hjælp, siger hun.", "da"),
        ("Vi held fram med arbeidet, og det er ikkje for seint å kome med innspel til oss.", "nn"),
        ("La maison et le jardin sont ouverts à tous ceux qui le souhaitent.", "fr"),
        ("La casa y el jardín están abiertos para todos los que quieran.", "es"),
        ("A casa e o jardim estão abertos para todos os que quiserem, e não é caro.", "pt"),
        ("La casa e il giardino sono aperti a tutti, e non è molto lontano.", "it"),
        ("Dom i ogród są otwarte dla wszystkich, którzy się nie boją.", "pl"),
        ("Casa și grădina sunt deschise pentru toți cei care doresc.", "ro"),
        ("Будинок і сад відкриті для всіх, хто цього бажає.", "uk"),
        ("Дом и сад открыты для всех, кто этого хочет.", ""),
        ("Åre", ""),
        ("ATMP 2025", ""),
    ],
)
def test_a_language_is_told_only_when_it_is_clear(text: str, code: str) -> None:
    assert language.detect(text) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [("da-DK", "da-DK"), ("nn", "nn"), ("en", "nb"), ("sv", "nb"), ("", "nb")],
)
def test_what_is_said_of_a_close_relative_is_believed(said: str, code: str) -> None:
    words = "Vi har fått noe nytt, og hva det blir, vet dere ikke før etter at det er åpnet."
    assert language.told(words, said) == code


def test_one_word_contradicts_nobody() -> None:
    mill = "Kvarnen är öppen: kom och se den nya turbinen på lördag."
    war = "Suspect in war crimes case worked in Norrvik"
    assert [language.told(war, said) for said in ("en-GB", "sv")] == ["en-GB", "sv"]
    assert language.told(mill, "en") == "sv"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("sv-SE", "sv"),
        ("nb_NO", "nb"),
        ("swe", "sv"),
        ("Swedish", "sv"),
        ("se", "se"),
        ("DK", "da"),
        ("und", "en"),
    ],
)
def test_what_was_said_of_the_language_wins(said: str, code: str) -> None:
    raw = RawItem("site", "T", text="The house and the garden are for all.", language=said)
    assert article.normalize(raw, NOW).language == code


def test_the_code_of_sweden_is_that_of_its_language_where_the_words_are_swedish() -> None:
    raw = RawItem("site", "T", text="Huset och trädgården är öppna för alla som vill.", language="se")
    assert article.normalize(raw, NOW).language == "sv"


def test_tags_come_once_each() -> None:
    assert article.tags(["Culture", " culture ", "", "ATMP"]) == ("Culture", "ATMP")


def test_the_picture_of_an_article_is_not_in_its_text_too() -> None:
    html = "<img src='/a.jpg' alt='A'><p>Words.</p><img src='/b.jpg' alt='B'>"
    one = article.normalize(RawItem("site", "T", "https://s.example/x", html=html), NOW)
    assert one.image == Picture("https://s.example/a.jpg", "A")
    assert one.text == "Words.\n\n![B](https://s.example/b.jpg)"


def test_what_a_feed_writes_under_every_piece_is_left_out() -> None:
    html = '<p>The mill opens.</p><p>The post <a href="https://s.example/m">Mill</a> appeared first on S.</p>'
    made = article.normalize(RawItem("s", "Mill", html=html, tags=("Life &amp; art",)), NOW)
    assert made.text == "The mill opens."
    assert made.tags == ("Life & art",)


@pytest.mark.parametrize(
    "under",
    ["<figcaption>Raketen. Foto: Maja Ek</figcaption>", "<p>Raketen. Foto: Maja Ek</p>"],
)
def test_a_caption_goes_with_its_picture_and_who_took_it_stays(under: str) -> None:
    caption = "<figcaption>Raketen. (Foto: Maja Ek)</figcaption>"
    bracketed = f'<p>One.</p><figure><img src="/a.jpg">{caption}</figure><p>Two.</p>'
    picture = Picture("https://s.example/a.jpg")
    one = article.normalize(RawItem("s", "T", html=bracketed, base="https://s.example/", image=picture), NOW)
    assert one.text == "One.\n\nTwo.\n\n*Foto: Maja Ek*"
    html = f'<p>One.</p><figure><img src="https://s.example/a-300x200.jpg">{under}</figure><p>Two.</p>'
    one = article.normalize(RawItem("s", "T", html=html, image=Picture("https://s.example/a.jpg")), NOW)
    assert one.text == "One.\n\nTwo.\n\n*Foto: Maja Ek*"
    assert one.image == Picture("https://s.example/a.jpg", "Raketen. Foto: Maja Ek")


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("/up/c_fill,w_1200/a.jpg", "/up/c_fill,g_auto,w_800/a.jpg"),
        ("/fetch/$s_!x!,w_1200,h_600/a.jpg", "/fetch/$s_!x!,w_1456,c_limit/a.jpg"),
        ("/m/a.jpg/v1/fill/w_1000,h_9/b.jpg", "/m/a.jpg/v1/fit/w_1200,h_1200,q_85/b.jpg"),
        ("/files/styles/wide/public/a.jpg?itok=x", "/files/styles/large/public/a.jpg?itok=y"),
        ("/images/18.1/1/a.jpg", "/images/18.1/1/x480p/a.jpg"),
    ],
    ids=["cloudinary", "substack", "wix", "drupal", "sitevision"],
)
def test_a_picture_in_another_size_is_the_same(own: str, shown: str) -> None:
    html = (
        f'<p>One.</p><p><img src="https://s.example{shown}"></p><p><img src="https://s.example/b/w_1/b.jpg"></p>'
    )
    one = article.normalize(RawItem("s", "T", html=html, image=Picture(f"https://s.example{own}")), NOW)
    assert one.text == "One.\n\n![](https://s.example/b/w_1/b.jpg)"


def test_a_summary_begins_under_a_picture_and_what_stands_under_that() -> None:
    html = f'<p><img src="/a.jpg"></p><p>Foto: Anna Holm</p><p>{"The eels came back to the harbour. " * 3}</p>'
    one = article.normalize(RawItem(source="s", title="Eels", url="https://a.example/1", html=html), NOW)
    assert one.summary.startswith("The eels came back")


def test_what_says_only_when_it_was_changed_is_no_newer_than_that() -> None:
    changed = datetime(2024, 3, 1, tzinfo=UTC)
    one = article.normalize(RawItem(source="s", title="Eels", url="https://a.example/1", updated=changed), NOW)
    assert one.published == changed


def test_a_paragraph_under_a_picture_is_no_caption() -> None:
    html = '<p>One.</p><p><img src="https://s.example/a.jpg" alt="A"></p><p>Two tells on.</p>'
    one = article.normalize(RawItem("s", "T", html=html), NOW)
    assert (one.text, one.image) == ("One.\n\nTwo tells on.", Picture("https://s.example/a.jpg", "A"))


def test_the_name_of_a_file_describes_no_picture() -> None:
    html = '<p>One.</p><p><img src="https://s.example/a.jpg" alt="IMG_2041.JPG"></p>'
    image = article.normalize(RawItem("s", "T", html=html), NOW).image
    assert image
    assert image.alt == ""


@pytest.mark.parametrize("at", ["2026-10-11T24:00:00Z", "2026-10-11 24:00"])
def test_the_end_of_a_day_is_the_beginning_of_the_next(at: str) -> None:
    assert value.moment(at) == datetime(2026, 10, 12, tzinfo=UTC)


def test_a_summary_does_not_say_the_title_again() -> None:
    assert article.normalize(RawItem("s", "Closed on Friday", html="Closed on Friday."), NOW).summary == ""
    note = article.normalize(RawItem("s", "", html="<p>The ice holds! Skates from the bridge.</p>"), NOW)
    assert (note.title, note.summary) == ("The ice holds!", "Skates from the bridge.")
    told = article.normalize(RawItem("s", "The ice", html="<p>The ice holds. Come.</p>"), NOW)
    assert told.summary == "The ice holds. Come."


def test_what_those_write_who_host_a_recording_is_no_text() -> None:
    html = "<p>Erik talks about water.</p><p>Hosted on Acast. See acast.com/privacy for more information.</p>"
    assert article.normalize(RawItem("s", "T", html=html), NOW).text == "Erik talks about water."


def test_the_caption_of_a_picture_that_is_the_whole_post_is_its_text() -> None:
    for caption, text in (
        ("Dimma över torget i morse. Foto: Maja Ek", "Dimma över torget i morse. Foto: Maja Ek"),
        ("Foto: Maja Ek", "*Foto: Maja Ek*"),
    ):
        html = f"<figure><img src='https://s.example/t.jpg' alt='T'><figcaption>{caption}</figcaption></figure>"
        one = article.normalize(RawItem("s", "Bild: torget", "https://s.example/t", html=html), NOW)
        assert one.text == text
        assert one.image


def test_a_shared_picture_is_described_in_the_language_of_the_text_that_shows_it() -> None:
    featured = Picture("https://s.example/roof.jpg", "The glass roof")
    for alt, told in (("Glastaket", "Glastaket"), ("", "The glass roof"), ("IMG_2041.JPG", "The glass roof")):
        html = f'<p>Taket är nytt.</p><p><img src="https://s.example/roof-1024x683.jpg" alt="{alt}"></p>'
        image = article.normalize(RawItem("s", "T", html=html, image=featured), NOW).image
        assert image
        assert image.alt == told


def test_a_summary_ends_above_the_first_heading_where_that_says_enough() -> None:
    below = "<h2>Three rooms</h2><p>Cells are grown in the first one.</p>"
    whole = (
        "The test bed opens its doors after two years. Hospitals and companies will try new methods side by side."
    )
    one = article.normalize(RawItem("s", "T", html=f"<p>{whole}</p>{below}"), NOW)
    assert one.summary == whole
    brief = article.normalize(RawItem("s", "T", html=f"<p>The doors are open.</p>{below}"), NOW)
    assert brief.summary == "The doors are open. Cells are grown in the first one."


@pytest.mark.parametrize("hand", ["em", "strong"])
def test_a_summary_ends_above_the_first_question_of_an_interview(hand: str) -> None:
    first = "Professor Ebba Sandin becomes dean of the faculty. She comes from Tromsø with a dog and three plans."
    asked = f"<p><{hand}>What will you do first?</{hand}></p><p>Listen.</p>"
    assert read(f"<p>{first}</p>{asked}").summary == first
    # A writer who asks reads on.
    assert read(f"<p>{first} What will she do?</p>{asked}").summary == f"{first} What will she do?"
    assert read(f"<p>{first}</p><p>What will she do?</p><p>Listen.</p>").summary == f"{first} What will she do?"


def test_a_summary_ends_where_somebody_is_quoted_and_has_no_label_in_it() -> None:
    first = "The harbour opens to visitors this spring, and everybody can see the new quay, which grew in winter."
    quoted = "<blockquote><p>We wait.</p><cite>Eva Lind</cite></blockquote><p>She adds that all may come.</p>"
    assert read(f"<p>{first}</p>{quoted}").summary == first
    short = "The harbour opens to visitors. Boats may land."
    assert read(f"<p>{short}</p><p>boats a day</p><p>Come early.</p>").summary == f"{short} Come early."


def read(html: str) -> Article:
    return article.normalize(RawItem("site", "T", "https://s.example/x", html=html), NOW)
