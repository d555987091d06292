"""Laws of the sandbox: what a template may do is counted, to the last round and bit."""

import pytest
from jinja2 import DictLoader

from newsletter.rendering import sandbox
from newsletter.rendering.sandbox import BITS, LONGEST, ROUNDS, BombError, Sandbox

#: How many rounds one turn of the loop takes, and the template.
PARTS = [
    (1, "{% for one in turns %}{% endfor %}"),
    (2, "{% macro f() %}{% endmacro %}{% for one in turns %}{{ f() }}{% endfor %}"),
    (2, "{% for one in turns %}{% include 'none' %}{% endfor %}"),
    (
        3,
        "{% macro f() %}{{ caller() }}{% endmacro %}{% for one in turns %}{% call f() %}{% endcall %}{% endfor %}",
    ),
]


#: As the limit itself, in a hundredth of the time.
FEW = 2_000


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter may go round less often."""
    assert FEW < ROUNDS
    monkeypatch.setattr(sandbox, "ROUNDS", FEW)


def environment(text: str) -> Sandbox:
    return Sandbox(loader=DictLoader({"one": text, "none": ""}))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("each", "text"), PARTS)
def test_each_round_is_counted_and_one_too_many_ends_it(each: int, text: str) -> None:
    made = environment(text)
    # A template is a round itself.
    most = (FEW - 1) // each
    assert made.fill("one", {"turns": range(most)}) == ""
    with pytest.raises(BombError, match="goes round more than 2,000 times"):
        made.fill("one", {"turns": range(most + 1)})


@pytest.mark.usefixtures("few")
def test_what_one_letter_takes_is_not_taken_from_the_next() -> None:
    made = environment(PARTS[0][1])
    for _ in range(2):
        assert made.fill("one", {"turns": range(FEW - 1)}) == ""


def test_nothing_is_counted_where_a_template_is_not_filled_in() -> None:
    template = environment(PARTS[0][1]).get_template("one")
    assert template.render(turns=range(ROUNDS)) == ""


@pytest.mark.parametrize(
    ("fits", "bomb"),
    [
        (f"2 ** {BITS // 2}", f"2 ** {BITS // 2 + 1}"),
        (f"1 * {2 ** (BITS - 2)}", f"1 * {2 ** (BITS - 1)}"),
        (f"{2 ** (BITS - 2)} * 1", f"{2 ** (BITS - 1)} * 1"),
    ],
)
def test_a_number_may_be_so_large_and_no_larger(fits: str, bomb: str) -> None:
    assert environment(f"{{{{ {fits} }}}}").fill("one", {}) == str(eval(fits))
    with pytest.raises(BombError, match="larger than any letter needs"):
        environment(f"{{{{ {bomb} }}}}").fill("one", {})


def test_what_is_no_number_of_ours_is_reckoned_with_as_ever() -> None:
    assert environment("{{ 'ab' * 3 }} {{ 1.5 * 4 }} {{ 2.0 ** 200 > 1 }}").fill("one", {}) == "ababab 6.0 True"


def test_a_letter_may_be_so_long_and_no_longer() -> None:
    text = "{{ words }}"
    assert len(environment(text).fill("one", {"words": "a" * LONGEST})) == LONGEST
    with pytest.raises(BombError, match=r"a letter of 5,000,001 characters"):
        environment(text).fill("one", {"words": "a" * (LONGEST + 1)})


def test_the_room_is_held_while_a_template_is_filled_in_and_no_longer() -> None:
    class Room:
        """Remembers what was asked of it."""

        asked: list[int] = []
        inside = False

        def __call__(self, most: int) -> "Room":
            self.asked.append(most)
            return self

        def __enter__(self) -> None:
            self.inside = True

        def __exit__(self, *_: object) -> None:
            self.inside = False

    room = Room()
    made = environment("{{ held() }}")
    made.room = room
    assert made.fill("one", {"held": lambda: room.inside}) == "True"
    assert room.asked == [sandbox.MEMORY]
    assert not room.inside
