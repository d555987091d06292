"""Make every attribute of an MJML source one that the compiler prints unharmed. Finds tags left open on the way.

mrml prints attribute values with Rust's debug escaping: a newline becomes ``\\n`` in letters, a backslash doubles,
a no-break space becomes ``\\u{a0}``. Numeric references pass. mrml also forgives a tag that is closed by another,
which drops half a letter without a word; here it is an error.
"""

import html
import re

TAG = re.compile(
    r"<!--.*?(?:-->|$)|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)"
    r"(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>|<(?=[a-zA-Z/])",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
TITLE = re.compile(r"(<mj-title>)(.*?)(</mj-title>)", re.DOTALL)
#: What may stand in a value as it is: ASCII that means nothing to XML or to Rust.
SPECIAL = re.compile(r"""[^\w !#$%()*+,./:;=?@^`{|}~\[\]-]""", re.ASCII)
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
    titled = TITLE.sub(lambda found: found[1] + encode(html.unescape(found[2])) + found[3], source)
    return TAG.sub(_tag, titled)


def encode(value: str) -> str:
    """Return a text so that Rust's debug escaping finds nothing in it; runs of white space become one space."""
    return SPECIAL.sub(lambda found: f"&#{ord(found[0])};", " ".join(value.split()))


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
    if found["name"] is None or found["close"]:
        return found[0]
    return f"<{found['name']}{ATTRIBUTE.sub(_attribute, found['rest'])}{found['empty']}>"


def _attribute(found: re.Match[str]) -> str:
    value = next(text for text in found.groups()[1:] if text is not None)
    return f'{found[1]}="{encode(html.unescape(value))}"'
