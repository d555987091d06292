"""Keep the tables that an editor wrote in Markdown; a page's tables are mostly layout, and become lines.

A table of events is no table here: its rows become the lines that events are read from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt

from newsletter.issuefile import dialect
from newsletter.reading.words import happening

#: More columns than this are read as lines: no letter has the room.
COLUMNS = 12
#: How GitHub's tables, which we write, say where the words of a column stand.
ALIGNED = {"left": ":--", "right": "--:", "center": ":-:"}
PIPE = re.compile(r"(?<!\\)\|")

_TABLES = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of each row, the first row's heading the others, and the line under the first row."""

    rows: tuple[tuple[str, ...], ...]
    under: tuple[str, ...]

    def written(self, convert: Callable[[str], str]) -> str:
        """Return the table in our dialect; *convert* makes the words of a cell so."""
        first, *others = [[PIPE.sub(r"\\|", " ".join(convert(cell).split())) for cell in row] for row in self.rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in (first, self.under, *others))


def apart(text: str, mark: Callable[[Table], str]) -> str:
    """Return Markdown in which a paragraph that *mark* gives stands in the place of each table."""
    if "|" not in text:
        return text
    tokens, lines = _TABLES.parse(text), text.split("\n")
    for at in reversed([at for at, one in enumerate(tokens) if one.type == "table_open" and one.level == 0]):
        end = next(number for number in range(at, len(tokens)) if tokens[number].type == "table_close")
        cells, rows = tokens[at:end], list[list[str]]()
        for one, inside in zip(cells, [*cells[1:], None], strict=True):
            if one.type == "tr_open":
                rows.append([])
            elif one.type in {"th_open", "td_open"} and inside is not None:
                rows[-1].append(inside.content)
        aligned = [str(one.attrGet("style") or "").rpartition(":")[2] for one in cells if one.type == "th_open"]
        heads = " · ".join(dialect.inline(cell) for cell in rows[0])
        if len(rows) > 1 and len(aligned) <= COLUMNS and not happening.COLUMNS.fullmatch(heads):
            table = Table(tuple(map(tuple, rows)), tuple(ALIGNED.get(one, "---") for one in aligned))
            begin, past = tokens[at].map or (0, 0)
            lines[begin:past] = ["", mark(table), ""]
    return "\n".join(lines)
