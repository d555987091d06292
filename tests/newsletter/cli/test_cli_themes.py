"""Choosing a look: what is listed can be used, what is copied looks the same, and nothing is overwritten."""

import tomllib

from newsletter.files.looks import themes, words
from tests.editor import Editor
from tests.samples import ROOT


def test_themes_are_listed_with_whose_they_are(editor: Editor) -> None:
    code, found = editor.json("themes", "list")
    assert code == 0
    rows = {row["name"]: row for row in found["themes"]}
    assert set(rows) == {"letter", "plain"}
    assert (rows["letter"]["from"], rows["letter"]["used"], rows["plain"]["like"]) == ("shipped", True, "letter")
    assert "letter*" in editor("themes", "list")[1]
    editor("themes", "copy", "letter", "footer.mjml", "theme.toml")
    rows = {row["name"]: row for row in editor.json("themes", "list")[1]["themes"]}
    assert rows["letter"]["from"] == "shipped, changed by you"


def test_what_is_shown_is_toml_that_counts(editor: Editor) -> None:
    _, out, _ = editor("themes", "show", "plain")
    shown, _, files = out.partition("\n\nfile ")
    said = tomllib.loads(shown)
    assert said["colours"] == themes.load(editor.workspace.templates, "plain", "en").settings["colours"]
    assert said["like"] == "letter"
    assert "shipped plain/blocks" in files
    assert "shipped letter" in files


def test_a_look_of_ones_own_is_like_another_until_it_is_changed(editor: Editor) -> None:
    code, _, err = editor("themes", "copy", "plain", "header.mjml", "--as", "ours")
    assert code == 0
    assert 'theme = "ours"' in err
    loaded = themes.load(editor.workspace.templates, "ours", "sv")
    assert loaded.settings["colours"] == themes.load(editor.workspace.templates, "plain", "sv").settings["colours"]
    path = editor.root / "templates" / "ours" / "theme.toml"
    path.write_text(path.read_text().replace("# [colours]", "[colours]").replace("# accent", "accent", 1))
    editor.settings('theme = "letter"', 'theme = "ours"')
    assert editor("check", "0001-hello", "--offline", "--no-spam")[0] == 0
    code, out, _ = editor("themes", "list")
    assert "ours*" in out


def test_a_whole_theme_can_be_copied_and_stays_the_same(editor: Editor) -> None:
    editor("render", "0001-hello", "--out", str(editor.root / "before"))
    code, found = editor.json("themes", "copy", "letter")
    assert code == 0
    assert "templates/letter/blocks/story.mjml" in found["files"]
    editor("render", "0001-hello", "--out", str(editor.root / "after"))
    pages = [(editor.root / name / "0001-hello.en.html").read_bytes() for name in ("before", "after")]
    assert pages[0] == pages[1]


def test_signs_in_the_words_of_a_theme_are_told_what_they_are(editor: Editor) -> None:
    folder = editor.root / "templates" / "letter"
    folder.mkdir(parents=True)
    words = '[logo]\nsrc = "logo.png"\n[footer]\nwords = "By [Eva](https://bay.example.org) <b>Lind</b>"\n'
    (folder / "theme.toml").write_text(words, encoding="utf-8")
    found = {one["id"]: one for one in editor.json("check", "0001-hello", "--offline", "--no-spam")[1]["findings"]}
    for code in ("leftover-markup", "link-unmade"):
        assert found[code]["place"] == "templates/letter/theme.toml:4"
        assert "the words of a theme are plain text" in found[code]["remedy"]
    assert found["image-relative"]["remedy"] == "put it on the web, and write its whole address: https://…"


def test_a_misspelt_theme_or_file_blames_no_setting(editor: Editor) -> None:
    for asked in (("copy", "lettr"), ("show", "lettr")):
        code, _, err = editor("themes", *asked)
        assert (code, err) == (4, "Error: no theme is called “lettr”; did you mean letter?\n")
    assert "known here: letter, plain" in editor("themes", "copy", "xyz")[2]
    assert "did you mean footer.mjml?" in editor("themes", "copy", "letter", "footer.mjm")[2]


def test_a_copy_that_was_broken_off_is_finished(editor: Editor) -> None:
    """As by `kill -9`: some files are there, all of them whole."""
    assert editor("themes", "copy", "letter")[0] == 0
    folder = editor.root / "templates" / "letter"
    whole = {path: path.read_bytes() for path in folder.rglob("*.*")}
    for path in sorted(whole)[2:]:
        path.unlink()
    assert editor("themes", "copy", "letter")[0] == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == whole


