"""A small letter without a fault, made by hand, that tests of the gate break in one place at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter import config, preflight
from newsletter.gate.proof import Beside
from newsletter.model import Block, Finding, Issue, Prose, Rendered, Span, Token

LEAVE = "NLabcd1234X0XNL"
SETTINGS = """
[letter]
name = "The Tide"
from = "The Tide <news@tidvatten.se>"
address = "Quay 4, 123 45 Harbour, Sweden"
base_url = "https://news.tidvatten.se"

[[list]]
slug = "monthly"

[[smtp]]
name = "catcher"
host = "127.0.0.1"
tls = "none"
"""
PUBLIC = SETTINGS.replace('host = "127.0.0.1"\ntls = "none"', 'host = "smtp.tidvatten.se"')
SOURCE = """---
subject: June by the harbour
preheader: A new pier, forty boats, and a summer party on the quay
list: monthly
---
The new pier opened, and forty boats came.

[All about the pier](https://tidvatten.se/pier)
"""
HTML = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>June by the harbour</title>
<style>@media (max-width:480px) { h1 { font-size: 26px } }</style></head>
<body><div lang="en" dir="ltr" style="background-color:#ffffff">
<div style="display:none">A new pier, forty boats, and a summer party on the quay</div>
<!--[if mso]><table role="presentation"><tr><td><![endif]-->
<table role="presentation"><tr><td style="color:#222222;font-size:0px"><h1>June by the harbour</h1>
<p>The new pier opened, and forty boats came.</p>
<img src="https://tidvatten.se/pier.jpg" alt="Boats along the new pier" width="600">
<p><a href="https://tidvatten.se/pier" style="color:#004488">All about the pier</a></p>
<p>Quay 4, 123 45 Harbour, Sweden</p>
<p><a href="NLabcd1234X0XNL" style="color:#004488">Unsubscribe</a></p></td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</div></body></html>
"""
TEXT = f"""June by the harbour

The new pier opened, and forty boats came.
All about the pier: https://tidvatten.se/pier

Quay 4, 123 45 Harbour, Sweden
Unsubscribe: {LEAVE}
"""


@dataclass(frozen=True)
class Letter:
    """The parts of a letter; *changes* to *html* are pairs of what is replaced and by what."""

    settings: str = SETTINGS
    source: str = SOURCE
    subject: str = "June by the harbour"
    preheader: str = "A new pier, forty boats, and a summer party on the quay"
    html: str = HTML
    text: str = TEXT
    tokens: tuple[Token, ...] = (Token(LEAVE, "unsubscribe_url"),)
    blocks: tuple[Block, ...] | None = None
    list: str = "monthly"
    notes: tuple[str, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)

    def check(self, size: Callable[[str], int | None] | None = None, **beside: object) -> tuple[Finding, ...]:
        """Return what the gate finds; *size* tells the bytes of a file beside the issue, *beside* more."""
        page, text = self.html, self.text
        for old, new in self.changes.items():
            assert old in page + text
            page, text = page.replace(old, new), text.replace(old, new)
        issue = Issue(
            "2025-06",
            "en",
            subject=self.subject,
            preheader=self.preheader,
            list=self.list,
            blocks=self.prose() if self.blocks is None else self.blocks,
            path="issues/2025-06/issue.md",
            source=self.source,
            lines={"subject": 2, "preheader": 3, "list": 4},
        )
        everybody: frozenset[str] = frozenset()
        rendered = Rendered(
            "2025-06", "en", everybody, self.subject, self.preheader, page, text, self.tokens, self.notes
        )
        return preflight.check(rendered, issue, config.parse(self.settings), Beside(size, **beside))

    def prose(self) -> tuple[Block, ...]:
        """Return everything below the front matter as one block."""
        return (Prose(text="as in the source", span=Span(5, len(self.source.splitlines()))),)


ISSUE = "issues/2025-06/issue.md"
LINK = "https://tidvatten.se/pier"
STORY = "The new pier opened, and forty boats came."


def linked(href: str, text: str = "All about the pier", settings: str = SETTINGS) -> Letter:
    """Return a letter whose link, on line 8, leads elsewhere."""
    changes = {f'"{LINK}"': f'"{href}"', ">All about the pier<": f">{text}<"}
    return Letter(source=SOURCE.replace(LINK, href), changes=changes, settings=settings)


def written(words: str) -> Letter:
    """Return a letter that says *words* on line 6, in both parts."""
    return Letter(source=SOURCE.replace(STORY, words), changes={STORY: words})


def themed(old: str, new: str) -> Letter:
    """Return a letter with other HTML."""
    return Letter(html=HTML.replace(old, new))


def block(kind, **values) -> Letter:
    """Return a letter with one block, on line 6."""
    return Letter(blocks=(kind(span=Span(5, 6), **values),))


def behind(words: str) -> Letter:
    """Return a letter with *words* more in its file, from line 10 on."""
    return Letter(source=f"{SOURCE}\n{words}\n", blocks=(Prose(text=words, span=Span(9, 10 + words.count("\n"))),))


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    """Return the one finding called *code*."""
    found = [finding for finding in findings if finding.id == code]
    assert len(found) == 1, findings
    return found[0]
