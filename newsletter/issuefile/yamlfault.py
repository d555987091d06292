"""Say in words what is wrong with a line of YAML, and how the line should read. Also writes a text as YAML."""

import re

from ruamel.yaml.error import MarkedYAMLError

from newsletter.errors import IssueError

ENDS = re.compile(r"\r\n|\r|\n")
QUOTES = "\"'"
_PAIR = re.compile(r"([^\s:#\"'\[{][^:\"'\[{]*?)[ \t]*:[ \t]+([^\"'].*?)[ \t]*$")
_QUOTED = re.compile(r"([^\s:#\"'\[{][^:\"'\[{]*?)[ \t]*:[ \t]+([\"'])(.*?)[ \t]*$")


def explain(error: MarkedYAMLError, text: str, path: str, first: int) -> IssueError:
    """Return what *error* means for the YAML *text*, whose first line is line *first* of the file *path*."""
    problem = f"{error.context or ''} {error.problem or ''}"
    begins = any(kind in problem for kind in ("quoted scalar", "simple key", "flow "))
    mark = error.context_mark if begins else error.problem_mark or error.context_mark
    row = len(ENDS.findall(text, 0, mark.index)) if mark else 0
    line = [*ENDS.split(text), ""][row]
    what, remedy = _fault(line, problem)
    return IssueError(what, where=f"{path}:{first + row}", remedy=remedy)


def scalar(value: str) -> str:
    """Return *value* as a YAML text in double quotes, on one line."""
    plain = " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else _escaped(one) for one in plain) + '"'


def quote(name: str, value: str) -> str:
    """Return the remedy that most faults of a value have."""
    return f"put it in quotes: {name}: {scalar(value)}"


def _fault(line: str, problem: str) -> tuple[str, str]:
    """Return what is wrong with *line*, and what to do."""
    stripped = line.strip()
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab begins this line", "begin it at the left edge"
    if line[:1] == " " and re.match(r"[\w-]+:", stripped):
        return "this line is indented", f"begin it at the left edge: {stripped}"
    if found := re.fullmatch(r"([\w-]+):(\S.*)", stripped):
        return "there is no space after the colon", f"write it as {found[1]}: {scalar(found[2].strip(QUOTES))}"
    if found := _QUOTED.fullmatch(stripped):
        inside = found[3].removesuffix(found[2])
        remedy = f"write it as {found[1]}: {scalar(inside)}"
        closed = found[2] in found[3]
        return "the quotes close too early" if closed else "a quote is never closed", remedy
    if found := _PAIR.fullmatch(stripped):
        colon = ": " in found[2] or found[2].endswith(":")
        what = "a colon" if colon else "a sign that means something else in YAML"
        return f"the text of {found[1]} holds {what}", quote(found[1], _bare(found[2]))
    return f"not valid YAML: {problem.strip()}", 'write it as a line such as subject: "June news"'


def _bare(value: str) -> str:
    """Return *value* without typographic quotes around all of it, which were meant as those of YAML."""
    found = re.fullmatch(r"[“”„«»]([^“”„«»]+)[“”«»]", value)
    return found[1] if found else value


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
