"""`newsletter compose`, `pull` and `edit`: an issue's file, from its first draft to the editor's own words.

What picks and writes is loaded by the command that needs it: Tab waits for none of it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import already, offering, terminal
from newsletter.errors import IssueError, NewsletterError, NotFoundError, NothingNewError, UsageError
from newsletter.files import issues
from newsletter.files.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.cli.compose.composing import Outcome
    from newsletter.cli.compose.wishing import Asked

#: The exit code for an issue that there is nothing for.
NOTHING_NEW = 7


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@click.option("--since", default="", metavar="DATE", help="Leave what is older, such as 2025-05-01.")
@click.option("--until", default="", metavar="DATE", help="Leave what is newer; the day itself still counts.")
@click.option("--force", is_flag=True, help="Write an existing issue anew; the old one stays as issue.md~.")
@click.option("--skip-empty", is_flag=True, help="End well when nothing is new, instead of with the code 7.")
@click.option("--blank", is_flag=True, help="Write it without articles: all its words will be yours.")
@click.option("--pictures/--no-pictures", default=None, help="Copy the pictures that it shows into its assets/.")
@click.option("--explain", is_flag=True, help="Show a table of every article, its score and what it is made of.")
@terminal.reporting
def compose(
    workspace: Workspace,
    slug: str,
    since: str,
    until: str,
    force: bool,
    skip_empty: bool,
    blank: bool,
    pictures: bool | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Pick articles that no earlier issue used, and write them as the issue SLUG.

    The picks fill the sections of newsletter.toml, best first; each article is told why it was picked or left.
    Without --since, what the sources published since the last issue counts. The file is yours from then on: for an
    issue that exists, compose only tells what could go in. Is nothing new, the exit code is 7.

    \b
    Examples:
      newsletter compose 2025-06
      newsletter compose 2025-06 --since 2025-05-01 --explain
      newsletter compose 2025-06 --skip-empty --json
      newsletter compose 2025-06 --blank
    """
    from newsletter.cli import dating
    from newsletter.cli.compose import composing, pulling, reporting
    from newsletter.cli.compose.wishing import Asked, Span

    zone = workspace.settings.letter.timezone
    asked = Asked(slug, terminal.now(), Span(*dating.span(since, until, zone)))
    if blank:
        _blank(workspace, asked, force=force, dated=bool(since or until), as_json=as_json)
        return
    exists = bool(issues.files(workspace.issue(slug))) and not force
    outcome = (
        pulling.pull(workspace, asked, write=False) if exists else composing.compose(workspace, asked, anew=force)
    )
    if outcome.written and not exists:
        _copy(workspace, slug, pictures)
    fresh = bool(outcome.written or reporting.could_be(outcome))
    if as_json:
        # Nothing new is a result too: the reasons say why.
        terminal.emit(reporting.document(slug, outcome))
        raise click.exceptions.Exit(0 if fresh or skip_empty else NOTHING_NEW)
    reporting.show(outcome, explain=explain)
    sent = exists and already.tell(workspace, slug)
    if not fresh:
        nothing = _nothing(workspace, slug, outcome)
        if not skip_empty:
            raise nothing
        terminal.say(f"{nothing.what[0].upper()}{nothing.what[1:]}; nothing was written.")
    elif exists:
        _propose(workspace, slug, outcome, sent=sent)
    else:
        terminal.say(f"\nWrote {_listed(outcome.written)}.")
        _month(slug)
        _next(slug, crowded=any(one.reason.startswith("left: section full") for one in outcome.left))


