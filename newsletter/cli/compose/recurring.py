"""Compose what comes again when it is due, and tell the editor: what `serve` does beside its pages.

Once: before anything is done it is noted in ``.schedule.json``, and an issue that exists is never written over.
Where `serve` was not running, only the last time that was missed is made up for.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.cli.compose import editormail
from newsletter.cli.compose.editormail import Word
from newsletter.cli.terminal import clock, counted, now
from newsletter.errors import NewsletterError, TryAgainError, said
from newsletter.files import issues, schedules
from newsletter.files.schedules import Done, Schedule
from newsletter.files.workspace import Workspace
from newsletter.issuefile import dialect
from newsletter.model import Brief, Lead, Story
from subscribers.errors import ToldError

if TYPE_CHECKING:
    from newsletter.cli.collect import fetching
    from newsletter.cli.compose.composing import Outcome

#: How often to look whether something is due, in seconds.
LOOK = 5.0
#: How long to leave alone what does not work, in seconds: most servers are back by then, and nobody waits.
REST = 300.0
#: A source that may be read again so soon is waited for: without it a month's news would be missing.
SOON = timedelta(minutes=15)


async def keep_composing(workspace: Workspace, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Do what is due until *stop*. *say* tells the operator, each trouble once."""
    trouble = ""
    while not stop.is_set():
        pause = LOOK
        try:
            await look(Workspace(workspace.root), now(), say)
            trouble = ""
        except (ToldError, OSError) as error:
            told = said(error)
            if told != trouble:
                trouble = told
                say(f"The schedule waits, and is tried again every {REST:.0f} s; nothing is lost: {trouble}")
            pause = REST
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def look(workspace: Workspace, at: datetime, say: Callable[[str], None]) -> None:
    """Do what is due at *at*. Raise what stood in the way of one, once the others are done."""
    fault: ToldError | OSError | None = None
    for schedule in schedules.load(workspace):
        try:
            await _one(workspace, schedule, at, say)
        except (ToldError, OSError) as error:
            fault = fault or error
    if fault:
        raise fault


async def _one(workspace: Workspace, schedule: Schedule, at: datetime, say: Callable[[str], None]) -> None:
    last = _claim(workspace, schedule, at)
    if last and last.result == "started":
        last = await _compose(workspace, schedule, last, at)
        say(_line(last))
        _note(workspace, schedule, last)
    if last and last.told == "trying":
        say(f"Whether the editor was told of {last.issue} is unsure; the mail is not sent again.")
        _note(workspace, schedule, replace(last, told="unsure"))
    if last and last.told == "no":
        await _tell(workspace, schedule, last, say)


def _claim(workspace: Workspace, schedule: Schedule, at: datetime) -> Done | None:
    """Return what is to do or was done last, None for nothing; what is due is noted before it is done."""
    last = schedules.done(workspace).get(schedule.name)
    due = schedule.compose.latest(at, workspace.settings.letter.timezone)
    if last is None and schedule.since is None:
        # Somebody wrote it into the file: it begins now.
        last = Done(at, "", "skipped", "sent")
    elif due and due >= (schedule.since or due) and (last is None or due > last.due):
        slug = schedule.issue(due, workspace)
        there = bool(issues.files(workspace.issue(slug)))
        last = Done(due, slug, "exists" if there else "started")
    else:
        return last
    _note(workspace, schedule, last)
    return last


async def _compose(workspace: Workspace, schedule: Schedule, last: Done, at: datetime) -> Done:
    """Fetch and compose, and return what came of it."""
    if issues.files(workspace.issue(last.issue)):
        return replace(last, result="composed", why="it was interrupted just then")
    # It takes long to load, and is due once a month.
    from newsletter.cli.collect import fetching, picturing
    from newsletter.cli.compose import composing
    from newsletter.cli.compose.wishing import Asked

    zone = workspace.settings.letter.timezone
    send_at = schedule.send.after(last.due, zone).astimezone(zone) if schedule.send else None
    try:
        fetched = await fetching.fetch(workspace, workspace.settings.sources, at)
        if late := [one.source for one in fetched if _may_be_read_soon(one, at)]:
            raise TryAgainError(f"{last.issue} is composed once {', '.join(late)} can be read")
        asked = Asked(last.issue, at)
        outcome = await asyncio.to_thread(composing.compose, workspace, asked, send_at=send_at)
        if outcome.written and workspace.settings.compose.pictures:
            await asyncio.to_thread(picturing.copy, workspace, last.issue)
    except TryAgainError:
        raise
    except (NewsletterError, OSError) as error:
        return replace(last, result="failed", why=str(error))
    failed = [one.source for one in fetched if one.error]
    return replace(last, result="composed" if outcome.written else "nothing", why=_count(outcome, failed))


