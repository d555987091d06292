"""The table [compose] and the quotas of sections: what they say, and what is refused with its line."""

import pytest

from newsletter import config
from newsletter.errors import SettingsError
from newsletter.wish import LEAD, REST

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
