"""Put the report of an issue together: figures from the ledger, the letter from what was frozen, plots, a page."""

import base64
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import unquote

from markupsafe import Markup

from newsletter import personal
from newsletter import report as figures
from newsletter.cli import wiring
from newsletter.cli.send import deciding
from newsletter.cli.send.deciding import Trial
from newsletter.errors import NotFoundError
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import unpack
from newsletter.model import Rendered
from newsletter.report import Cell, Choice, Group, Link, Question, Report, Sent
from newsletter.results import chart, decision, overlay
from newsletter.web.pages import beside
from subscribers.errors import SegmentError
from subscribers.model import Send, SendState
from subscribers.segment import where as segment_where
from subscribers.store.back import figures as store
from subscribers.store.back import links
from subscribers.store.file.open import Connection
from subscribers.store.ledger import answers, census, sends
from subscribers.variant import OTHER, language_of

#: Pictures larger than this are left out of the page, in bytes: it is sent around by mail.
PICTURE = 400_000

#: What is compared of issues, as programs and spreadsheets call it.
COMPARED = ("issue", "subject", "sent", "audience", *figures.OUTCOMES, "unsubscribed", "clicks")
#: How far back the growth of a list is shown, in days.
YEAR = 366


def report(
    workspace: Workspace, connection: Connection, issue: str, now: datetime, *, asked: bool = True
) -> Report:
    """Return what came of *issue*, *asked* with what its questions were answered. Raise NotFoundError."""
    made = [send for send in reversed(sends.all(connection, issue)) if send.started]
    if not made:
        known = ", ".join(store.issues(connection)) or "none yet"
        raise NotFoundError(f"{issue} was not sent", remedy=f"sent so far: {known}")
    letter = workspace.settings.letter
    cells = [Cell(*row) for row in store.cells(connection, issue)]
    tried = _tried(connection, made)
    variant = _widest(connection, made[0], cells, letter.language, tried)
    minutes = {at.astimezone(letter.timezone): count for at, count in store.minutes(connection, issue).items()}
    bars, step = figures.timeline(minutes)
    opened = list(links.totals(connection, issue))
    readers, changes = store.growth(connection, made[0].list, now - timedelta(days=YEAR))
    return Report(
        issue=issue,
        subject=_said(_rendered(connection, made[0], variant)),
        variant=variant,
        list=made[0].list,
        at=now,
        sends=_sent(connection, issue, made),
        outcome=figures.outcomes(cells),
        states=figures.states(cells),
        timeline=bars,
        step=step,
        domains=figures.domains(cells),
        languages=figures.languages(cells),
        segments=_segments(workspace, connection, issue, now),
        reasons=tuple(store.reasons(connection, issue)),
        unsubscribed=store.unsubscribed(connection, issue),
        growth=figures.months(readers, changes, now.astimezone(letter.timezone)),
        links=_merged(opened),
        tracked=bool(opened),
        pictures=links.pictures(connection, issue),
        arms=tried.arms if tried else _arms(connection, made, cells, opened),
        choice=_choice(tried) if tried else None,
        questions=_questions(connection, made, cells, letter.language) if asked else (),
    )


def _sent(connection: Connection, issue: str, made: list[Send]) -> tuple[Sent, ...]:
    """Return the sends of an issue: how each stands, how many readers it has, when it began and ended."""
    ends = store.ended(connection, issue)
    sizes = {one.id: sum(census.counts(connection, one.id).values()) for one in made}
    return tuple(Sent(one.id, str(one.state), sizes[one.id], one.started, ends.get(one.id)) for one in made)


def _merged(found: list[links.Kept]) -> tuple[Link, ...]:
    """Return each address once, over all variants, the most clicked first."""
    merged: dict[str, Link] = {}
    for each in found:
        old = merged.get(each.url)
        merged[each.url] = Link(
            each.url,
            _better(old.label if old else "", each.label),
            min(old.place, each.place) if old else each.place,
            each.clicks + (old.clicks if old else 0),
            each.scans + (old.scans if old else 0),
        )
    return tuple(sorted(merged.values(), key=lambda link: (-link.clicks, link.place)))


