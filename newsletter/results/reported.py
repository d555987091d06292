"""A report as programs read it, and as a table for spreadsheets. Values in, values out.

The outcomes add up to the audience, and so do the states; no address of a reader is in it.
"""

from dataclasses import asdict

from newsletter.report import Choice, Group, Question, Report


def document(report: Report) -> dict[str, object]:
    """Return the report for programs, with the keys that docs/report.md promises."""
    return {
        "issue": report.issue,
        "subject": report.subject,
        "list": report.list,
        "at": report.at.isoformat(),
        "audience": report.audience,
        "outcome": dict(report.outcome),
        "states": dict(report.states),
        "sends": _sends(report),
        "timeline": [{"at": at.isoformat(), "accepted": count} for at, count in report.timeline],
        "domains": [_group(each, "domain") for each in report.domains],
        "languages": [_group(each, "language") for each in report.languages],
        "segments": [_group(each, "segment") for each in report.segments],
        "reasons": [{"kind": kind, "reason": why, "count": count} for kind, why, count in report.reasons],
        "unsubscribed": {"count": report.left, "reasons": dict(report.unsubscribed)},
        "growth": [{"month": each.name, **_without(asdict(each), "name")} for each in report.growth],
        "clicks": report.clicks if report.tracked else None,
        "links": [_without(asdict(each), "variant") for each in report.links],
        "pictures": report.pictures,
        "questions": [_question(each) for each in report.questions],
        "arms": [{"arm": each.name, **_without(asdict(each), "name")} for each in report.arms],
        "choice": _choice(report.choice) if report.choice else None,
    }


def rows(report: Report) -> list[tuple[str, str, str, int]]:
    """Return the report as a table of (issue, about, figure, value)."""
    found = [("issue", name, count) for name, count in report.outcome.items()]
    found.append(("issue", "audience", report.audience))
    for about, groups in (
        ("domain", report.domains),
        ("language", report.languages),
        ("segment", report.segments),
    ):
        found += [(f"{about} {each.name}", name, count) for each in groups for name, count in each.outcome.items()]
    found += [(f"{kind} {why}", "count", count) for kind, why, count in report.reasons]
    found += [("unsubscribed", name or "no reason", count) for name, count in report.unsubscribed.items()]
    for link in report.links:
        found += [(link.url, "clicks", link.clicks), (link.url, "scans", link.scans)]
    for each in report.questions:
        if each.told:
            found += [(f"question {each.name}", words, count) for words, count in each.answers]
    return [(report.issue, about, name, count) for about, name, count in found]


def _sends(report: Report) -> list[dict[str, object]]:
    return [
        {
            "send": one.id,
            "state": one.state,
            "readers": one.readers,
            "started": one.started.isoformat() if one.started else None,
            "ended": one.ended.isoformat() if one.ended else None,
        }
        for one in report.sends
    ]


def _group(group: Group, kind: str) -> dict[str, object]:
    return {kind: group.name, "readers": group.readers, **group.outcome}


def _question(one: Question) -> dict[str, object]:
    """Return a question; counts are None where there are too few to be told."""
    return {
        "question": one.name,
        "words": one.words,
        "arrived": one.arrived,
        "answered": one.answered if one.told else None,
        "answers": [{"words": words, "count": count if one.told else None} for words, count in one.answers],
    }


def _choice(one: Choice) -> dict[str, object]:
    at, due = (time.isoformat() if time else None for time in (one.at, one.due))
    return {"winner": one.winner or None, "words": one.words, "at": at, "due": due}


def _without(table: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in table.items() if key != name}
