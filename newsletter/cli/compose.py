"""`newsletter compose`, `pull` and `edit`: an issue's file, from its first draft to the editor's own words."""

import os
import shlex
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path

import click

from newsletter.cli import composing, terminal
from newsletter.cli.composing import Outcome
from newsletter.errors import IssueError, NewsletterError, NotFoundError, RefusedError, UsageError
from newsletter.files import issues
from newsletter.files.workspace import Workspace

#: So many articles that were left are shown without --explain.
SHOWN = 8
DATE = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.command()
@click.argument("slug")
@click.option("--since", type=DATE, metavar="DATE", help="Leave what is older, such as 2025-05-01.")
@click.option("--until", type=DATE, metavar="DATE", help="Leave what is newer; the day itself still counts.")
@click.option("--force", is_flag=True, help="Write an existing issue anew; the old one stays as issue.md~.")
@click.option("--skip-empty", is_flag=True, help="End well when nothing is new, instead of refusing.")
@click.option("--explain", is_flag=True, help="Show every article that was left, not only the first ones.")
@terminal.json_option
@click.pass_context
def compose(
    context: click.Context,
    slug: str,
    since: datetime | None,
    until: datetime | None,
    force: bool,
    skip_empty: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Pick articles that no earlier issue used, and write them as the issue SLUG.

    The picks fill the sections of newsletter.toml, best first; each article is told why it was picked or left.
    The file is yours from then on: an existing issue is never replaced without --force.

    \b
    Examples:
      newsletter compose 2025-06
      newsletter compose 2025-06 --since 2025-05-01 --explain
      newsletter compose 2025-06 --json
    """
    workspace = terminal.here(context)
    zone = workspace.settings.letter.timezone
    span = composing.Span(_aware(since, zone), _after(until, zone))
    outcome = composing.compose(workspace, slug, span, terminal.now(), anew=force)
    if not outcome.picked and not skip_empty:
        if not as_json:
            _show(outcome, explain)
        raise _nothing(workspace, slug, outcome)
    if as_json:
        terminal.emit(_document(slug, outcome))
        return
    _show(outcome, explain)
    if outcome.picked:
        terminal.say(f"\nWrote {_listed(outcome.written)}.")
        _next(slug)
    else:
        terminal.say("Nothing is new; no issue was written.")


@click.command()
@click.argument("slug")
@click.option("--add", is_flag=True, help="Also fill the room that is left in its sections with what is new.")
@click.option("--explain", is_flag=True, help="Show every article that was left, not only the first ones.")
@terminal.json_option
@click.pass_context
def pull(context: click.Context, slug: str, add: bool, explain: bool, as_json: bool) -> None:
    """Refresh the issue SLUG where its articles changed; keep what you pinned or rewrote.

    Only blocks that stand as compose wrote them are renewed, and only their lines change. Nothing is added
    without --add.

    \b
    Examples:
      newsletter fetch && newsletter pull 2025-06
      newsletter pull 2025-06 --add
      newsletter pull 2025-06 --json
    """
    outcome = composing.pull(terminal.here(context), slug, terminal.now(), add=add)
    if as_json:
        terminal.emit(_document(slug, outcome))
        return
    _show(outcome, explain)
    terminal.say(f"\nWrote {_listed(outcome.written)}." if outcome.written else "\nNothing to change.")
    if outcome.written:
        _next(slug)


@click.command()
@click.argument("slug")
@click.option("--language", metavar="CODE", help="Open the twin in this language.")
@click.pass_context
def edit(context: click.Context, slug: str, language: str | None) -> None:
    """Open the issue SLUG in your editor, and look for mistakes when you close it.

    The editor is the one that VISUAL or EDITOR names.

    \b
    Examples:
      newsletter edit 2025-06
      newsletter edit 2025-06 --language sv
      EDITOR="code --wait" newsletter edit 2025-06
    """
    workspace = terminal.here(context)
    path = issues.path_of(workspace, slug, language or "")
    if not path.is_file():
        remedy = f"make it with `newsletter compose {slug}`"
        raise NotFoundError("there is no such issue", where=issues.shown(workspace, path), remedy=remedy)
    _open(path)
    try:
        issues.load(workspace, slug)
    except IssueError:
        terminal.say(f"The file is saved, and has a mistake. Open it again with: newsletter edit {slug}")
        raise
    terminal.say(f"{issues.shown(workspace, path)} can be read.")
    _next(slug, edited=True)


def _open(path: Path) -> None:
    """Run the person's editor on a file and wait for its end."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise UsageError(f"VISUAL or EDITOR is no command: {error}", remedy="check its quotes") from None
    if not command:
        remedy = f"name one, such as export EDITOR=nano, or open {path} yourself"
        raise UsageError("no editor is named by VISUAL or EDITOR", remedy=remedy)
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        remedy = "set VISUAL or EDITOR to an editor that is installed"
        raise NewsletterError(f"cannot start {command[0]}: {error.strerror}", remedy=remedy) from None
    if done.returncode:
        remedy = f"look at {path}; it is as the editor left it"
        raise NewsletterError(f"{command[0]} ended with code {done.returncode}", remedy=remedy)


def _document(slug: str, outcome: Outcome) -> dict[str, object]:
    picked = [asdict(one) for one in outcome.picked]
    left = [{"key": one.article.key, "title": one.article.title, "reason": one.reason} for one in outcome.left]
    return {"issue": slug, "written": list(outcome.written), "picked": picked, "left": left}


def _show(outcome: Outcome, explain: bool) -> None:
    """Print what is in the issue and what is not, each with its reason."""
    several = len({one.language for one in outcome.picked}) > 1
    picked = [(f"{one.section} ({one.language})" if several else one.section, one) for one in outcome.picked]
    widest = max((len(where) for where, _ in picked), default=0)
    for where, one in picked:
        terminal.show(f"{where:<{widest}}  {one.title}", hang=widest + 2)
        terminal.show(f"{'':<{widest}}  {_why(one.reason)}")
    if not outcome.left:
        return
    if outcome.picked:
        terminal.show("")
    shown = outcome.left if explain else outcome.left[:SHOWN]
    for left in shown:
        terminal.show(f"left  {left.article.title}", hang=6)
        terminal.show(f"      {_why(left.reason)}")
    if len(shown) < len(outcome.left):
        terminal.say(f"… and {len(outcome.left) - len(shown):,} more; --explain shows them all.")


def _why(reason: str) -> str:
    """Return a reason without what stands beside it already."""
    bare = reason.removeprefix("left: ")
    return bare.partition(", ")[2] if bare.startswith("picked: ") else bare


def _nothing(workspace: Workspace, slug: str, outcome: Outcome) -> RefusedError:
    where = issues.shown(workspace, issues.path_of(workspace, slug))
    if not outcome.left:
        remedy = "collect some with `newsletter fetch` or `newsletter articles add`"
        return RefusedError("there are no articles yet", where=where, remedy=remedy)
    count = len(outcome.left)
    what = f"nothing is new: {'the one article was' if count == 1 else f'all {count} articles were'} left"
    return RefusedError(what, where=where, remedy="read the reasons, or collect more with `newsletter fetch`")


def _next(slug: str, *, edited: bool = False) -> None:
    steps = [] if edited else [(f"newsletter edit {slug}", "make it yours")]
    terminal.what_next(
        *steps,
        (f"newsletter preview {slug}", "see it in your browser"),
        (f"newsletter check {slug}", "find what must not be sent"),
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _aware(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at else None


def _after(at: datetime | None, zone: tzinfo) -> datetime | None:
    """Return the end of the day or minute that *at* names."""
    if at is None:
        return None
    whole_day = at.time() == time(0, 0)
    try:
        return (at + (timedelta(days=1) if whole_day else timedelta(minutes=1))).replace(tzinfo=zone)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
