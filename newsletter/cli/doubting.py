"""Tell of what an expression asks that holds for nobody: most likely it is misspelt."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice

from newsletter.cli.terminal import now, say
from newsletter.errors import cited
from newsletter.files.workspace import Workspace
from subscribers import segment, tongue
from subscribers.errors import PeopleError
from subscribers.expression import ClickedWithin, Compare, Expression, HasTopic, Received, tests
from subscribers.store.back import links
from subscribers.store.file.open import Connection
from subscribers.store.ledger import sends
from subscribers.store.register import attributes, people, topics

#: So many doubts are told of one expression, and so many words are named that there are instead.
MOST = 5
NAMED = 8
#: Of what everybody has another, no word is commoner than another.
_THEIRS = ("email", "name", "joined")
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


def tell(workspace: Workspace, connection: Connection, tree: Expression) -> None:
    """Say what in *tree* holds for nobody, or compares as nobody means it."""
    for doubt in islice(dict.fromkeys(_doubts(workspace, connection, tree)), MOST):
        say(doubt)


def _doubts(workspace: Workspace, connection: Connection, tree: Expression) -> Iterator[str]:
    settings = workspace.settings
    for test in tests(tree):
        match test:
            case ClickedWithin() if not links.watched(connection):
                what = "No reader agreed that their clicks are seen"
                yield f"{what}, so `clicked within` holds for nobody; see [tracking]."
            case HasTopic(topic):
                known = sorted(each.slug for each in settings.topics)
                if topic not in known and not topics.chosen(connection, topic):
                    hint = _instead(topic, known, "the letter's topics")
                    yield f"Nobody chose the topic {cited(topic)}, and the letter has none of that name; {hint}"
            case Received(issue):
                known = sorted({each.issue for each in sends.all(connection)}, reverse=True)
                if issue not in known:
                    yield f"No issue {cited(issue)} was sent to anybody; {_instead(issue, known, 'sent were')}"
            case Compare(name, "=", str(value)) if name not in _THEIRS:
                if not people.anybody(connection, segment.where(test, now())):
                    yield from _unknown(connection, test, value, settings.letter.languages)
            case Compare(name, "<" | "<=" | ">" | ">=" as sign, str(value)) if _NUMBER.fullmatch(value):
                yield (
                    f"{cited(value)} in quotes is a text, and “9” is after “10” among texts; for numbers write "
                    f"{name} {sign} {value.replace(',', '.')}"
                )


def _unknown(connection: Connection, test: Compare, value: str, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield the doubt about a text that nobody has; none about a language in which the letter is written."""
    have = attributes.texts(connection, test)
    if test.name == "language":
        if value in languages:
            return
        have = have or [*languages]
        with suppress(PeopleError):
            # A code that is written right is no slip, also where nobody reads it.
            if (read := tongue.read(value, languages)) != value:
                have = [read, *have]
                value = read if read.lower() != value.lower() else value
    yield f"Nobody's {test.name} is {cited(str(test.value))}; {_instead(value, have, 'there are')}"


def _instead(word: str, known: Iterable[str], what: str) -> str:
    """Return what may be meant by *word*, or what there is."""
    by_case = {each.casefold(): each for each in reversed([*known])}
    if near := get_close_matches(word.casefold(), by_case, 1, 0.7):
        return f"did you mean {by_case[near[0]]}?"
    named = list(dict.fromkeys(known))
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"{what}: {', '.join(named[:NAMED]) or 'none'}{more}"
