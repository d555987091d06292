"""The table [compose] and the quotas of sections: what they say, and what is refused with its line."""

import pytest

from newsletter import config
from newsletter.errors import SettingsError
from newsletter.picking.wish import LEAD, REST, heading

LETTER = '[letter]\nname = "L"\nfrom = "L <l@example.org>"\n'


def compose(text: str) -> config.Compose:
    return config.parse(LETTER + text).compose


def test_what_is_left_out_is_as_it_is_by_default():
    assert compose("") == compose("[compose]\n")
    assert compose("").weights.rest == REST
    own = compose('[compose]\nhalf_life = 14\nper_source = 3\nuntranslated = "leave"\neditor = "ed@example.org"\n')
    assert (own.weights.half_life, own.per_source, own.untranslated, own.editor) == (
        14,
        3,
        "leave",
        "ed@example.org",
    )


def test_a_section_is_called_in_each_language_and_in_others_as_in_the_letters_first():
    letter = LETTER.replace("[letter]", '[letter]\nlanguages = ["sv", "en", "de"]')
    of = config.parse(letter + '[[section]]\nname = {en = "In brief", sv = "Kort"}\n[[section]]\nname = "News"\n')
    say = {"Kort": "Kurz", "News": "Neues"}.get
    assert [heading(of.sections[0], code, say) for code in ("en-GB", "sv", "de")] == ["In brief", "Kort", "Kurz"]
    assert [heading(of.sections[1], code, lambda name: name) for code in ("en", "sv")] == ["News", "News"]
    with pytest.raises(SettingsError, match=r'newsletter\.toml:5: name must be a text.*write name = \{en = "…"'):
        config.parse(LETTER + "[[section]]\nname = 3\n")


def test_a_list_is_called_by_readers_of_another_language_as_in_the_letters_first():
    letter = LETTER.replace("[letter]", '[letter]\nlanguages = ["sv", "en"]')
    [one] = config.parse(letter + '[[list]]\nslug = "m"\ntitle = {en = "Monthly", sv = "Månadsbrevet"}\n').lists
    assert [one.title(code) for code in ("de", "", "en", "sv-FI")] == ["Månadsbrevet"] * 2 + [
        "Monthly",
        "Månadsbrevet",
    ]


def test_single_weights_can_be_changed():
    own = compose("[compose.weights]\npicture = 1\n[compose.lead]\nlength = 0\n").weights
    assert own.rest == {**REST, "picture": 1.0}
    assert own.lead == {**LEAD, "length": 0.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[compose]\nhalf_life = 0\n", "newsletter.toml:5: half_life cannot be 0; write a number of days"),
        ('[compose]\nuntranslated = "drop"\n', "newsletter.toml:5: untranslated cannot be “drop”"),
        ('[compose]\neditor = "nobody"\n', "newsletter.toml:5: editor is no e-mail address"),
        ("[compose]\nper_source = -1\n", "newsletter.toml:5: per_source cannot be -1"),
        (
            "[compose.weights]\nrecensy = 1\n",
            "newsletter.toml:5: [compose.weights] has no setting “recensy”; did you",
        ),
        ("[compose.weights]\npicture = -1\n", "newsletter.toml:5: picture cannot be -1"),
        (
            "[compose.lead]\n" + "".join(f"{name} = 0\n" for name in LEAD),
            "every weight is 0; give one of them more",
        ),
        (
            "[[section]]\nmin = 5\nmax = 3\n",
            "newsletter.toml:5: min is 5 and max 3; let min be 3 at most, or max 5",
        ),
        ('[[section]]\norder = "oldset"\n', "newsletter.toml:5: order cannot be “oldset”; did you mean oldest?"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_remedy(text, said):
    with pytest.raises(SettingsError) as error:
        config.parse(LETTER + text)
    assert said in str(error.value)


def test_a_section_may_want_just_as_many_as_it_takes():
    sections = config.parse(LETTER + "[[section]]\nmin = 2\nmax = 2\n[[section]]\n").sections
    assert [(one.min, one.max) for one in sections] == [(2, 2), (0, 4)]
