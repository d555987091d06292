"""Laws of the boxes of other programs: the words in one stay, under its title, and nothing of the box is text."""

import pytest

from newsletter.errors import SourceError
from newsletter.reading.markdown import boxes, markdownpage
from tests.effort import computes

TEXT = "The eels came back to the harbour before anybody had counted on them."
TITLED = f"**Good to know**\n\n{TEXT}\n\nAfter."


def read(body: str) -> str:
    item = markdownpage.parse(f"# Eels\n\nBefore.\n\n{body}", "s", where="eels.md")
    assert item
    assert item.text.startswith("Before.\n\n")
    return item.text.removeprefix("Before.\n\n")


@pytest.mark.parametrize(
    "box",
    [
        f":::tip Good to know\n\n{TEXT}\n\n:::\n\nAfter.",
        f":::note[Good to know]\n\n{TEXT}\n\n:::\n\nAfter.",
        f'::: warning Good to know {{.wide id="a"}}\n\n{TEXT}\n\n:::\n\nAfter.',
        f"::::info[Good to know]\n\n:::note\n\n{TEXT}\n\n:::\n\n::::\n\nAfter.",
        f'!!! note "Good to know"\n\n    {TEXT}\n\nAfter.',
        f'!!! info inline end "Good to know"\n    {TEXT}\n\nAfter.',
        f'???+ question "Good to know"\n\n    {TEXT}\n\nAfter.',
        f'=== "Good to know"\n\n    {TEXT}\n\nAfter.',
        f'!!! note\n\n    ??? tip "Good to know"\n\n        {TEXT}\n\nAfter.',
    ],
)
def test_the_words_of_a_box_stay_under_its_title(box: str) -> None:
    assert read(box) == TITLED


@pytest.mark.parametrize("box", [f":::note\n\n{TEXT}\n\n:::\n\nAfter.", f'!!! note ""\n\n    {TEXT}\n\nAfter.'])
def test_a_box_without_a_title_is_only_its_words(box: str) -> None:
    assert read(box) == f"{TEXT}\n\nAfter."


def test_our_own_blocks_stay_within_and_beside_boxes() -> None:
    quote = '::: quote {by="Anna Holm"}\nThey came back by themselves.\n:::'
    assert read(f":::tip Good to know\n\n{TEXT}\n\n:::\n\n{quote}\n") == f"**Good to know**\n\n{TEXT}\n\n{quote}"
    assert read(f":::tip Good to know\n\n{quote}\n\n:::\n") == f"**Good to know**\n\n{quote}"


def test_code_shows_boxes_as_they_are() -> None:
    assert "`:::tip Title`" in read("```\n:::tip Title\nWords.\n:::\n```\n")
    assert '`!!! note "Title"`' in read('```\n!!! note "Title"\n    Words.\n```\n')


def test_a_box_that_is_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"eels\.md:5: "):
        read(f":::tip\n\n{TEXT}\n")


@pytest.mark.parametrize(
    "row",
    ["::: a\n", ":::a b\n", ":::\n", '!!! a "b"\n', "=== ", "::: a ", '!!! note "', ":::" + " " * 900 + "x\n"],
)
def test_boxes_without_end_take_no_time(row: str) -> None:
    times = 400_000 // len(row)
    with computes(5):
        assert boxes.opened(row * times + ":::\n" * times)


def test_boxes_in_boxes_without_end_end_nothing() -> None:
    deep = "\n".join(" " * 4 * number + "!!! note" for number in range(1200))
    with computes(5):
        assert "note" in boxes.opened(deep)
