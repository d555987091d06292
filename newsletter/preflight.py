"""The gate: what must not be sent, and what had better not be, before anybody gets it.

Each topic is a file of `newsletter.gate` with one function ``findings(proof)``; docs/findings.md lists what they
find. An error blocks a send, a warning does not. What only matters in public, such as an address on this machine,
is a warning while every SMTP route stays on this machine. Opens no file and no link.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from newsletter.config import Settings
from newsletter.gate import access, article, files, html, inbox, leftovers, links
from newsletter.gate.proof import Proof, graded, proof
from newsletter.model import Finding, Issue, Level, Rendered

TOPICS: tuple[Callable[[Proof], Iterable[Finding]], ...] = (
    inbox.findings,
    article.findings,
    links.findings,
    access.findings,
    leftovers.findings,
    html.findings,
)

#: What rendering leaves out because no mail may hold it; an editor's link would be missing.
GRAVE_NOTES = {"link-left-out": "link-scheme"}


def check(
    rendered: Rendered, issue: Issue, settings: Settings, size: Callable[[str], int | None] | None = None
) -> tuple[Finding, ...]:
    """Return what was found in one variant of *issue*, errors first. *issue* is the twin that was rendered.

    *size* tells the bytes of a file beside the issue, None if there is no such file; without it no file counts.
    """
    read = proof(rendered, issue, settings)
    found = [finding for topic in TOPICS for finding in topic(read)]
    beside = files.findings(read, size) if size else ()
    return ordered([*found, *beside, *_notes(read)])


def merge(found: Mapping[str, Iterable[Finding]]) -> tuple[Finding, ...]:
    """Return the findings of all variants, each once; what only some have says which (*found* is by variant)."""
    holders: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Finding] = {}
    for variant, findings in found.items():
        for finding in findings:
            key = (finding.id, finding.place)
            if key[1] in {"html", "text", "headers"}:
                key = (f"{finding.id} {finding.message}", finding.place)
            first.setdefault(key, finding)
            holders.setdefault(key, []).append(variant)
    return ordered(_named(first[key], holders[key], len(found)) for key in first)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return errors before warnings, each in the order of the issue's lines."""
    return tuple(sorted(findings, key=lambda finding: (finding.level != Level.ERROR, _line(finding.place))))


def _line(place: str) -> tuple[bool, str, int]:
    path, _, number = place.rpartition(":")
    return (not path, path, int(number) if number.isdigit() else 0)


def _named(finding: Finding, holders: list[str], variants: int) -> Finding:
    """Add the variants to a finding that has no line and that not all of them have."""
    if ":" in finding.place or len(set(holders)) == variants:
        return finding
    return replace(finding, message=f"{finding.message} (in {', '.join(dict.fromkeys(holders))})")


def _notes(proof: Proof) -> Iterator[Finding]:
    """Yield what the steps of rendering noted: ``id: message``, or ``id: file:line: message; remedy``."""
    for note in proof.rendered.notes:
        code, _, rest = note.partition(": ")
        placed = re.match(rf"({re.escape(proof.issue.path)}(?::\d+)?): ", rest)
        what, _, remedy = rest[placed.end() if placed else 0 :].partition("; ")
        place = placed[1] if placed else "html"
        yield graded(
            code in GRAVE_NOTES,
            GRAVE_NOTES.get(code, code),
            place,
            what or code,
            remedy or "look at it in the preview",
        )
