"""Every sentence that a reader can meet on a page has its Swedish."""

import re

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from newsletter.files.shipped import shipped

#: Pages for the editor on this machine, which are in English.
OURS = {"preview.html"}


def test_every_word_of_the_pages_is_translated() -> None:
    with (shipped("templates") / "words" / "sv.po").open("rb") as file:
        known = read_po(file)
    found = 0
    for page in sorted((shipped("templates") / "pages").glob("*.html")):
        if page.name in OURS:
            continue
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", str(page)):
            found += 1
            entry = known.get(message)
            assert entry is not None, f"{page.name}: {message}"
            assert entry.string, f"{page.name}: {message}"
            fields = re.compile(r"%\(\w+\)s")
            assert sorted(fields.findall(message)) == sorted(fields.findall(entry.string))
    assert found > 40
