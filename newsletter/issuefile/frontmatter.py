"""The YAML between the two lines of three hyphens: read it, and write a value so that it reads back.

Each field knows where it stands. What another YAML reader would take for something else, such as a bare NO, is
refused with the remedy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from newsletter.errors import IssueError, cited, meant
from newsletter.issuefile.yaml import ENDS, FAULTS, explain, quote, reader, scalar

#: The fields that we know; besides them, everybody may keep their own as ``x-…``.
FIELDS = (
    "subject", "preheader", "list", "audience", "send_at", "frequency", "language", "subject_b", "share", "try",
    "wait", "images", "from", "reply_to", "theme",
)  # fmt: skip
#: Fields that everybody reads: a # that hides the rest of the line would send a cut text.
SPOKEN = ("subject", "subject_b", "preheader")
#: What YAML 1.1 readers take for true or false.
SWITCHES = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false"])
_HEAD = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_TAIL = re.compile(r"---[ \t]*(?=\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value: its text or structure, and its line in the file (from 1)."""

    value: object
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of an issue by name, and where in the file's text they end. *path* is its name in messages."""

    values: Mapping[str, Value]
    end: int
    path: str

    def text(self, name: str) -> str:
        """Return a known field's text, "" where there is none."""
        value = self.values.get(name)
        return str(value.value or "") if value else ""

    def fault(self, name: str, what: str, remedy: str) -> IssueError:
        """Return the error that names the line of the field *name*."""
        return IssueError(what, where=f"{self.path}:{self.values[name].line}", remedy=remedy)

    def chosen(self, name: str, choices: Sequence[str], remedy: str) -> str:
        """Return a field's text, one of *choices*, "" where there is none. Raise IssueError."""
        if (text := self.text(name)) not in ("", *choices):
            raise self.fault(name, f"{name} cannot be {cited(text)}", remedy)
        return text

    def percent(self, name: str) -> int:
        """Return how many in a hundred readers a field says, 0 where there is none. Raise IssueError."""
        if not (text := self.text(name)):
            return 0
        found = re.fullmatch(r"(\d{1,2})\s*%?", text)
        if not found or not 1 <= int(found[1]) <= 99:
            remedy = f"write it as {name}: 20, for 20 in 100 readers"
            raise self.fault(name, f"{name} cannot be {cited(text)}", remedy)
        return int(found[1])


def parse(text: str, path: str) -> FrontMatter:
    """Return the front matter of the file *text*; *path* is its name in messages. Raise IssueError."""
    start, end = _bounds(text, path)
    inside = text[start:end]
    root = _compose(inside, path)
    if root is None:
        return FrontMatter({}, end, path)
    if not isinstance(root, MappingNode):
        raise _no_fields(root, f"{path}:{_line(text, start + root.start_mark.index)}")
    values: dict[str, Value] = {}
    for key, node in root.value:
        line = _line(text, start + key.start_mark.index)
        name, value = _field(key, node, inside, f"{path}:{line}")
        if name in values:
            raise IssueError(f"{name} stands twice", where=f"{path}:{line}", remedy="keep one of them")
        values[name] = Value(value, line)
    return FrontMatter(values, end, path)


def body_row(text: str, matter: FrontMatter) -> int:
    """Return the row (from 0) of the file at which its blocks begin."""
    return _line(text, matter.end)


def written(name: str, value: str) -> str:
    """Return *value* as a new line of the field *name* says it: names and times plain, texts in quotes."""
    if name not in {"list", "send_at", "share", "try", "wait", "images", "theme"}:
        return scalar(value)
    try:
        read = parse(f"---\n{name}: {value}\n---\n", "")
    except IssueError:
        return scalar(value)
    same = read.text(name) == value and len(read.values) == 1 and " #" not in value
    return value if value and same else scalar(value)


def _bounds(text: str, path: str) -> tuple[int, int]:
    """Return where the YAML begins and ends in *text*."""
    if not (head := _HEAD.match(text)):
        raise _headless(text, path)
    # Python's ^ knows no line that ends with a carriage return alone.
    for ending in ENDS.finditer(text, head.end() - 1):
        if _TAIL.match(text, ending.end()):
            return head.end(), ending.end()
    remedy = "add a line --- after the last field"
    raise IssueError("the front matter never ends", where=f"{path}:1", remedy=remedy)


def _compose(inside: str, path: str) -> Node | None:
    try:
        root: Node | None = reader().compose(inside)
    except FAULTS as error:
        raise explain(error, inside, path, 'subject: "June news"') from None
    return root


