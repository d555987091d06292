"""Personal fields: ``{{ name or "reader" }}`` in what an editor wrote becomes a mark, and a mark a value.

A mark is ``NL<nonce>X<number>XNL`` (with a C for a choice): letters and digits only, so that it passes through
Markdown, MJML, URLs and attributes as it is. With a fresh nonce for each rendering no article can forge one.
Evaluates nothing: what stands in the braces is a name and perhaps a fallback, or an error. Words for some readers
only are in `newsletter.choice`.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from newsletter import choice
from newsletter.errors import IssueError, shortened
from newsletter.model import Token

#: What stands in double braces or in ``{% %}``, unless a backslash makes them text.
BRACES = re.compile(r"(?<!\\)(?:\{\{(?P<field>.*?)(?P<end>\}\}|$)|\{%(?P<choice>.*?)(?P<past>%\}|$))", re.DOTALL)
FIELD = re.compile(r"""\s*([^\W\d_]\w{0,63})\s*(?:or\s*(?:"([^"\n]*)"|'([^'\n]*)'|“([^”\n]*)”)\s*)?""")
#: The fields that are links, with their pages: each is the whole address of a link, never a part of one.
LINKS = {"unsubscribe_url": "unsubscribe", "preferences_url": "preferences", "answer_url": "answer"}
#: What stands at the end of these links before there is a reader, as in a preview.
SAMPLE = "sample"
#: The one that no editor writes: what a block asks stands behind it.
ANSWER = "answer_url"
#: Everything that ends a line somewhere, or is no character at all (C0, C1, the separators of Unicode).
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """Hands out the marks of one rendering; the same field has one mark wherever it stands."""

    nonce: str
    tokens: dict[Token, Token] = field(default_factory=dict)

    def mark(self, token: Token) -> str:
        """Return the mark of *token*, which has none yet."""
        kind = "C" if token.choice else "X"
        own = replace(token, mark=f"NL{self.nonce}{kind}{len(self.tokens)}XNL")
        return self.tokens.setdefault(token, own).mark

    def replace(self, text: str, where: Callable[[str], str] = lambda found: "") -> str:
        """Return *text* with its personal fields and choices as marks; ``\\{\\{`` stays as it is.

        *where* returns the place, such as ``issue.md:12``, of what was found. Raise IssueError for anything in
        double braces that is no personal field, and for a choice that is not whole.
        """
        reading = choice.Reading()

        def one(found: re.Match[str]) -> str:
            if found["choice"] is not None:
                return self.mark(reading.next(found["choice"] if found["past"] else "", found[0], where))
            known = FIELD.fullmatch(found["field"])
            if not known or not found["end"] or known[1] == ANSWER:
                raise IssueError(
                    f"{shortened(found[0])} is no personal field",
                    where=where(found[0]),
                    remedy='write {{ name }} or {{ name or "reader" }}, or \\{\\{ for two braces as text',
                )
            fallback = next((text for text in known.groups()[1:] if text is not None), None)
            if fallback is None and known[1] == reading.sure:
                # Who has no value never meets a field that stands in words for those who have one.
                fallback = ""
            return self.mark(Token("", known[1], fallback))

        marked = BRACES.sub(one, text)
        reading.end(where)
        return choice.apart(marked, tuple(self.tokens.values()))

    def found(self, text: str) -> list[str]:
        """Return the names of the fields whose marks stand in *text*."""
        return [token.name for token in self.tokens.values() if token.mark in text]


def first(name: str) -> str:
    """Return the first name in a whole *name*, "" where there is none.

    It is the first word that is no title with a full stop, and in "Berg, Anna" what stands after the comma.
    """
    last, _, given = name.partition(",")
    words = (given if given.strip() else last).split()
    return next((word for word in words if not word.endswith(".")), "")


def values(
    name: str, email: str, language: str, attributes: Mapping[str, str | int | float | bool | None]
) -> dict[str, str]:
    """Return a reader's personal fields as text; what is not known is not there."""
    known = {field: _text(value) for field, value in attributes.items() if value is not None}
    called = {"first_name": given} if (given := first(name)) else {}
    return {**called, **known, "name": name, "email": email, "language": language}


def _text(value: str | float | bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # All the digits that are kept of a number (`subscribers.attribute`), and never as 1.2e+06.
    return format(Decimal(f"{value:.15g}"), "f") if isinstance(value, float) else str(value)


def plain(text: str) -> str:
    """Return *text* as it reads: an escaped brace without its backslash."""
    return text.replace("\\{", "{").replace("\\}", "}")


def escape(text: str) -> str:
    """Return a stranger's *text* so that no braces in it are a personal field or a choice."""
    return re.sub(r"(?<!\\)\{(?=[{%])|(?<=\{)\{", r"\\{", text)


def count(text: str, tokens: tuple[Token, ...]) -> dict[str, int]:
    """Return how often each mark stands in *text*."""
    return {token.mark: text.count(token.mark) for token in tokens}


def value(token: Token, values: Mapping[str, str]) -> str:
    """Return a reader's own value on one line: theirs, else the fallback, else nothing."""
    return CONTROLS.sub(" ", values.get(token.name, "")).strip() or token.fallback or ""


def page(name: str, base_url: str) -> str:
    """Return the address of the page that the link *name* leads to; a reader's token ends it."""
    return f"{base_url}/{LINKS[name]}/"


def ends(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return *values* with what ends each link in place of its whole address."""
    return {**values, **{name: values[name].rpartition("/")[2] for name in LINKS}}


def linked(text: str, tokens: Sequence[Token], base_url: str) -> str:
    """Return *text* with what all readers' links have in common, so that a mark stands for the token only."""
    for token in tokens:
        if token.name in LINKS and not token.choice:
            text = text.replace(token.mark, page(token.name, base_url) + token.mark)
    return text


def unanswered(page: str, text: str, start: str) -> tuple[str, str]:
    """Return the HTML and the text of a letter whose answers lead nowhere, for whoever is no reader of it.

    *start* is what their addresses begin with: a mark, or the address of the page.
    """
    own = re.escape(start)
    return re.sub(rf' href="{own}[^"]*"', "", page), re.sub(rf"\s+{own}\S*", "", text)


def named(text: str, tokens: tuple[Token, ...]) -> str:
    """Return words of a letter as its issue says them: a personal field by its name."""
    return fill(text, tokens, {each.name: f"{{{{ {each.name} }}}}" for each in tokens})


def fill(text: str, tokens: tuple[Token, ...], values: Mapping[str, str], *, in_html: bool = False) -> str:
    """Return *text* as the reader with *values* gets it: choices made, and a value for every mark.

    Values lose line ends and control characters; for HTML they are escaped.
    """
    text = choice.made(text, tokens, values)
    for token in tokens:
        if not token.choice:
            own = value(token, values)
            text = text.replace(token.mark, html.escape(own) if in_html else own)
    return text