def _may_be_read_soon(one: "fetching.Outcome", at: datetime) -> bool:
    """Whether a source could not be read now, which is *at*, and may be soon; who fails thrice is left alone."""
    return isinstance(one.error, TryAgainError) and (one.again is None or one.again - at <= SOON)


def _count(outcome: "Outcome", failed: Sequence[str]) -> str:
    unread = f"; could not read {', '.join(failed)}" if failed else ""
    return f"{counted(len(outcome.picked), 'article')} picked, {outcome.count_left():,} left{unread}"


async def _tell(workspace: Workspace, schedule: Schedule, last: Done, say: Callable[[str], None]) -> None:
    """Write to the editor, once: a mail of which nobody knows whether it went out is not written again."""
    _note(workspace, schedule, replace(last, told="trying"))
    try:
        refused = await editormail.tell(workspace, word(workspace, last, schedule))
    except (ToldError, OSError):
        # It surely did not go out.
        _note(workspace, schedule, last)
        raise
    if refused:
        say(f"{refused[0].upper()}{refused[1:]}.")
    _note(workspace, schedule, replace(last, told="unsure" if refused else "sent"))


def word(workspace: Workspace, last: Done, schedule: Schedule) -> Word:
    """Return what to tell the editor."""
    slug, zone = last.issue, workspace.settings.letter.timezone
    when = clock(last.due, zone)
    look_ = ((f"newsletter preview {slug}", "see it in your browser"),)
    if last.result == "failed":
        again = ((f"newsletter compose {slug}", "compose it yourself"),)
        return Word(f"{slug} could not be composed", (f"It was due at {when}. {last.why}",), again)
    if last.result == "nothing":
        what = f"It was due at {when}: {last.why}. No issue was written."
        return Word(f"Nothing is new for {slug}", (what,), ((f"newsletter compose {slug} --explain", "see why"),))
    if last.result == "exists":
        what = f"It was due at {when}; somebody had made it already, so it was left as it is."
        return Word(f"{slug} was there already", (what,), look_)
    paragraphs = [
        f"The draft of {slug} was due at {when} and is composed: {last.why}.",
        *_titles(workspace, slug),
        "It waits for you: nothing is sent without you.",
    ]
    if schedule.send:
        goes = clock(schedule.send.after(last.due, zone), zone)
        paragraphs.append(f"It is meant to go out at {goes}: that time stands in the issue as send_at.")
    steps = (
        (f"newsletter edit {slug}", "make it yours"),
        *look_,
        (f"newsletter check {slug}", "find what must not be sent"),
        (f"newsletter approve {slug}", "say that it may go out as it is"),
        (f"newsletter send {slug}", "send it, or schedule it for the time in the issue"),
    )
    return Word(f"{slug} waits for your approval", tuple(paragraphs), steps)


def _titles(workspace: Workspace, slug: str) -> Iterator[str]:
    """Yield what stands in the issue: the title of each article on a line of its own."""
    for one in issues.load(workspace, slug)[0].blocks:
        if isinstance(one, Lead | Story | Brief) and one.title:
            yield f"– {dialect.plain(one.title)}"


def _note(workspace: Workspace, schedule: Schedule, last: Done) -> None:
    schedules.keep(workspace, {**schedules.done(workspace), schedule.name: last})


def _line(last: Done) -> str:
    """Return what to tell the operator."""
    match last.result:
        case "composed":
            return f"Composed {last.issue}, as scheduled: {last.why}."
        case "nothing":
            return f"Nothing is new for {last.issue}; no issue was written."
        case "exists":
            return f"{last.issue} was due and is there already."
        case _:
            return f"{last.issue} could not be composed: {last.why}"
