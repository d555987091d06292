"""`newsletter send`: what may be asked of it. `dispatch`, beside it, does it, and is not loaded for Tab."""

import click

from newsletter.cli import offering, terminal
from newsletter.files.workspace import Workspace


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@offering.list_option("The list to send to; the issue may name it.")
@offering.segment_option("Only these readers of it: a segment or an expression.")
@offering.exclude_option(
    "Not these readers: a segment, a list, an earlier issue or an expression; may stand several times."
)
@click.option(
    "--at",
    metavar="TIME",
    default="",
    callback=offering.filled,
    help="Later, on the letter's clock: 2025-06-12T09:00, 09:00, +2h.",
)
@click.option(
    "--deadline",
    metavar="TIME",
    default="",
    callback=offering.filled,
    help="Nothing leaves after that; the send pauses then.",
)
@click.option("--dry-run", is_flag=True, help="Only say who would get what, and when.")
@click.option(
    "--force",
    metavar="REASON",
    default="",
    callback=offering.filled,
    help="Send in spite of errors; the reason is recorded.",
)
@click.option("--to-new", is_flag=True, help="To the readers who were not sent this issue yet.")
@click.option("--to-failed", is_flag=True, help="Once more to the readers whose server refused it.")
@click.option(
    "--exec",
    "command",
    metavar="CMD",
    default="",
    help="Run this when the send is done or pauses by itself; it gets what came of it as JSON.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def send(
    workspace: Workspace,
    slug: str,
    list_: str,
    segment: str,
    exclude: tuple[str, ...],
    at: str,
    deadline: str,
    dry_run: bool,
    force: str,
    to_new: bool,
    to_failed: bool,
    command: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Send the issue SLUG to the confirmed readers of a list, or go on with a send of it that was interrupted.

    First the gate runs (see `newsletter check`), and an error refuses the send. Then content and audience are
    frozen: later edits change nothing, and who joins later gets the next issue. With --at, or a send_at in the
    issue that is still to come, the content is frozen now and the audience when it starts; `newsletter serve`
    starts it. "--at now" overrules send_at. A send_at without an offset is each reader's own clock. [hours] in
    newsletter.toml says when letters may leave at all; --dry-run shows what comes of it, hour by hour.

    Where the issue lets a part of the readers try two subjects, the rest gets the better one later: `newsletter
    serve` sends it then, or the same command.

    Whatever interrupts it, run the same command again: nobody gets it twice, nobody is left out. Ends with code
    0 if every reader was accepted, 6 if some were refused, are deferred or uncertain, or still wait.

    \b
    Examples:
      newsletter send 2025-06
      newsletter send 2025-06 --list monthly --segment business --dry-run
      newsletter send 2025-06 --at 2025-06-12T09:00 --yes
      newsletter send 2025-06 --exclude board --exclude 2025-05
      newsletter send 2025-06 --to-new
      newsletter send 2025-06 --exec "notify-send sent"
    """
    from newsletter.cli.plan import addressing
    from newsletter.cli.send import dispatch

    wanted = addressing.Wanted(slug, list_, segment, exclude, at, force, to_new, deadline, command)
    dispatch.send(workspace, wanted, dry_run=dry_run, to_failed=to_failed, yes=yes, as_json=as_json)
