"""Personal fields: ``{{ name or "reader" }}`` in what an editor wrote becomes a mark, and a mark a value.

A mark is ``NL<nonce>X<number>XNL``, letters and digits only, so that it passes through Markdown, MJML, URLs and
attributes as it is. With a fresh nonce for each rendering no article can forge one. Evaluates nothing: what
stands in the braces is a name and perhaps a fallback, or an error.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.errors import IssueError
from newsletter.model import Token

#: What stands in double braces, unless a backslash makes them text.
BRACES = re.compile(r"(?<!\\)\{\{(.*?)(\}\}|$)", re.DOTALL)
FIELD = re.compile(r"""\s*([^\W\d_]\w{0,63})\s*(?:or\s*(?:"([^"\n]*)"|'([^'\n]*)'|“([^”\n]*)”)\s*)?""")
#: The fields that are links: each is the whole address of a link, never a part of one.
LINKS = ("unsubscribe_url", "preferences_url")
#: Everything that ends a line somewhere, or is no character at all (C0, C1, the separators of Unicode).
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """Hands out the marks of one rendering; the same field has one mark wherever it stands."""

    nonce: str
    tokens: dict[tuple[str, str | None], Token] = field(default_factory=dict)

    def mark(self, name: str, fallback: str | None = None) -> str:
        """Return the mark of a field."""
        token = Token(f"NL{self.nonce}X{len(self.tokens)}XNL", name, fallback)
        return self.tokens.setdefault((name, fallback), token).mark

    def replace(self, text: str, where: Callable[[str], str] = lambda found: "") -> str:
        """Return *text* with its personal fields as marks; ``\\{\\{`` stays as it is.

        *where* returns the place, such as ``issue.md:12``, of what was found. Raise IssueError for anything in
        double braces that is no personal field.
        """

        def one(found: re.Match[str]) -> str:
            known = FIELD.fullmatch(found[1])
            if not known or not found[2]:
                raise IssueError(
                    f"{_shown(found[0])} is no personal field",
                    where=where(found[0]),
                    remedy='write {{ name }} or {{ name or "reader" }}, or \\{\\{ for two braces as text',
                )
            fallback = next((text for text in known.groups()[1:] if text is not None), None)
            return self.mark(known[1], fallback)

        return BRACES.sub(one, text)

    def found(self, text: str) -> list[str]:
        """Return the names of the fields whose marks stand in *text*."""
        return [token.name for token in self.tokens.values() if token.mark in text]


def plain(text: str) -> str:
    """Return *text* as it reads: an escaped brace without its backslash."""
    return text.replace("\\{", "{").replace("\\}", "}")


def escape(text: str) -> str:
    """Return a stranger's *text* so that no braces in it are a personal field."""
    return re.sub(r"(?<!\\)\{(?=\{)|(?<=\{)\{", r"\\{", text)


def count(text: str, tokens: tuple[Token, ...]) -> dict[str, int]:
    """Return how often each mark stands in *text*."""
    return {token.mark: text.count(token.mark) for token in tokens}


def fill(text: str, tokens: tuple[Token, ...], values: Mapping[str, str], *, in_html: bool = False) -> str:
    """Return *text* with a value for every mark: the reader's own, else the fallback, else nothing.

    Values lose line ends and control characters; for HTML they are escaped.
    """
    for token in tokens:
        value = CONTROLS.sub(" ", values.get(token.name, "")).strip() or token.fallback or ""
        text = text.replace(token.mark, html.escape(value) if in_html else value)
    return text


def _shown(text: str) -> str:
    """Return the start of *text* on one line."""
    line = CONTROLS.sub(" ", text)
    return line if len(line) <= 40 else f"{line[:39]}…"
