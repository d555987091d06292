"""The gate: what must not be sent, and what had better not be, before anybody gets it.

Each topic is a file below `newsletter.gate` with one function ``findings(proof)``; docs/findings.md lists what
they find. An error blocks a send, a warning does not. What only matters in public, such as an address on this
machine, is a warning while every SMTP route stays on this machine. Opens no file and no link.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from newsletter.config import Settings
from newsletter.findings import OFF, SOURCES
from newsletter.gate import files, inbox, links, mime, origin
from newsletter.gate.looks import access, fallback, html, legible
from newsletter.gate.proof import Beside, Proof, graded, others, proof
from newsletter.gate.words import article, leftovers, slips, spoken, unmade
from newsletter.model import Finding, Issue, Level, Rendered

TOPICS: tuple[Callable[[Proof], Iterable[Finding]], ...] = (
    inbox.findings, article.findings, slips.findings, origin.findings, links.findings, access.findings,
    legible.findings, leftovers.findings, unmade.findings, spoken.findings, html.findings, fallback.findings,
    files.findings, mime.findings,
)  # fmt: skip

#: What rendering leaves out because no mail may hold it; an editor's link would be missing.
GRAVE_NOTES = {"link-left-out": "link-scheme"}


def check(
    rendered: Rendered, issue: Issue, settings: Settings, beside: Beside | None = None
) -> tuple[Finding, ...]:
    """Return what was found in one variant of *issue*, errors first. *issue* is the twin that was rendered."""
    return together(proofs(rendered, issue, settings, beside))


def proofs(rendered: Rendered, issue: Issue, settings: Settings, beside: Beside | None) -> tuple[Proof, ...]:
    """Return a variant as a sample reader gets it, then as readers get it for whom its choices fall otherwise."""
    first = proof(rendered, issue, settings, beside)
    # Their message has the same headers.
    rest = replace(first.beside, message=b"")
    return first, *(proof(rendered, issue, settings, rest, values) for values in others(rendered, settings))


def together(read: Iterable[Proof]) -> tuple[Finding, ...]:
    """Return what was found in the proofs of one variant, errors first; what differs in a count only, once."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for one in read:
        for finding in about(one):
            kept.setdefault((finding.id, finding.place, re.sub(r"\d[\d,.]*", "#", finding.message)), finding)
    return ordered(kept.values())


def about(read: Proof) -> tuple[Finding, ...]:
    """Return what was found in a variant that was read already, errors first."""
    found = [finding for topic in TOPICS for finding in topic(read)]
    return settled([*found, *_notes(read)], read.settings)


def settled(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """Return findings with their sources, and with the levels that this letter gives them; errors first."""
    levels = settings.gate.levels
    kept: dict[Finding, None] = {}
    for one in findings:
        own = levels.get(one.id)
        level = own.level if own else None if one.id in OFF else one.level
        if level is not None:
            # What a step of rendering noted may have an id of its own.
            kept[replace(one, level=level, source=SOURCES.get(one.id, ""))] = None
    return ordered(kept)


def merge(found: Mapping[str, Iterable[Finding]]) -> tuple[Finding, ...]:
    """Return the findings of all variants, each once; what only some have says which (*found* is by variant)."""
    holders: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Finding] = {}
    for variant, findings in found.items():
        for finding in findings:
            # One line of a template says the same in every language, and is shown with other words.
            said = "" if finding.place.startswith("templates/") else finding.message
            key = (finding.id, finding.place, said)
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