def _blank(workspace: Workspace, asked: "Asked", *, force: bool, dated: bool, as_json: bool) -> None:
    """Write an issue for an editor to fill. Raise UsageError for days, of which there is nothing to choose."""
    from newsletter.cli.compose import composing, reporting

    if dated:
        raise UsageError("--blank takes no articles", remedy="leave out --since and --until")
    outcome = composing.blank(workspace, asked, anew=force)
    if as_json:
        terminal.emit(reporting.document(asked.slug, outcome))
        return
    terminal.say(f"Wrote {_listed(outcome.written)}.")
    _month(asked.slug)
    _next(asked.slug)


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@click.option("--add", is_flag=True, help="Also fill the room that is left in its sections with what is new.")
@click.option("--pictures/--no-pictures", default=None, help="Copy the pictures that it shows into its assets/.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and write nothing.")
@click.option("--explain", is_flag=True, help="Show a table of every article, not only the first that were left.")
@terminal.reporting
def pull(
    workspace: Workspace,
    slug: str,
    add: bool,
    pictures: bool | None,
    dry_run: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Bring the issue SLUG up to date with its articles; keep every word that is yours.

    What stands as compose wrote it is renewed where its article changed, line by line. A line that you touched
    stays; did its article change there too, both are shown. Pinned blocks stay whole. Nothing comes in without
    --add.

    \b
    Examples:
      newsletter fetch && newsletter pull 2025-06
      newsletter pull 2025-06 --add
      newsletter pull 2025-06 --dry-run --json
    """
    from newsletter.cli.compose import pulling, reporting
    from newsletter.cli.compose.wishing import Asked

    asked = Asked(slug, terminal.now())
    outcome = pulling.pull(workspace, asked, add=add, write=not dry_run)
    if not dry_run:
        _copy(workspace, slug, pictures)
    if as_json:
        terminal.emit(reporting.document(slug, outcome))
        return
    reporting.show(outcome, explain=explain)
    reporting.clashes(outcome)
    if dry_run:
        terminal.say(f"\nWould write {_listed(outcome.written)}." if outcome.written else "\nNothing to change.")
        return
    terminal.say(f"\nWrote {_listed(outcome.written)}." if outcome.written else "\nNothing to change.")
    if outcome.written:
        already.tell(workspace, slug)
        _next(slug)


@click.command()
@click.argument("slug", shell_complete=offering.issues, required=False)
@offering.language_option("Open the twin in this language.")
@click.pass_context
def edit(context: click.Context, slug: str | None, language: str) -> None:
    """Open the issue SLUG (or the one saved last) in your editor, and look for mistakes when you close it.

    The editor is the one that VISUAL or EDITOR names, or else the one that this machine has for plain text.

    \b
    Examples:
      newsletter edit
      newsletter edit 2025-06
      newsletter edit 2025-06 --language sv
      EDITOR="code --wait" newsletter edit 2025-06
    """
    workspace = terminal.here(context)
    if not slug:
        slug = issues.last(workspace.root)
        terminal.say(f"Opening {slug}, the issue saved last.")
    path = _file(workspace, slug, language)
    already.tell(workspace, slug)
    _open(path)
    try:
        issues.load(workspace, slug)
    except IssueError:
        terminal.say(f"The file is saved, and has a mistake. Open it again with: newsletter edit {slug}")
        raise
    terminal.say(f"{issues.shown(workspace, path)} can be read.")
    _next(slug, edited=True)


def _file(workspace: Workspace, slug: str, language: str) -> Path:
    """Return the file of an issue in *language* ("" is the default). Raise NotFoundError."""
    path, main = issues.path_of(workspace, slug, language), issues.path_of(workspace, slug)
    if path.is_file():
        return path
    if language and (near := workspace.settings.letter.spoken(language)) != language:
        return _file(workspace, slug, near)
    if path == main or not main.is_file():
        raise issues.missing(workspace, slug)
    from newsletter.spoken import tongue

    remedy = f"copy {main.name} to {path.name} beside it, and translate that"
    what = f"{slug} has no twin in {tongue(language, 'en')[0]}"
    raise NotFoundError(what, where=issues.shown(workspace, path), remedy=remedy)


def _copy(workspace: Workspace, slug: str, asked: bool | None) -> None:
    """Copy the issue's pictures if that is *asked* for, or else set; tell what could not be copied."""
    if workspace.settings.compose.pictures if asked is None else asked:
        from newsletter.cli.collect import picturing

        done = picturing.copy(workspace, slug)
        for problem in done.problems:
            terminal.say(str(problem))
        if done.copies:
            terminal.say(f"{terminal.counted(len(done.copies), 'picture')} copied into assets/.")


def _open(path: Path) -> None:
    """Run the person's editor on a file and wait for its end."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise UsageError(f"VISUAL or EDITOR is no command: {error}", remedy="check its quotes") from None
    command = command or _plain_editor()
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


def _plain_editor() -> list[str]:
    """Return the editor for plain text that this machine has, for whoever named none; [] where nobody sits."""
    if not sys.stdin.isatty():
        return []
    # macOS opens its own, and waits until it is closed; Debian and its like say which is theirs.
    if sys.platform == "darwin":
        return ["open", "-W", "-t"]
    return next(([name] for name in ("sensible-editor", "editor", "nano") if shutil.which(name)), [])


def _propose(workspace: Workspace, slug: str, outcome: "Outcome", *, sent: bool) -> None:
    """Say what could be done with an issue that exists; with one that was *sent*, nothing."""
    from newsletter.cli.collect import listing
    from newsletter.cli.compose import reporting

    terminal.say(f"\n{_listed(outcome.files)} exists and was left as it is.")
    if sent:
        listing.next_steps(workspace)
        return
    steps = []
    if outcome.written:
        steps.append((f"newsletter pull {slug}", "take in what changed in its articles"))
    if number := len(reporting.could_be(outcome)):
        them = "the article that is new" if number == 1 else f"the {number} articles that are new"
        steps.append((f"newsletter pull {slug} --add", f"also take {them}"))
    terminal.what_next(*steps, (f"newsletter compose {slug} --force", "write it anew; yours stays as issue.md~"))


def _nothing(workspace: Workspace, slug: str, outcome: "Outcome") -> NothingNewError:
    where = issues.shown(workspace, issues.path_of(workspace, slug))
    # What exists is written over by nothing.
    own = "" if outcome.exists else f", or write it yourself: newsletter compose {slug} --blank"
    count = outcome.count_left()
    if not count and not outcome.picked:
        remedy = f"collect some with `newsletter fetch` or `newsletter articles add`{own}"
        return NothingNewError("there are no articles yet", where=where, remedy=remedy)
    them = "the one article was" if count == 1 else f"all {count:,} articles were"
    reasons = f": {them} left" if count else ""
    remedy = f"read the reasons, or collect more with `newsletter fetch`{own}"
    if any(one.reason.startswith("left: older than the last issue") for one in outcome.all_left()):
        remedy = "take older ones with --since, or collect more with `newsletter fetch`"
    return NothingNewError(f"nothing is new{reasons}", where=where, remedy=remedy)


def _next(slug: str, *, edited: bool = False, crowded: bool = False) -> None:
    """Name what may follow; of an issue that is *crowded*, also how an article that found no room is kept."""
    steps = [] if edited else [(f"newsletter edit {slug}", "make it yours")]
    kept = [("newsletter articles pin TITLE", "keep one that found no room for the next issue")] if crowded else []
    terminal.what_next(
        *steps,
        (f"newsletter preview {slug}", "see it in your browser"),
        (f"newsletter check {slug}", "find what must not be sent"),
        *kept,
    )


def _month(slug: str) -> None:
    """Say how a month is written where an issue is nearly named for one, and therefore for none."""
    found = re.fullmatch(r"(\d{4})[-._]?(\d{1,2})", slug)
    if found and 1 <= int(found[2]) <= 12 and slug != (meant := f"{found[1]}-{found[2]:0>2}"):
        terminal.say(
            f"Its name says no month. If one is meant, name its folder issues/{meant}, and its subject too."
        )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names)
