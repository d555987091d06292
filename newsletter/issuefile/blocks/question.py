"""Read what a question to readers asks, and its answers: words, and under them a list. Writes it, too."""

import re
from collections.abc import Iterable, Mapping, Sequence

from newsletter.errors import IssueError, cited
from newsletter.issuefile.blocks import fence
from newsletter.model import Block, Question

#: So many answers a question has: one is no choice, and more than seven nobody reads on a phone.
LEAST, MOST = 2, 7
#: A line that begins an answer: a point of a list, or a number.
ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?P<words>.*?))?[ \t]*$")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
#: A name stands in links: it is never longer than this, in characters.
LONGEST = 40
_AFTER = re.compile(r"(?:\t| {2,})\S")


def parse(rows: Sequence[str], where: str) -> tuple[Sequence[str], tuple[str, ...]]:
    """Return the rows of the question, and its answers. Raise IssueError for what is none."""
    plain = fence.without_code(rows)
    first = next((at for at, row in enumerate(plain) if ITEM.match(row)), len(rows))
    answers = _answers(rows[first:], where)
    if not any(row.strip() for row in rows[:first]):
        raise IssueError("this question has no words", where=where, remedy="write what you ask above its answers")
    if not LEAST <= len(answers) <= MOST or not all(answers):
        many = f"{len(answers) or 'no'} answer{'s' if len(answers) != 1 else ''}"
        what = f"this question has {many}" if all(answers) else "an answer of this question has no words"
        remedy = f"write {LEAST} to {MOST} below it, each on a line of its own that begins with “- ”"
        raise IssueError(what, where=where, remedy=remedy)
    return rows[:first], answers


def name(attributes: Mapping[str, str | None], where: str) -> str:
    """Return the name that *attributes* give, "" for none. Raise IssueError for what cannot stand in a link."""
    said = attributes.get("name")
    if said is None:
        return ""
    if not NAME.fullmatch(said) or len(said) > LONGEST:
        remedy = f'use a-z, 0-9 and hyphens, {LONGEST} at most, such as name="worth"'
        raise IssueError(f"a question cannot be called {cited(said)}", where=where, remedy=remedy)
    return said


def check(blocks: Iterable[Block], path: str) -> None:
    """Raise IssueError for a question with the name of an earlier one: their answers would be counted together."""
    seen: set[str] = set()
    asked = (block for block in blocks if isinstance(block, Question))
    for number, block in enumerate(asked, 1):
        called = block.name or str(number)
        if called in seen:
            where = f"{path}:{block.span.start + 1}"
            remedy = 'give this one another name: ::: question {name="…"}'
            raise IssueError(f"two questions are called {cited(called)}", where=where, remedy=remedy)
        seen.add(called)


def write(block: Question) -> str:
    """Return what stands between the fences of a question."""
    return "\n".join([block.text, "", *(f"- {answer}" for answer in block.answers)])


def _answers(rows: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the points of a list, each as one line."""
    answers: list[str] = []
    parted = False
    for row in rows:
        if found := ITEM.match(row):
            answers.append(found["words"] or "")
        elif row.strip():
            if parted and not _AFTER.match(row):
                what = "words stand below the answers of this question"
                raise IssueError(what, where=where, remedy="write them above its list, or behind its closing :::")
            answers[-1] = f"{answers[-1]} {row.strip()}".strip()
        parted = not row.strip()
    return tuple(" ".join(answer.split()) for answer in answers)
