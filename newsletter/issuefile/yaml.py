"""The YAML at the head of a file: what reads it, what is wrong with a line in words, and a text as YAML.

ruamel.yaml reads (YAML 1.2).
"""

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter.errors import IssueError

ENDS = re.compile(r"\r\n|\r|\n")
QUOTES = "\"'"
#: What the reader raises: errors of its own, and Python's where it stumbles over a tag, a version or a name.
FAULTS = (YAMLError, RecursionError, ValueError, IndexError, AssertionError, TypeError)
_TWICE = re.compile(r'.*found duplicate key "([^"\n]{1,80})"', re.DOTALL)
_PAIR = re.compile(r"([^\s:#\"'\[{][^:\"'\[{]*?)[ \t]*:[ \t]+([^\"'].*?)[ \t]*$")
_GLUED = re.compile(r"([\w-]+):(\S.*)")
_QUOTED = re.compile(r"([^\s:#\"'\[{][^:\"'\[{]*?)[ \t]*:[ \t]+([\"'])(.*?)[ \t]*$")


def reader() -> YAML:
    """Return what reads YAML as plain values, silently. Raises `FAULTS`, which `explain` puts into words."""
    made = YAML(typ="safe", pure=True)
    # Of two anchors by one name the last counts (YAML 1.2.2 section 3.2.2.2), which nobody needs to be told.
    made.composer.warn_double_anchors = False
    return made


def explain(error: Exception, text: str, path: str, example: str) -> IssueError:
    """Return what *error* means for the front matter *text*, YAML that begins in line 2 of the file *path*.

    *example* is a line as it should be.
    """
    if not isinstance(error, MarkedYAMLError):
        what = "nested too deeply" if isinstance(error, RecursionError) else "a tag or a name in it cannot be read"
        if isinstance(error, YAMLError | ValueError):
            what = str(error).partition("\n")[0]
        return IssueError(f"not valid YAML: {what}", where=f"{path}:2", remedy=f"write plain lines: {example}")
    problem = f"{error.context or ''} {error.problem or ''}"
    begins = any(kind in problem for kind in ("quoted scalar", "simple key", "flow "))
    mark = error.context_mark if begins else error.problem_mark or error.context_mark
    row = len(ENDS.findall(text, 0, mark.index)) if mark else 0
    lines = [*ENDS.split(text), ""]
    while row and _GLUED.fullmatch(lines[row - 1].strip()):
        row -= 1  # a line without the space goes on in the next one
    line = lines[row]
    if twice := _TWICE.match(problem):
        return IssueError(f"{twice[1]} stands twice", where=f"{path}:{2 + row}", remedy="keep one of them")
    what, remedy = _fault(line) or (f"not valid YAML: {problem.strip()}", f"write plain lines: {example}")
    return IssueError(what, where=f"{path}:{2 + row}", remedy=remedy)


def scalar(value: str) -> str:
    """Return *value* as a YAML text in double quotes, on one line."""
    plain = " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else _escaped(one) for one in plain) + '"'


def quote(name: str, value: str) -> str:
    """Return the remedy that most faults of a value have."""
    return f"put it in quotes: {name}: {scalar(value)}"


def _fault(line: str) -> tuple[str, str] | None:
    """Return what is wrong with *line*, and what to do; None for what is not known."""
    stripped = line.strip()
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab begins this line", "begin it at the left edge"
    if line[:1] == " " and re.match(r"[\w-]+:", stripped):
        return "this line is indented", f"begin it at the left edge: {stripped}"
    if found := _GLUED.fullmatch(stripped):
        return "there is no space after the colon", f"write it as {found[1]}: {scalar(found[2].strip(QUOTES))}"
    if found := _QUOTED.fullmatch(stripped):
        closed = found[2] in found[3]
        # An expression begins with a quote of its own: 'business' in topics.
        own = closed and (found[1] == "audience" or not found[3].endswith(found[2]))
        inside = found[2] + found[3] if own else found[3].removesuffix(found[2])
        remedy = f"write it as {found[1]}: {scalar(inside)}"
        return "the quotes close too early" if closed else "a quote is never closed", remedy
    if found := _PAIR.fullmatch(stripped):
        colon = ": " in found[2] or found[2].endswith(":")
        what = "a colon" if colon else "a sign that means something else in YAML"
        return f"the text of {found[1]} holds {what}", quote(found[1], _bare(found[2]))
    return None


def _bare(value: str) -> str:
    """Return *value* without typographic quotes around all of it, which were meant as those of YAML."""
    found = re.fullmatch(r"[“”„«»]([^“”„«»]+)[“”«»]", value)
    return found[1] if found else value


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
