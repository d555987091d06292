"""Tell who stands behind a short name that a Markdown file gives its writer, by the file that explains those.

Sources: ``.authors.yml`` of Material for MkDocs, ``authors.yml`` of Docusaurus, ``_data/authors.yml`` of Jekyll.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from newsletter.issuefile import yaml
from newsletter.model import RawItem
from newsletter.reading import value

NAMES = (".authors.yml", ".authors.yaml", "authors.yml", "authors.yaml", "_data/authors.yml", "data/authors.yml")
#: It lies beside the file, or in a folder above it, at most so many.
ABOVE = 4
#: More bytes than this are no list of writers.
MOST_BYTES = 200_000
#: A name that no reader knows anybody by.
OWN = re.compile(r"[a-z0-9][\w.-]{0,60}")


def named(items: Iterable[RawItem], path: Path) -> tuple[RawItem, ...]:
    """Return the articles of the file *path* with the names of their writers, as far as a file tells them."""
    found = tuple(items)
    if not any(OWN.fullmatch(name) for item in found for name in item.author.split(", ")):
        return found
    people = _people(path)
    return tuple(
        replace(item, author=", ".join(people.get(name, name) for name in item.author.split(", ")))
        for item in found
    )


def _people(path: Path) -> Mapping[str, str]:
    """Return the names of people by their own ones, of the nearest file that tells any; empty for none."""
    for folder in path.resolve().parents[: ABOVE + 1]:
        for name in NAMES:
            file = folder / name
            with suppress(OSError, *yaml.FAULTS):
                if file.is_file() and file.stat().st_size <= MOST_BYTES:
                    return _read(file.read_text(encoding="utf-8"))
    return {}


def _read(text: str) -> Mapping[str, str]:
    said = yaml.reader().load(text)
    listed = said.get("authors", said) if isinstance(said, dict) else {}
    people = listed.items() if isinstance(listed, dict) else ()
    names = {key: one.get("name") if isinstance(one, dict) else one for key, one in people}
    told = {str(key): value.mended(name).strip() for key, name in names.items() if isinstance(name, str)}
    return {key: name for key, name in told.items() if name}
