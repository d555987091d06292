"""Laws of themes: files shadow files, faults name their line, words are translated, colours can be read."""

import re
import resource
from pathlib import Path

import pytest

from newsletter import render
from newsletter.errors import SettingsError, TemplateError
from newsletter.files.looks import memory, themes, words
from newsletter.gate.page import contrast
from newsletter.issuefile.blocks import block
from newsletter.model import Issue, Prose, Rendered
from newsletter.rendering.sandbox import MEMORY
from tests.effort import ends
from tests.samples import LETTER, ROOT, TEMPLATES

SHIPPED = ROOT / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return the templates of a workspace, empty."""
    folder = tmp_path / "templates"
    (folder / "letter").mkdir(parents=True)
    (folder / "words").mkdir()
    return folder


def made(own: Path, language: str = "en", text: str = "Hello") -> Rendered:
    theme = themes.load((own, SHIPPED), "letter", language)
    one = Issue(slug="2025-06", language=language, subject="June", blocks=(Prose(text=text),))
    return render.render(one, theme, LETTER, nonce="golden", assets_url="")


def test_a_workspaces_file_shadows_one_shipped_file(own: Path) -> None:
    (own / "letter" / "header.mjml").write_text(
        "<mj-section><mj-column><mj-text><h1>Mine</h1></mj-text></mj-column></mj-section>"
    )
    html = made(own).html
    assert "Mine" in html
    assert "masthead" not in re.sub("<style.*?</style>", "", html, flags=re.DOTALL)
    assert LETTER.address in html


def test_theme_settings_need_only_say_what_they_change(own: Path) -> None:
    (own / "letter" / "theme.toml").write_text('[colours]\naccent = "#7a1f5c"\n[footer]\nwords = "By us"\n')
    html = made(own, text="[x](https://e.example)").html
    assert "color:#7a1f5c" in html
    assert "#9a3a1c" not in html
    assert "By us" in html


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            '[colours]\nacent = "#000000"',
            "letter/theme.toml:2: a theme has no setting “acent”; did you mean accent?",
        ),
        ("[colours]\naccent = 5", "letter/theme.toml:2: accent is of the wrong kind"),
        ("[colours]\naccent = red", "letter/theme.toml:2: not valid TOML"),
        ('[colours]\naccent = "teal"', "letter/theme.toml:2: accent in [colours] is no colour: “teal”"),
        ('[colours]\naccent = "#0a6"', 'write it as accent = "#00aa66"'),
        ('[colours]\naccent = "0b5a2b"', 'write it as accent = "#0b5a2b"'),
        ('accent = "#7a3b00"', "accent stands outside its table; write [colours] or [dark] above it"),
        ('[logo]\naccent = "#7a3b00"', "accent stands outside its table; write [colours] or [dark] above it"),
        ("\nside = 20", "letter/theme.toml:2: side stands outside its table; write [space] above it"),
        (
            '[masthead]\nalign = "left"',
            "letter/theme.toml:2: align in [masthead] cannot be “left”; choose center or start",
        ),
        ("[space]\nside = 300", "letter/theme.toml:2: side in [space] cannot be 300"),
        ('\n[colour]\naccent = "#000000"', "letter/theme.toml:2: a theme has no setting “colour”"),
        ('social = [{ name = "X" }]', "letter/theme.toml:1: a place in social has no name or no url"),
    ],
)
def test_a_wrong_theme_setting_is_told(own: Path, toml: str, said: str) -> None:
    (own / "letter" / "theme.toml").write_text(toml)
    with pytest.raises(SettingsError, match=re.escape(said)):
        made(own)


def test_a_theme_has_settings_of_its_own(own: Path) -> None:
    (own / "letter" / "theme.toml").write_text(
        '[colours]\nheading = "#7a1f5c"\n[mine]\ntext = 3\naccent = "#123456"\n'
    )
    assert made(own)


def test_a_theme_like_another_holds_only_what_differs(own: Path) -> None:
    (own / "ours" / "blocks").mkdir(parents=True)
    (own / "ours" / "theme.toml").write_text('like = "plain"\n[colours]\naccent = "#7a1f5c"\n')
    (own / "ours" / "header.mjml").write_text(section("<mj-text><h1>Ours</h1></mj-text>"))
    theme = themes.load((own, SHIPPED), "ours", "en")
    assert theme.settings["colours"]["accent"] == "#7a1f5c"
    assert theme.settings["colours"]["rule"] == themes.load(TEMPLATES, "plain", "en").settings["colours"]["rule"]
    one = Issue(slug="2025-06", language="en", subject="June", blocks=(Prose(text="Hello"),))
    html = render.render(one, theme, LETTER, nonce="golden", assets_url="").html
    assert "Ours" in html
    assert LETTER.address in html


def test_themes_that_are_like_each_other_are_told(own: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (own / name).mkdir()
        (own / name / "theme.toml").write_text(f'like = "{other}"\n')
    with pytest.raises(SettingsError, match=r"templates/one/theme.toml: the themes one and two are like each"):
        themes.load((own, SHIPPED), "one", "en")


def test_the_second_theme_is_only_files_and_no_copies() -> None:
    first, second = SHIPPED / "letter", SHIPPED / "plain"
    for path in second.rglob("*.*"):
        other = first / path.relative_to(second)
        assert not other.is_file() or path.read_bytes() != other.read_bytes()
    names = {path.stem for path in (first / "blocks").glob("[a-z]*.mjml")}
    assert names == {*block.KINDS, "section"}


def section(inside: str) -> str:
    return f"<mj-section>\n<mj-column>\n{inside}\n</mj-column>\n</mj-section>\n"


FAULTS = [
    (section("<mj-text>{{ colour }}</mj-text>"), "templates/letter/footer.mjml:3: 'colour' is undefined"),
    (section("{% if x %}"), "templates/letter/footer.mjml:4: Unexpected end of template"),
    (section("<mj-text>Hi</mj-txt>"), "templates/letter/footer.mjml:3: </mj-txt> stands where </mj-text> belongs"),
    (section("<mj-text>Hi"), "templates/letter/footer.mjml:4: </mj-column> stands where </mj-text> belongs"),
    (section("<mj-txt>Hi</mj-txt>"), "templates/letter/footer.mjml:3: MJML has no <mj-txt>"),
    (section("<mj-image src='x' href=\"x>"), "templates/letter/footer.mjml:3: a tag is not finished"),
    (section("{% include 'none.mjml' %}"), "templates/letter/footer.mjml:3: the template none.mjml is missing"),
    (section("{% include 'footer.mjml' %}"), "a template includes itself without end"),
    (section("<mj-text>{{ 1 / 0 }}</mj-text>"), "templates/letter/footer.mjml:3: division by zero"),
    (section("<mj-text>{{ letter.__class__ }}</mj-text>"), "templates/letter/footer.mjml:3: access to attribute"),
    (section("<mj-text>{{ range(9**9)|list }}</mj-text>"), "templates/letter/footer.mjml:3: Range too big"),
]


@pytest.mark.parametrize(("template", "said"), FAULTS)
def test_a_fault_in_a_template_names_its_file_and_line(own: Path, template: str, said: str) -> None:
    (own / "letter" / "footer.mjml").write_text(template)
    with pytest.raises(TemplateError) as caught:
        made(own)
    assert said in str(caught.value)
    assert "footer.mjml" in caught.value.where
    assert caught.value.remedy


def test_a_fault_that_the_compiler_finds_names_its_line_too(own: Path) -> None:
    (own / "letter" / "footer.mjml").write_text(
        "{# words #}\n<mj-section>\n<mj-text>Hi</mj-text>\n<mj-head></mj-head>\n</mj-section>"
    )
    with pytest.raises(TemplateError) as caught:
        made(own)
    assert re.search(r"templates/letter/footer.mjml:\d: ", str(caught.value))


def test_a_personal_field_that_would_be_lost_is_refused(own: Path) -> None:
    (own / "letter" / "footer.mjml").write_text(
        section("<mj-text title='{{ unsubscribe_url }}'>Hi</mj-text><mj-wrong>x</mj-wrong>").replace(
            "mj-wrong", "p"
        )
    )
    with pytest.raises(TemplateError, match="the field unsubscribe_url went in 1 times and came out 0 times"):
        made(own)


@pytest.mark.parametrize("name", ["nothing", "../letter", "/etc", "", "letter/..", "."])
def test_a_theme_that_is_not_there_is_told_with_those_that_are(own: Path, name: str) -> None:
    # What lies beside the templates is no theme, whatever it is called.
    for outside in (own.parent / "letter", own):
        outside.mkdir(exist_ok=True)
        (outside / "theme.toml").write_text('about = "Not one of ours"\n')
    with pytest.raises(TemplateError, match="known here: letter"):
        themes.load((own, SHIPPED), name, "en")


def test_a_template_never_reads_outside_of_its_folders(own: Path) -> None:
    (own.parent / "secret.mjml").write_text("secret")
    (own / "letter" / "footer.mjml").write_text("{% include '../../secret.mjml' %}")
    with pytest.raises(TemplateError, match="missing"):
        made(own)


def test_a_workspace_may_change_single_words(own: Path) -> None:
    (own / "words" / "sv.po").write_text('msgid "Unsubscribe"\nmsgstr "Säg upp"\n', encoding="utf-8")
    html = made(own, "sv").html
    assert "Säg upp" in html
    assert "Ändra vad du får" in html


def test_a_language_without_words_of_its_own_uses_its_general_form(own: Path) -> None:
    assert words.load(TEMPLATES, "sv-FI").gettext("Unsubscribe") == "Avsluta prenumerationen"
    assert words.load(TEMPLATES, "is").gettext("Unsubscribe") == "Unsubscribe"


@pytest.mark.parametrize("text", [b"nonsense\n", b'msgid "a"\nmsgstr "\xff\xfe"\n'])
def test_a_broken_word_list_is_told_with_its_place(own: Path, text: bytes) -> None:
    (own / "words" / "sv.po").write_bytes(text)
    with pytest.raises(SettingsError, match=r"words/sv\.po"):
        made(own, "sv")


@pytest.mark.skipif(not memory.STATM.exists(), reason="only Linux holds memory back")
@pytest.mark.parametrize(("count", "place"), [(999_999_999, "0"), (2, "0]["), (2, "x"), ("many", "0")])
def test_a_word_list_says_how_many_forms_a_word_has_and_they_are_few(own: Path, count: object, place: str) -> None:
    header = f'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals={count}; plural=0;\\n"\n'
    word = f'msgid "%(count)s day"\nmsgid_plural "%(count)s days"\nmsgstr[{place}] "dag"\n'
    (own / "words" / "sv.po").write_text(header + word, encoding="utf-8")
    with ends(), pytest.raises(SettingsError, match=r"words/sv\.po: .*it has no number of forms"):
        made(own, "sv")


@pytest.mark.parametrize(
    ("line", "place", "told"),
    [
        ("msgstr Avsluta", "sv.po:4", "a text needs quotes at both ends; each word is a line msgid"),
        ('msgstr "Avsluta', "sv.po:4", "a text needs quotes at both ends"),
        ('msgstr "Avsluta %(lettre)s"', "sv.po:3", r"have no %\(lettre\)s; leave it out"),
    ],
)
def test_a_slip_in_a_translation_reaches_no_reader(own: Path, line: str, place: str, told: str) -> None:
    (own / "words" / "sv.po").write_text(f'# ours\r\n\r\nmsgid "Unsubscribe"\r\n{line}\r\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"words/{place}: .*{told}"):
        made(own, "sv")


def test_every_word_of_every_template_is_translated() -> None:
    swedish = words.load(TEMPLATES, "sv")
    said = {
        found.replace('\\"', '"')
        for path in SHIPPED.rglob("*")
        if path.suffix in {".mjml", ".txt", ".html"}
        for found in re.findall(r"""\b_\(\s*"((?:[^"\\]|\\.)*)\"""", path.read_text(encoding="utf-8"))
    }
    assert len(said) > 20
    # A colon is one in Swedish too.
    assert sorted(one for one in said if swedish.gettext(one) == one) == [":"]


def test_pages_are_escaped_and_speak_the_language(own: Path) -> None:
    (own / "pages").mkdir()
    (own / "pages" / "mine.html").write_text('{{ _("Unsubscribe") }} {{ name }}')
    environment = themes.pages((own, SHIPPED), "sv")
    page = environment.get_template("pages/mine.html").render(name="<script>")
    assert page == "Avsluta prenumerationen &lt;script&gt;"


GROUNDS = {
    "paper": ("ink", "muted", "accent"),
    "page": ("muted",),
    "tint": ("ink", "accent"),
    "accent": ("on_accent",),
}


@pytest.mark.parametrize("name", ["letter", "plain"])
@pytest.mark.parametrize("table", ["colours", "dark"])
def test_every_colour_can_be_read_on_its_ground(name: str, table: str) -> None:
    colours = themes.load(TEMPLATES, name, "en").settings[table]
    for ground, inks in GROUNDS.items():
        for ink in inks:
            one, other = contrast.colour(colours[ink]), contrast.colour(colours[ground])
            assert one
            assert other
            assert contrast.ratio(one, other) >= 4.5, f"{ink} on {ground}"


def test_a_logo_of_its_own_shows_in_dark_mode_and_nowhere_else(own: Path) -> None:
    (own / "letter" / "theme.toml").write_text(
        '[logo]\nsrc = "https://e.example/day.png"\ndark = "https://e.example/night.png"\n'
        'alt = "The park"\nlink = "https://e.example"\n'
    )
    html = made(own).html
    assert re.search(r'<div class="by-night" style="display:none;[^"]*"><a href="https://e.example">', html)
    assert html.count('alt="The park"') == 2
    dark = html[html.index("@media (prefers-color-scheme: dark)") :]
    assert ".by-day { display: none !important; }" in dark
    assert ".by-night { display: block !important;" in dark
    (own / "letter" / "theme.toml").unlink()
    assert "by-night" not in made(own).html


def test_a_logo_without_one_for_the_dark_stands_on_the_light_paper_there(own: Path) -> None:
    (own / "letter" / "theme.toml").write_text(
        '[logo]\nsrc = "https://e.example/day.png"\n[colours]\npaper = "#fedcba"\n'
    )
    light, _, dark = made(own).html.partition("@media (prefers-color-scheme: dark)")
    assert re.search(r"\.logo img \{[^}]*box-shadow: inset [^}]*#fedcba", light)
    assert re.search(r"\.paper \.logo img \{[^}]*background: #fedcba !important", dark)
    (own / "letter" / "theme.toml").unlink()
    assert ".logo img" not in made(own).html


BOMBS = [
    "{{ 'a' * 10**9 }}",
    "{{ [0] * 10**9 }}",
    "{{ 'a' | center(10**9) }}",
    "{{ 'a'.zfill(10**9) }}",
    "{{ '%0999999999d' | format(1) }}",
    "{{ '{:999999999}'.format('a') }}",
    "{{ ('a' * 10**5) | replace('a', 'b' * 10**5) }}",
    "{{ (['a' * 10**6] * 10**5) | join }}",
    "{% set n = namespace(x='a' * 99) %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "{{ 9 ** (10 ** 8) }}",
    "{% set a = 'a' * 99999 %}{% for i in range(99999) %}{{ a }}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% for i in 'a' * 9999 %}{% for j in 'a' * 9999 %}{% include 'none.mjml' %}{% endfor %}{% endfor %}",
    "{{ 'a' * 9999999 }}",
]


@pytest.mark.skipif(not memory.STATM.exists(), reason="only Linux holds memory back")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_theme_that_somebody_sent_takes_neither_time_nor_memory(own: Path, bomb: str) -> None:
    (own / "letter" / "none.mjml").touch()
    (own / "letter" / "footer.mjml").write_text(f"\n{bomb}")
    limits, most = resource.getrlimit(resource.RLIMIT_AS), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TemplateError, match="look there for a loop in a loop") as told:
        made(own)
    assert told.value.where in ("templates/letter/footer.mjml:2", "templates/letter/none.mjml:1", "issue.mjml")
    assert resource.getrlimit(resource.RLIMIT_AS) == limits
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most) * 1024 < 2 * MEMORY


@pytest.mark.parametrize("place", ["letter/footer.mjml", "letter/blocks/story.mjml", "pages/home.html"])
def test_no_template_leads_out_of_the_templates(own: Path, place: str) -> None:
    key = own.parent / "secret.key"
    key.write_text("hidden")
    (own / place).parent.mkdir(parents=True, exist_ok=True)
    (own / place).symlink_to(key)
    theme = themes.load((own, SHIPPED), "letter", "en")
    with pytest.raises(TemplateError, match="leads out of the templates"):
        theme.environment.get_template(place.removeprefix("letter/"))


def test_no_settings_of_a_theme_lead_out_of_the_templates(own: Path) -> None:
    key = own.parent / "credentials.toml"
    key.write_text('[registry]\ntoken = "hidden"\n')
    (own / "mine").mkdir()
    (own / "mine" / "theme.toml").symlink_to(key)
    with pytest.raises(TemplateError, match="leads out of the templates"):
        themes.load((own, SHIPPED), "mine", "en")


def test_a_whole_theme_may_lie_elsewhere(own: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theme.toml").write_text('like = "letter"\n')
    (elsewhere / "footer.mjml").write_text(
        "<mj-section><mj-column><mj-text>Linked</mj-text></mj-column></mj-section>"
    )
    (own / "mine").symlink_to(elsewhere)
    theme = themes.load((own, SHIPPED), "mine", "en")
    assert "Linked" in theme.environment.get_template("footer.mjml").render()
