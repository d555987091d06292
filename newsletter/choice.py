"""Words for some readers only: ``{% if city %}…{% else %}…{% endif %}``, decided when a message is filled.

An editor can ask whether a reader has a value (``if city``, ``if not city``) and whether it is a certain one
(``if city == "Norrvik"``, ``!=``), and no more: nothing is computed, nothing is nested. A whole block for some is
``segment=`` on the block.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import IssueError, shortened
from newsletter.model import Token

TEST = re.compile(
    r"""\s*if\s+(?P<negated>not\s+)?(?P<name>[^\W\d_]\w{0,63})\s*"""
    r"""(?:(?P<sign>==|!=)\s*(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|“(?P<curly>[^”\n]*)”)\s*)?"""
)
REMEDY = 'write {% if city %}…{% else %}…{% endif %}, or {% if city == "Norrvik" %}'


@dataclass(frozen=True, slots=True)
class Choice:
    """Two texts of which a reader gets one."""

    test: Token
    then: str
    other: str


@dataclass(slots=True)
class Reading:
    """Reads the choices of one text in order.

    *sure* is the field that the reader of these words surely has, *then* the one of who gets the other words.
    """

    opened: str = ""
    other: bool = False
    sure: str = ""
    then: str = ""

    def next(self, words: str, found: str, where: Callable[[str], str]) -> Token:
        """Return the token for what stands in ``{% %}``. Raise IssueError."""
        word = words.strip()
        if word == "endif" and self.opened:
            self.opened, self.other, self.sure, self.then = "", False, "", ""
            return Token("", "", "", choice="end")
        if word == "else" and self.opened and not self.other:
            self.other, self.sure = True, self.then
            return Token("", "", "", choice="else")
        test = TEST.fullmatch(words)
        if not test or self.opened:
            inside = f"stands inside {shortened(self.opened)}"
            what = f"{shortened(found)} {inside if test else 'is no choice'}"
            raise IssueError(
                what, where=where(found), remedy=REMEDY if not test else "end the first one before it"
            )
        wanted = next((test[name] for name in ("double", "single", "curly") if test[name] is not None), None)
        negated = bool(test["negated"]) != (test["sign"] == "!=")
        self.opened = found
        self.sure, self.then = ("", test["name"]) if negated else (test["name"], "")
        return Token("", test["name"], "", choice="if", wanted=wanted, negated=negated)

    def end(self, where: Callable[[str], str]) -> None:
        """Raise IssueError if a choice was not ended."""
        if self.opened:
            remedy = "add {% endif %} after its last word, in the same block"
            raise IssueError(f"{shortened(self.opened)} never ends", where=where(self.opened), remedy=remedy)


def apart(text: str, tokens: Sequence[Token]) -> str:
    """Return Markdown in which a mark of a choice that has a line of its own has a paragraph of its own."""
    marks = _either(tokens, "if", "else", "end")
    return re.sub(rf"^[ \t]*({marks})[ \t]*$", r"\n\1\n", text, flags=re.MULTILINE) if marks else text


def whole(html: str, tokens: Sequence[Token], where: Callable[[], str]) -> str:
    """Return HTML without the paragraphs that hold a mark alone.

    Raise IssueError, which names what *where* says, if a choice begins within other tags than it ends.
    """
    marks = _either(tokens, "if", "else", "end")
    if not marks or not re.search(marks, html):
        return html
    html = re.sub(rf"<p>\s*({marks})\s*</p>", r"\1", html)
    opened: list[str] = []
    inside: list[str] = []
    kinds = {token.mark: token.choice for token in tokens}
    for found in re.finditer(rf"({marks})|<(/?)([a-z0-9]+)[^>]*>", html):
        if found[1] and kinds[found[1]] == "if":
            inside = list(opened)
        elif found[1] and opened != inside:
            what = "the words between {% if %} and {% endif %} begin in one paragraph or list and end in another"
            remedy = "write {% if %}, {% else %} and {% endif %} on lines of their own"
            raise IssueError(what, where=where(), remedy=remedy)
        elif found[3] and found[3] not in {"br", "hr", "img", "wbr"}:
            opened = opened[:-1] if found[2] else [*opened, found[3]]
    return html


def closed_up(text: str, tokens: Sequence[Token]) -> str:
    """Return a plain text in which a mark with a line of its own leaves no empty lines."""
    marks = _either(tokens, "if", "else", "end")
    return re.sub(rf"^({marks})\n+", r"\1", text, flags=re.MULTILINE) if marks else text


def parts(text: str, tokens: Sequence[Token]) -> Iterator[str | Choice]:
    """Yield what all readers get of *text* as it is, and what only some get as a Choice."""
    tests = {token.mark: token for token in tokens if token.choice == "if"}
    other, end = _either(tokens, "else"), _either(tokens, "end")
    start = 0
    if tests and end:
        optional = f"(?:{other}(.*?))?" if other else "()"
        for found in re.finditer(rf"({'|'.join(tests)})(.*?){optional}{end}", text, re.DOTALL):
            yield text[start : found.start()]
            yield Choice(tests[found[1]], found[2], found[3] or "")
            start = found.end()
    yield text[start:]


def holds(test: Token, values: Mapping[str, str]) -> bool:
    """Whether a reader with *values* gets the words that *test* opens. Capitals make no difference."""
    own = " ".join(values.get(test.name, "").split())
    same = bool(own) if test.wanted is None else own.casefold() == " ".join(test.wanted.split()).casefold()
    return same != test.negated


def made(text: str, tokens: Sequence[Token], values: Mapping[str, str]) -> str:
    """Return *text* with the words that a reader with *values* gets."""
    if not any(token.choice for token in tokens):
        return text
    return "".join(
        part if isinstance(part, str) else part.then if holds(part.test, values) else part.other
        for part in parts(text, tokens)
    )


def _either(tokens: Sequence[Token], *kinds: str) -> str:
    return "|".join(token.mark for token in tokens if token.choice in kinds)