def test_nothing_is_overwritten_and_what_is_not_there_is_told(editor: Editor) -> None:
    own = editor.root / "templates" / "letter" / "footer.mjml"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    code, _, err = editor("themes", "copy", "letter")
    assert code == 5
    assert "templates/letter/footer.mjml: it is there already" in err
    assert own.read_text() == "mine"
    assert sorted(path.name for path in own.parent.iterdir()) == ["footer.mjml"]
    assert editor("themes", "copy", "letter", "none.mjml")[0] == 4
    assert editor("themes", "copy", "letter", "--as", "../x")[0] == 2
    assert editor("themes", "show", "none")[0] != 0


def test_a_language_gets_a_word_list_to_fill_and_is_heard_as_english_until_then(editor: Editor) -> None:
    path = editor.root / "templates" / "words" / "is.po"
    code, said = editor.json("themes", "words", "is")
    text = path.read_text("utf-8")
    assert (code, said["file"], said["words"] > 100) == (0, "templates/words/is.po", True)
    assert text.count('msgid "Unsubscribe"\nmsgstr ""\n') == 1
    assert words.spoken(editor.workspace.templates, "is") == "en"
    path.write_text(text.replace('msgid "Unsubscribe"\nmsgstr ""', 'msgid "Unsubscribe"\nmsgstr "Hætta"'), "utf-8")
    assert words.spoken(editor.workspace.templates, "is") == "is"
    assert words.load(editor.workspace.templates, "is").gettext("Unsubscribe") == "Hætta"
    assert editor.json("themes", "words", "is")[1]["words"] == 0


def test_norwegians_get_the_words_of_their_other_norwegian_until_there_are_words_in_theirs(editor: Editor) -> None:
    templates = editor.workspace.templates
    for code in ("nn", "nn-NO", "no"):
        assert (words.spoken(templates, code), words.load(templates, code).gettext("Save")) == ("nb", "Lagre")
    assert editor.json("themes", "words", "nn")[1]["words"] > 100
    path = editor.root / "templates" / "words" / "nn.po"
    path.write_text('msgid "Something else"\nmsgstr "Noko anna"\n', "utf-8")
    assert words.spoken(templates, "nn-NO") == "nn-NO"
    assert [words.load(templates, "nn").gettext(one) for one in ("Something else", "Save")] == [
        "Noko anna",
        "Lagre",
    ]


def test_help_and_manual_name_every_language_that_words_are_shipped_in(editor: Editor) -> None:
    shipped = words.shipped(editor.workspace.templates)
    assert len(shipped) > 10
    told = " ".join(editor("themes", "words", "--help")[1].split())
    manual = (ROOT / "docs" / "look.md").read_text("utf-8")
    assert [code for code in shipped if f"({code})" not in told or f"(`{code}`" not in manual] == []


def test_a_word_list_gains_what_it_has_not_and_keeps_what_it_has(editor: Editor) -> None:
    path = editor.root / "templates" / "words" / "cy.po"
    path.parent.mkdir(exist_ok=True)
    own = '# Ours\nmsgid "Unsubscribe"\nmsgstr "Dad-danysgrifio"\n'
    path.write_text(own, "utf-8")
    editor("themes", "copy", "letter", "footer.txt")
    footer = editor.root / "templates" / "letter" / "footer.txt"
    footer.write_text(footer.read_text("utf-8") + "{{ _('Say \"ahoy\" to us') }}\n", "utf-8")
    assert editor("themes", "words", "cy")[0] == 0
    text = path.read_text("utf-8")
    assert text.startswith(own)
    assert (text.count('Unsubscribe"\nmsgstr'), text.count('msgid "Say \\"ahoy\\" to us"\nmsgstr ""')) == (1, 1)
    words.read(path)


def test_no_word_list_is_made_for_what_has_all_its_words_or_is_no_language(editor: Editor) -> None:
    assert editor.json("themes", "words", "sv")[1]["words"] == 0
    said = editor("themes", "words", "de")[2].splitlines()
    assert said == [
        "All words in de are shipped. To change one, write only that one into templates/words/de.po.",
        'Add "de" to languages in newsletter.toml to use it.',
    ]
    assert not (editor.root / "templates" / "words").exists()
    assert editor("themes", "words", "en")[0] == editor("themes", "words", "Deutsch")[0] == 2
    assert editor("themes", "words", "../x")[0] == 2