def _no_fields(root: Node, where: str) -> IssueError:
    """Say what is wrong with YAML that is a text or a list."""
    if isinstance(root, ScalarNode) and (found := re.match(r"([\w-]+):(\S.*)", root.value)):
        remedy = f"write it as {found[1]}: {scalar(found[2])}"
        return IssueError("there is no space after the colon", where=where, remedy=remedy)
    return IssueError("no fields here", where=where, remedy='write lines such as subject: "June news"')


def _field(key: Node, node: Node, inside: str, where: str) -> tuple[str, object]:
    """Return a field's name and value."""
    name = key.value if isinstance(key, ScalarNode) else ""
    if name not in FIELDS and not re.fullmatch(r"x-[\w-]+", name):
        raise _unknown(name, where)
    _refuse_anchors(node, where)
    if name.startswith("x-"):
        return name, _plain(node)
    return name, _text(name, node, inside, where)


def _unknown(name: str, where: str) -> IssueError:
    remedy = meant(name.casefold(), FIELDS, f"known here: {', '.join(FIELDS)}, and your own as x-…")
    return IssueError(f"there is no field {cited(name)}", where=where, remedy=remedy)


def _text(name: str, node: Node, inside: str, where: str) -> str:
    """Return the text of a known field. Raise IssueError if YAML, or an older YAML, sees something else."""
    if not isinstance(node, ScalarNode):
        typed = " ".join(inside[node.start_mark.index : node.end_mark.index].split())
        first = node.value[0] if isinstance(node, SequenceNode) and node.value and name not in SPOKEN else None
        one = f"name one: {name}: {written(name, first.value)}" if isinstance(first, ScalarNode) else ""
        raise IssueError(f"{name} must be a text", where=where, remedy=one or quote(name, typed))
    kind = str(node.tag).rpartition(":")[2]
    typed = " ".join(node.value.split())
    if kind == "null" and not typed:
        return ""
    if not node.style:
        _check_plain(name, typed, kind, inside[node.end_mark.index :], where)
    elif kind != "str":
        raise IssueError(f"{name} must be a text", where=where, remedy=f"write it as {name}: {scalar(typed)}")
    if found := re.search(r"[\x00-\x1f\x7f]", typed):
        what = f"{name} holds a control character ({found[0].encode('unicode_escape').decode()})"
        raise IssueError(what, where=where, remedy="remove it")
    return typed


def _check_plain(name: str, typed: str, kind: str, rest: str, where: str) -> None:
    remedy = quote(name, typed.lower() if name == "language" else typed)
    if typed.casefold() in SWITCHES:
        raise IssueError(f"YAML reads {typed} as true or false", where=where, remedy=remedy)
    if name in {"share", "try", "wait"} and kind == "int":
        return
    if kind not in {"str", "timestamp"} or (kind == "timestamp" and name != "send_at"):
        shown = {"int": "a number", "float": "a number", "timestamp": "a date", "null": "nothing"}.get(
            kind, f"a {kind}"
        )
        raise IssueError(f"YAML reads {typed} as {shown}", where=where, remedy=remedy)
    hidden = re.match(r"[ \t]+(#\S[^\r\n]*)", rest)
    if name in (*SPOKEN, "from") and hidden:
        remedy = quote(name, f"{typed} {hidden[1]}")
        raise IssueError(f"YAML reads {cited(hidden[1])} as a comment", where=where, remedy=remedy)


def _refuse_anchors(node: Node, where: str) -> None:
    """Refuse anchors: through them a few lines can mean millions, or themselves."""
    nodes = [node]
    while nodes:
        one = nodes.pop()
        if one.anchor:
            raise IssueError("anchors (&) are not for issues", where=where, remedy="write the value out")
        nodes += _children(one)


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, SequenceNode):
        yield from node.value
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from (key, value)


def _plain(node: Node) -> object:
    """Return the value of a field that is not ours, as texts, lists and dictionaries of them."""
    if isinstance(node, SequenceNode):
        return tuple(_plain(one) for one in node.value)
    if isinstance(node, MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    return node.value


def _line(text: str, at: int) -> int:
    """Return the line, from 1, of a place in *text*."""
    return len(ENDS.findall(text, 0, at)) + 1


def _headless(text: str, path: str) -> IssueError:
    """Return what is wrong with a file that does not begin with a line of three hyphens."""
    what, remedy = "no front matter", 'begin the file with a line ---, then subject: "…", then a line ---'
    begins = text.lstrip()
    if begins.startswith("---"):
        what, remedy = "empty lines stand above the front matter", "let the file begin with its line ---"
    elif begins.startswith(("—", "–")):
        what = "the front matter begins with a dash, as word processors make it of hyphens"
        remedy = "write three hyphens, ---, here and below the last field"
    return IssueError(what, where=f"{path}:1", remedy=remedy)