def _better(one: str, other: str) -> str:
    """Return the words that tell more of a link: a headline before "Read on", and both before a picture."""
    return max((one, other), key=lambda label: (bool(label) and not label.startswith("["), label.count(" ") > 1))


def _segments(workspace: Workspace, connection: Connection, issue: str, now: datetime) -> tuple[Group, ...]:
    """Return the outcome in each named segment, as its people are today; one that cannot be read is left out."""
    known = {}
    for number, name in enumerate(wiring.segments(workspace)):
        with suppress(SegmentError):
            # The values of several conditions stand in one query, each under names of its own.
            expression = wiring.expression(workspace, connection, name)
            known[name] = segment_where(expression, now, f"report{number}")
    told = store.within(connection, issue, list(known.values())) if known else []
    outcomes = [figures.outcomes(Cell("", "", *row) for row in rows) for rows in told]
    return tuple(Group(*each) for each in zip(known, outcomes, strict=True) if any(each[1].values()))


def _tried(connection: Connection, made: list[Send]) -> Trial | None:
    """Return the trial of two subjects, of several the last that was decided; one that was cancelled is none."""
    tries = ((one, deciding.trial(connection, one)) for one in made)
    found = [tried for one, tried in tries if tried and (tried.won or one.state is not SendState.CANCELLED)]
    return next((one for one in reversed(found) if one.won), found[-1] if found else None)


def _choice(tried: Trial) -> Choice:
    made = tried.decision
    return Choice(tried.words, tried.won.name if tried.won else "", made.taken, made.due)


def _arms(
    connection: Connection, made: list[Send], cells: list[Cell], opened: list[links.Kept]
) -> tuple[figures.Arm, ...]:
    """Return the two sides of a comparison of subjects, among the languages that were compared."""
    names = {cell.variant for cell in cells}
    others = {language_of(name) for name in names if name.endswith(OTHER)}
    if not others:
        return ()
    rows = [(cell.variant, figures.arrived(figures.outcomes([cell])), 0) for cell in cells]
    rows += [(each.variant, 0, each.clicks) for each in opened if each.variant in names]
    compared = [cell.variant for cell in cells if language_of(cell.variant) in others]
    first = next((name for name in compared if "@" not in name), "")
    other = next(name for name in compared if name.endswith(OTHER))
    return decision.arms(rows, (_subject(connection, made, first), _subject(connection, made, other)))


def _questions(connection: Connection, made: list[Send], cells: list[Cell], default: str) -> tuple[Question, ...]:
    """Return what the issue asked, in the *default* language where it did so, and what was answered."""
    names = [(send, name) for send in made for name in sends.variants(connection, send.id)]
    names.sort(key=lambda each: language_of(each[1]) != default)
    words: dict[str, tuple[str, list[str]]] = {}
    holding: dict[str, set[str]] = {}
    for send, variant in names:
        rendered = _rendered(connection, send, variant)
        for each in rendered.questions:
            _, said = words.setdefault(each.name, (personal.named(each.words, rendered.tokens), []))
            said += [personal.named(answer, rendered.tokens) for answer in each.answers[len(said) :]]
            holding.setdefault(each.name, set()).add(variant)
    counted = answers.counts(connection, made[0].issue)
    return tuple(
        Question(
            name,
            asked,
            tuple((answer, counted.get((name, number), 0)) for number, answer in enumerate(said, 1)),
            figures.arrived(figures.outcomes(cell for cell in cells if cell.variant in holding[name])),
        )
        for name, (asked, said) in words.items()
    )


def _subject(connection: Connection, made: list[Send], variant: str) -> str:
    for send in made:
        if variant in sends.variants(connection, send.id):
            return _said(_rendered(connection, send, variant))
    return ""


