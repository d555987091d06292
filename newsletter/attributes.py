"""Make every attribute of an MJML source one that the compiler prints unharmed. Finds tags left open on the way.

mrml prints attribute values with Rust's debug escaping: a newline becomes ``\\n`` in letters, a backslash doubles,
a no-break space becomes ``\\u{a0}``. Numeric references pass. mrml also forgives a tag that is closed by another,
which drops half a letter without a word; here it is an error.
"""

import html
import re
from functools import lru_cache

TAG = re.compile(
    r"<!--.*?(?:-->|$)|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)"
    r"(?P<rest>(?:[^<>\"'/]++|\"[^\"]*\"|'[^']*'|/(?!>))*+)(?P<empty>/?)>|<(?=[a-zA-Z/])",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
TITLE = re.compile(r"(<mj-title>)(.*?)(</mj-title>)", re.DOTALL)
#: What may not stand in a value as it is: all that means something to XML or to Rust, which writes what it cannot
#: print as ``\\u{…}``. The letters of Latin, Greek and Cyrillic and the marks of our texts can be printed.
SPECIAL = re.compile(r"""[^A-Za-z0-9_À-ɏΑ-ώЀ-ѿ‐-‧ !#$%'()*+,./:;=?@^`{|}~\[\]-]""")
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
#: Deeper than this the compiler may end the whole process instead of failing.
DEEPEST = 200


class BrokenError(Exception):
    """The source is no MJML: *what* is wrong at character *position*, counted from 0."""

    def __init__(self, what: str, position: int) -> None:
        self.what = what
        self.position = position
        super().__init__(f"{what} at {position}")


def safe(source: str) -> str:
    """Return *source* with every attribute value in double quotes, on one line, special characters as references.

    Raise `BrokenError` for a tag that is left open, closed twice or closed by another.
    """
    check(source)
    return encoded(source)


def encoded(source: str) -> str:
    """Return the same of a part of a source, whose tags may be open."""
    titled = TITLE.sub(lambda found: found[1] + encode(html.unescape(found[2])) + found[3], source)
    return TAG.sub(_tag, titled)


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


def _tag(found: re.Match[str]) -> str:
    # What is no opening tag, or one without a value.
    if found["close"] or "=" not in found[0] or found["name"] is None:
        return found[0]
    return opening(found["name"], found["rest"], found["empty"])


@lru_cache(maxsize=4096)
def opening(name: str, rest: str, empty: str) -> str:
    """Return an opening tag made safe; a letter's tables repeat theirs a hundred times."""
    return f"<{name}{ATTRIBUTE.sub(_attribute, rest)}{empty}>"


def _attribute(found: re.Match[str]) -> str:
    value = next(text for text in found.groups()[1:] if text is not None)
    return f'{found[1]}="{encode(html.unescape(value))}"'
