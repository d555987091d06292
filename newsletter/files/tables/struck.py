"""Find the rows of a sheet (.xlsx) that are struck out: so people cross out whoever shall get no more letters.

Source: ECMA-376 part 1, sections 18.2 (workbook), 18.3 (sheets) and 18.8 (styles).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from lxml import etree

#: Where a sheet says which part of the file it is.
_PART = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def rows(path: Path, sheet: str) -> frozenset[int]:
    """Return the numbers of the rows, from 1, of which half of what is written is struck out or more.

    None for a file of another kind, and for one that does not say.
    """
    try:
        with ZipFile(path) as packed:
            styles = _styles(packed)
            return frozenset(_rows(packed.open(_part(packed, sheet)), styles) if styles else ())
    except (BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError):
        return frozenset()


def _styles(packed: ZipFile) -> frozenset[str]:
    """Return the numbers of the styles of cells whose letters are struck out."""
    root = _read(packed, "xl/styles.xml")
    struck = {str(number) for number, font in enumerate(root.iterfind("{*}fonts/{*}font")) if _is_struck(font)}
    styles = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(number) for number, style in styles if style.get("fontId", "0") in struck)


def _is_struck(font: etree._Element) -> bool:
    found = font.find("{*}strike")
    return found is not None and found.get("val", "1") not in ("0", "false")


def _part(packed: ZipFile, sheet: str) -> str:
    """Return the name of the part that holds a *sheet*. Raise KeyError."""
    book = _read(packed, "xl/workbook.xml")
    parts = {one.get("name"): one.get(_PART) for one in book.iterfind("{*}sheets/{*}sheet")}
    related = _read(packed, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in related}
    target = targets[parts[sheet]]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read(packed: ZipFile, part: str) -> etree._Element:
    # No entity means anything here.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.parse(packed.open(part), parser).getroot()


def _rows(opened: IO[bytes], styles: frozenset[str]) -> Iterator[int]:
    with opened:
        for _, row in etree.iterparse(opened, tag="{*}row", resolve_entities=False, no_network=True):
            # A cell without anything in it may have a style, too.
            written = [cell.get("s") in styles for cell in row if len(cell)]
            if written and 2 * sum(written) >= len(written):
                yield int(row.get("r") or 0)
            row.clear()
