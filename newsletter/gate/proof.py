"""A proof: one variant of an issue as a sample reader gets it, read once, for the gate to look at.

It also knows where each piece stands in the issue's file, so that a finding can name the line.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, pairwise, product
from urllib.parse import unquote, urlsplit

from newsletter import choice, personal
from newsletter.config import Settings
from newsletter.gate.page.contrast import Seen, walk
from newsletter.gate.page.mailpage import Page, read
from newsletter.model import Article, Block, Finding, Issue, Level, Rendered, Token
from newsletter.reading.picturefile import Shape

#: How long the token in a reader's links is (`subscribers.token`).
TOKEN_LENGTH = 44
#: So many readers with other values are looked at in one variant: more choices are beyond a letter.
READERS = 12


@dataclass(frozen=True, slots=True)
class Support:
    """What the mail programs of a letter do not show: the names of the programs by feature.

    *styles* has CSS properties (and the keys of `gate.looks.fallback.VALUES`), *elements* names of HTML elements.
    """

    styles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a letter, as far as the gate was told; of what it was not told it says nothing.

    *size* tells the bytes of a file beside the issue, None if readers cannot get it; *otherwise* what a document
    is that is not what its name says, "" for others; *shape* what picture it is,
    None for what is none, *names* which files there are, as an issue names them. *untranslated* are words of
    the theme without a translation into this language, *message* is a sample reader's whole message, *templates*
    are the theme's files in the workspace, by path, *articles* those that blocks came from, by key, *withdrawn*
    when it was seen that their site took them back, *greeting* is what a new issue in this language begins with,
    and *now* is when the letter goes that does not say when.
    """

    size: Callable[[str], int | None] | None = None
    otherwise: Callable[[str], str] | None = None
    shape: Callable[[str], Shape | None] | None = None
    names: tuple[str, ...] = ()
    support: Support = field(default_factory=Support)
    untranslated: tuple[str, ...] = ()
    message: bytes = b""
    templates: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, Article] = field(default_factory=dict)
    greeting: str = ""
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One variant: as *rendered*; *subject* to *text* as a sample reader gets them; *page* is the HTML, read, and
    *looks* how each of its elements looks.

    *rows* are the lines of the issue's file, made comparable.
    """

    rendered: Rendered
    issue: Issue
    settings: Settings
    subject: str
    preheader: str
    html: str
    text: str
    page: Page
    looks: tuple[Seen, ...]
    rows: tuple[str, ...]
    beside: Beside = field(default_factory=Beside)

    @property
    def own(self) -> str:
        """What the addresses of files beside the issue begin with."""
        return f"{self.settings.letter.base_url}/issues/{self.issue.slug}/"

    @property
    def unsubscribe(self) -> str:
        """The sample reader's own address for leaving."""
        return sample(self.rendered, self.settings)["unsubscribe_url"]

    def field(self, name: str) -> str:
        """Return where a field of the front matter stands, or where it should."""
        return f"{self.issue.path}:{self.issue.lines.get(name, 1)}"

    def block(self, block: Block) -> str:
        """Return where a block starts."""
        return f"{self.issue.path}:{block.span.start + 1}"

    def near(self, *texts: str, default: str = "html", beside: str = "") -> str:
        """Return the line of the issue that one of *texts* comes from, the first that does, else *default*.

        Of several lines it is the first that holds the words *beside* too, if one does. What is not in the issue,
        and has no better *default*, may stand in a template of the workspace.
        """
        # A file beside the issue has an address of its own in the letter. A sign alone stands everywhere.
        sought = {text: plain for text in texts if len(plain := _comparable(text.removeprefix(self.own))) > 1}
        for plain in sought.values():
            if number := _found(self.rows, plain, _comparable(beside)):
                return f"{self.issue.path}:{number}"
        return self.template(*reversed(sought)) if default == "html" else default

    def template(self, *texts: str) -> str:
        """Return the line of the workspace's templates that the first of *texts* stands on; else ``html``."""
        for text in texts:
            for path, content in self.beside.templates.items() if text.strip() else ():
                for number, row in enumerate(content.splitlines(), 1):
                    if text.casefold() in row.casefold():
                        return f"{path}:{number}"
        return "html"

    def row(self, place: str) -> str:
        """Return the line of the issue that *place* names, "" if it names none."""
        path, _, number = place.rpartition(":")
        rows = self.issue.source.splitlines()
        named = path == self.issue.path and number.isdigit() and 0 < int(number) <= len(rows)
        return rows[int(number) - 1] if named else ""

    def leading(self, host: str) -> list[int]:
        """Return which lines of the issue, from 1, have a link to *host*, whoever gets them."""
        there = re.compile(rf"//\[?{re.escape(host)}(?![\w.-])", re.IGNORECASE)
        return [number for number, row in enumerate(self.rows, 1) if there.search(row)]

    def known_hosts(self) -> frozenset[str]:
        """Return the hosts that the letter's articles and sources come from."""
        addresses = [source.url for source in self.settings.sources]
        addresses += [block.src for block in self.issue.blocks]
        return frozenset(host for address in addresses if (host := host_of(address)))


def proof(
    rendered: Rendered,
    issue: Issue,
    settings: Settings,
    beside: Beside | None = None,
    values: Mapping[str, str] | None = None,
) -> Proof:
    """Fill *rendered* with *values*, or a sample reader's, and read it."""
    values = sample(rendered, settings) if values is None else values
    subject, preheader, text = (
        personal.fill(part, rendered.tokens, values)
        for part in (rendered.subject, rendered.preheader, rendered.text)
    )
    source = personal.fill(rendered.html, rendered.tokens, values, in_html=True)
    page = read(source)
    looks = tuple(walk(page.elements))
    return Proof(
        rendered,
        issue,
        settings,
        subject,
        preheader,
        source,
        text,
        page,
        looks,
        _rows(issue.source),
        beside or Beside(),
    )