def _widest(connection: Connection, send: Send, cells: list[Cell], default: str, tried: Trial | None) -> str:
    """Return the variant of *send* in the language that the most readers of its issue got, else *default*'s.

    It has the subject that was *tried* and found to be better.
    """
    side = "b" if tried and tried.decision.winner == "b" else ""
    readers: Counter[str] = Counter()
    speaking: Counter[str] = Counter()
    for cell in cells:
        readers[cell.variant] += cell.count
        speaking[language_of(cell.variant)] += cell.count

    def weight(variant: str) -> tuple[int, bool, bool, int]:
        language = language_of(variant)
        return speaking[language], language == default, variant.partition("@")[2] == side, readers[variant]

    return max(sends.variants(connection, send.id), key=weight)


def _rendered(connection: Connection, send: Send, variant: str) -> Rendered:
    return unpack(sends.variant(connection, send.id, variant))[0]


def _said(rendered: Rendered) -> str:
    """Return the subject as the issue says it."""
    return personal.named(rendered.subject, rendered.tokens)


def page(workspace: Workspace, connection: Connection, told: Report) -> str:
    """Return the report as one page of HTML that needs nothing besides."""
    send = next(one for one in reversed(sends.all(connection, told.issue)) if one.started)
    rendered = _rendered(connection, send, told.variant)
    environment = themes.pages(workspace.templates, "en")
    return environment.get_template("report/report.html").render(
        report=told,
        letter=workspace.settings.letter,
        plots={name: Markup(drawn) for name, drawn in _plots(told).items()},  # noqa: S704 - drawn by us, escaped
        overlay=_overlay(workspace, connection, told, rendered) if told.tracked else "",
        share=figures.share,
        words=figures.WORDS,
        why=figures.WHY,
        outcomes=figures.OUTCOMES,
        winner=figures.winner(told.arms),
        fewest=figures.FEWEST,
        bar=lambda group: Markup(chart.parts(list(group.outcome.items()), group.name, 12)),  # noqa: S704
    )


def _plots(told: Report) -> dict[str, str]:
    arms = [(arm.name, arm.rate, arm.low, arm.high) for arm in told.arms]
    growth = [(month.name, month.readers) for month in told.growth]
    return {
        "outcome": chart.parts(list(told.outcome.items()), f"What became of {told.audience:,} letters", 34),
        "timeline": chart.over_time(told.timeline, told.step, "What servers took, over time"),
        "growth": chart.line(growth, f"Readers of {told.list}, month by month"),
        "arms": chart.intervals(arms, "Clicks per letter, with the range that chance leaves"),
    }


def _overlay(workspace: Workspace, connection: Connection, told: Report, rendered: Rendered) -> str:
    everywhere = {each.url: each.clicks for each in told.links}
    places = {
        each.place: everywhere.get(each.url, 0)
        for each in links.totals(connection, told.issue)
        if each.variant == rendered.variant
    }
    return overlay.letter(
        rendered, workspace.settings.letter.base_url, places, lambda src: _picture(workspace, told.issue, src)
    )


def _picture(workspace: Workspace, issue: str, src: str) -> str:
    """Return a picture of the issue as a data: address, "" if it is not in its own folder, or too large."""
    if src.startswith("data:"):
        return src
    path = beside.find(workspace.issues, issue, unquote(src.partition("?")[0].rpartition("/")[2]))
    kind = beside.PICTURES.get(path.suffix.lower()) if path else None
    if path is None or kind is None or path.stat().st_size > PICTURE:
        return ""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def comparison(all_reports: list[Report]) -> list[Mapping[str, object]]:
    """Return one row for each issue, for `report --all`: what `COMPARED` names, in that order."""
    return [
        {
            "issue": one.issue,
            "subject": one.subject,
            "sent": one.sends[0].started.isoformat() if one.sends[0].started else None,
            "audience": one.audience,
            **one.outcome,
            "unsubscribed": one.left,
            "clicks": one.clicks if one.tracked else None,
        }
        for one in all_reports
    ]
