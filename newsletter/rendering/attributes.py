"""Make every attribute of an MJML source one that the compiler prints unharmed. Finds tags left open on the way.

mrml prints attribute values with Rust's debug escaping: a newline becomes ``\\n`` in letters, a backslash doubles,
a no-break space becomes ``\\u{a0}``. Numeric references pass. mrml also forgives a tag that is closed by another,
which drops half a letter without a word; here it is an error.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from newsletter.entities import unescape

TAG = re.compile(
    r"<!--.*?(?:-->|$)|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)"
    r"(?P<rest>(?:[^<>\"'/]++|\"[^\"]*+\"|'[^']*+'|/(?!>))*)(?P<empty>/?)>|<(?=[a-zA-Z/])",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
OWN = re.compile(r"""\sstyle\s*=\s*(?:"[^"]*"|'[^']*')""")
TITLE = re.compile(r"(<mj-title>)(.*?)(</mj-title>)", re.DOTALL)
#: What Rust writes as it is: the letters of Latin, Greek and Cyrillic, and the marks of our texts. The rest means
#: something to XML, or Rust writes it as ``\\u{…}``.
_PRINTED = r"""A-Za-z0-9_À-ɏΑ-ώЀ-ѿ‐-‧!#$%'()*+,./:;=?@^`{|}~\[\]-"""
SPECIAL = re.compile(f"[^ {_PRINTED}]")
#: Attributes that are safe as they are, as most of a theme's are.
PLAIN = re.compile(rf"""(?:\s+[^\s=/>"'&]++="(?:[{_PRINTED}]++(?: [{_PRINTED}]++)*)?")*\s*""")
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
#: Deeper than this the compiler may end the whole process instead of failing.
DEEPEST = 200


class BrokenError(Exception):
    """The source is no MJML: *what* is wrong at character *position*, counted from 0."""

    def __init__(self, what: str, position: int) -> None:
        self.what = what
        self.position = position
        super().__init__(f"{what} at {position}")


class Part(NamedTuple):
    """A piece of a source, made *safe*: the tags that it closes but does not open, and those that it leaves open.

    *fits* is False if a tag in it is not finished, or closed by another.
    """

    safe: str
    closed: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    fits: bool = True


def joined(parts: Iterable[Part], source: str) -> str:
    """Return the *parts* of a *source* as one. Raise `BrokenError` where its tags do not fit."""
    kept = tuple(parts)
    if not _fit(kept):
        check(source)
    return "".join(one.safe for one in kept)


def _fit(parts: Iterable[Part]) -> bool:
    opened: list[str] = []
    for one in parts:
        for name in one.closed:
            if not opened or opened.pop() != name:
                return False
        opened += one.opened
        if not one.fits or len(opened) > DEEPEST:
            return False
    return not opened


@lru_cache(maxsize=2048)
def tags(source: str) -> tuple[re.Match[str], ...]:
    """Return the tags and comments of *source*, as `TAG` finds them."""
    return tuple(TAG.finditer(source))


@lru_cache(maxsize=2048)
def part(source: str, styles: tuple[str, ...] = ()) -> Part:
    """Return a piece of a source, made safe. The variants of a letter share most of theirs, and its stories too.

    *styles* are what the tags that open in it have as style, one after the other; "" leaves a tag its own.
    """
    made: list[str] = []
    closed: list[str] = []
    opened: list[str] = []
    fits, end, number = True, 0, 0
    titled = source
    if "<mj-title>" in source:
        titled = TITLE.sub(lambda found: found[1] + encode(unescape(found[2])) + found[3], source)
    for found in tags(titled):
        close, name, rest, empty = found.groups()
        if name is None:
            fits = fits and found[0].startswith("<!--")
        elif close:
            if name.lower() in VOID:
                continue
            if not opened:
                closed.append(name)
            elif opened.pop() != name:
                fits = False
        else:
            if not empty and name.lower() not in VOID:
                opened.append(name)
            style = styles[number] if styles else ""
            number += 1
            if style or "=" in rest:
                made += titled[end : found.start()], opening(name, rest, empty, style)
                end = found.end()
        fits = fits and len(opened) <= DEEPEST
    return Part("".join([*made, titled[end:]]), tuple(closed), tuple(opened), fits)


def encode(value: str) -> str:
    """Return a text so that Rust's debug escaping finds nothing in it; runs of white space become one space."""
    return SPECIAL.sub(_reference, " ".join(value.split()))


def _reference(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else f"&#{ord(found[0])};"


def check(source: str) -> None:
    """Raise `BrokenError` at the first tag that does not fit."""
    opened: list[tuple[str, int]] = []
    for found in TAG.finditer(source):
        name = found["name"]
        if name is None:
            if not found[0].startswith("<!--"):
                raise BrokenError("a tag is not finished", found.start())
        elif name.lower() in VOID or found["empty"]:
            continue
        elif not found["close"]:
            opened.append((name, found.start()))
            if len(opened) > DEEPEST:
                raise BrokenError(f"tags are nested more than {DEEPEST} deep", found.start())
        elif not opened:
            raise BrokenError(f"</{name}> closes nothing", found.start())
        elif opened[-1][0] != name:
            raise BrokenError(f"</{name}> stands where </{opened[-1][0]}> belongs", found.start())
        else:
            opened.pop()
    if opened:
        raise BrokenError(f"<{opened[-1][0]}> is never closed", opened[-1][1])


@lru_cache(maxsize=4096)
def opening(name: str, rest: str, empty: str, style: str = "") -> str:
    """Return an opening tag made safe, with this *style*; a letter's tables repeat theirs a hundred times."""
    if style and "style" in rest:
        rest = OWN.sub("", rest)
    made = rest if PLAIN.fullmatch(rest) else ATTRIBUTE.sub(_attribute, rest)
    return f"<{name}{made}{_styled(style)}{empty}>"


@lru_cache(maxsize=1024)
def _styled(style: str) -> str:
    return f' style="{encode(style)}"' if style else ""


def _attribute(found: re.Match[str]) -> str:
    value = next(text for text in found.groups()[1:] if text is not None)
    return f'{found[1]}="{encode(unescape(value))}"'