def sample(rendered: Rendered, settings: Settings) -> Mapping[str, str]:
    """Return a sample reader's values for every personal field, as long as real ones are."""
    base = settings.letter.base_url
    fields = {token.name: token.fallback or token.name for token in rendered.tokens}
    links = {name: f"{personal.page(name, base)}{personal.SAMPLE:-<{TOKEN_LENGTH}}" for name in personal.LINKS}
    name = "Anna Åkerlund"
    reader = {"name": name, "email": "anna.akerlund@example.org", "language": rendered.language}
    return {**fields, **reader, "first_name": personal.first(name), **links}


def others(rendered: Rendered, settings: Settings) -> Iterator[Mapping[str, str]]:
    """Yield readers who between them get each text of every choice that the sample reader does not get.

    Of two choices that follow each other they get each text beside each of the other's: one heading may need the
    other, and two that are left out leave a hole. There are `READERS` at most, not one for each combination.
    """
    usual = sample(rendered, settings)
    tests = [token for token in rendered.tokens if token.choice == "if"]
    wanted: dict[str, list[str]] = {}
    for token in tests:
        # Nobody is without an address or a language.
        nothing = [] if token.name in {"email", "language"} else [""]
        values = wanted.setdefault(token.name, [*nothing, usual.get(token.name, "") or token.name])
        values += [token.wanted] if token.wanted else []
    seen, given = _told(tests, usual), 0
    for reader in _readers(tests, usual, wanted):
        told = _told(tests, reader)
        if told - seen and given < READERS:
            seen |= told
            given += 1
            yield reader


def _readers(
    tests: Sequence[Token], usual: Mapping[str, str], wanted: Mapping[str, Sequence[str]]
) -> Iterator[Mapping[str, str]]:
    """Yield readers with each value that is *wanted* of a field, then with each pair for *tests* side by side."""
    for number in range(max((len(values) for values in wanted.values()), default=0)):
        yield {**usual, **{name: values[min(number, len(values) - 1)] for name, values in wanted.items()}}
    for one, next_ in pairwise(tests):
        for pair in product(wanted[one.name], wanted[next_.name]):
            yield {**usual, **dict(zip((one.name, next_.name), pair, strict=True))}


def _told(tests: Sequence[Token], reader: Mapping[str, str]) -> set[tuple[tuple[str, bool], ...]]:
    """Return which text of each choice a reader gets, alone and beside that of the next choice."""
    told = [(token.mark, choice.holds(token, reader)) for token in tests]
    return {(one,) for one in told} | set(pairwise(told))


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """Return the host of a web address in lower case, or "" where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def error(code: str, place: str, message: str, remedy: str) -> Finding:
    """Return a finding that blocks a send."""
    return Finding(code, Level.ERROR, place, message, remedy)


def warning(code: str, place: str, message: str, remedy: str) -> Finding:
    """Return a finding that only warns."""
    return Finding(code, Level.WARNING, place, message, remedy)


def graded(grave: bool, code: str, place: str, message: str, remedy: str) -> Finding:
    """Return an error if *grave*, else a warning."""
    return (error if grave else warning)(code, place, message, remedy)


def several(texts: Iterable[str], limit: int = 3) -> str:
    """Return the first few different texts in a row, and how many more there are."""
    distinct = list(dict.fromkeys(texts))
    more = f" and {len(distinct) - limit} more" if len(distinct) > limit else ""
    return ", ".join(distinct[:limit]) + more


@lru_cache(maxsize=16)
def _rows(source: str) -> tuple[str, ...]:
    """Return the lines of an issue, made comparable. Where a block came from is no link that readers meet."""
    return tuple(_comparable(re.sub(r'\bsrc="[^"]*"', "", row)) for row in source.splitlines())


@lru_cache(maxsize=4096)
def _found(rows: tuple[str, ...], wanted: str, beside: str) -> int:
    """Return which of *rows*, from 1, has *wanted*, and *beside* too if one has both; 0 for none."""
    holding = list(_holding(rows, wanted))
    # An address may be the beginning of a longer one.
    found = [number for number in holding if _whole(wanted, rows[number - 1])] or holding
    found = [number for number in found if beside in rows[number - 1]] or found
    return found[0] if found else 0


def _holding(rows: tuple[str, ...], wanted: str) -> Iterator[int]:
    """Yield which of *rows*, from 1, have *wanted*. They are searched as one text: most of them have it not."""
    text, ends = _together(rows)
    at = text.find(wanted)
    while at >= 0:
        number = bisect_right(ends, at)
        yield number + 1
        at = text.find(wanted, ends[number])


@lru_cache(maxsize=16)
def _together(rows: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """Return *rows* as one text, and where in it the row after each of them begins."""
    return "\n".join(rows), tuple(accumulate(len(row) + 1 for row in rows))


def _whole(wanted: str, row: str) -> bool:
    """Whether *wanted* stands in *row* and ends there as words and addresses do."""
    start = row.find(wanted)
    while start >= 0:
        after = row[start + len(wanted) : start + len(wanted) + 1]
        if not (after.isalnum() or after in {"_", "/", "%", "-"}):
            return True
        start = row.find(wanted, start + 1)
    return False


@lru_cache(maxsize=4096)
def _comparable(text: str) -> str:
    """Return *text* as it compares between Markdown and HTML: same quotes, no marks, single spaces."""
    plain = unquote(text).translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    return " ".join(re.sub(r"[*_\\]|&(?:amp;)?", "", plain).split())
