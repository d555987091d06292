"""`newsletter articles`: what there is to write about."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from newsletter.cli import dating, offering, terminal
from newsletter.cli.collect import listing
from newsletter.cli.group import Group
from newsletter.files import issues
from newsletter.files.pool.pool import Added, Pool
from newsletter.files.workspace import Workspace
from subscribers import tongue

if TYPE_CHECKING:
    from newsletter.model import Article

#: What came of giving an article the editor's word.
MARKED = {
    "pinned": "pinned; the next issue takes it, --undo leaves it to the picker",
    "held": "held back; --undo lets an issue take it again",
    "hidden": "hidden; --undo brings it back",
    "": "free to be picked again",
}


@click.group(cls=Group)
def articles() -> None:
    """The pool of articles: what was fetched or added, for issues to pick from."""


@articles.command()
@click.argument("url_or_file", shell_complete=offering.files, nargs=-1, required=True)
@offering.language_option('Their language, such as "sv"; else it is read off.')
@click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="A tag for all of them; can stand several times."
)
@click.option("--allow-private", is_flag=True, help="Let a web address be on this machine or a private network.")
@terminal.reporting
def add(
    workspace: Workspace,
    url_or_file: tuple[str, ...],
    language: str,
    tags: tuple[str, ...],
    allow_private: bool,
    as_json: bool,
) -> None:
    """Add the articles of web pages or files: plain text as it comes out of a scraper, HTML, or Markdown.

    A page can hold several: one article, and the teasers of others under it. Adding it again updates them.
    One that cannot be read keeps no other out; it is told, and the command ends with code 1.

    \b
    Examples:
      newsletter articles add page.txt
      newsletter articles add https://example.org/news/open-house --tag culture
      newsletter articles add notes/*.md --language sv --json
    """
    from newsletter.cli.collect import collecting

    found, added, failed = collecting.add(
        workspace, url_or_file, terminal.now(), language=language, tags=tags, allow_private=allow_private
    )
    if as_json:
        faults = [{"where": one.where, "message": one.what, "hint": one.remedy} for one in failed]
        terminal.emit(listing.document(found) | {"failed": faults})
    elif found or not failed:
        _told(workspace, found, added)
    for one in failed:
        terminal.say(f"Error: {one}", hang=len("Error: "))
    if failed:
        raise click.exceptions.Exit(1)


def _told(workspace: Workspace, found: "Sequence[Article]", added: Added) -> None:
    """Say what became articles, and what to do with them."""
    if not found:
        waits = "a draft waits until its front matter no longer says that it is one, or its publishDate comes"
        terminal.say(f"Nothing to collect: a calendar has nothing ahead, a page of lists no text, and {waits}.")
        return
    terminal.say(f"{terminal.counted(len(found), 'article')}: {listing.added_words(added)}.")
    zone = workspace.settings.letter.timezone
    listing.table(found, zone)
    for told in (*listing.corrections(workspace, added), *listing.translations(workspace, added)):
        terminal.say(f"{told}.")
    for doubt in listing.undecided(found):
        terminal.say(doubt)
    listing.next_steps(workspace)


@articles.command(name="list")
@click.option("--since", default="", metavar="DATE", help="Only what was published on DATE (2025-06-01) or later.")
@click.option("--until", default="", metavar="DATE", help="Only what was published on DATE or earlier.")
@click.option("--unused", is_flag=True, help="Only what stands in no issue yet.")
@click.option("--search", "text", default="", metavar="WORDS", help="Only what holds these words.")
@click.option("--tag", default="", metavar="TAG", help="Only what carries this tag.")
@offering.language_option('Only what is in this language, such as "sv".')
@click.option(
    "--source",
    shell_complete=offering.sources,
    default="",
    metavar="NAME",
    help="Only what came from this source.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the newest N.")
@click.option("--pinned", "flag", flag_value="pinned", help="Only what was pinned.")
@click.option("--held", "flag", flag_value="held", help="Only what is held back.")
@click.option("--hidden", "flag", flag_value="hidden", help="What was hidden, instead.")
@terminal.reporting
def list_(
    workspace: Workspace,
    since: str,
    until: str,
    unused: bool,
    text: str,
    tag: str,
    language: str,
    source: str,
    limit: int | None,
    flag: str | None,
    as_json: bool,
) -> None:
    """List the articles, the newest first.

    \b
    Examples:
      newsletter articles list
      newsletter articles list --unused --since 2025-06-01 --language sv --limit 20
      newsletter articles list --source site --tag culture --search "open house"
      newsletter articles list --hidden --json
    """

    zone = workspace.settings.letter.timezone
    begin, end = dating.span(since, until, zone)
    used = issues.used(workspace) if unused else {}
    with Pool(workspace.pool) as pool:
        wanted = pool.articles(
            since=begin,
            until=end,
            search=text,
            tag=tag,
            language=tongue.base(tongue.named(language)) or language,
            source=source,
            hidden=flag == "hidden",
        )
        fit = (one for one in wanted if one.key not in used and (not flag or getattr(one, flag)))
        found = tuple(islice(fit, limit))
    listing.tell(
        found,
        zone,
        as_json,
        "No article fits; leave out an option."
        if any((since, until, unused, text, tag, language, source, flag))
        else "No articles. `newsletter fetch` reads your sources; `newsletter articles add` takes a page.",
    )


@articles.command()
@click.argument("key", shell_complete=offering.articles)
@terminal.reporting
def show(workspace: Workspace, key: str, as_json: bool) -> None:
    """Show one article whole. KEY is its key, its address, or a part of its title that no other has.

    Where its source has corrected it, what it said before is shown under it, the latest correction first.

    \b
    Examples:
      newsletter articles show "open house"
      newsletter articles show https://example.org/news/open-house --json
    """

    with Pool(workspace.pool) as pool:
        one = pool.find(key)
        before, sources = pool.revisions(one.key), pool.sources(one.key)
        twins = tuple(pool.get(twin) for twin in one.twins)
    used = issues.used(workspace).get(one.key)
    if as_json:
        terminal.emit({"articles": [listing.whole(one, before, sources, used)]})
        return
    zone = workspace.settings.letter.timezone
    flags = (flag for flag in ("pinned", "held", "hidden") if getattr(one, flag))
    by = ", ".join(dict.fromkeys((one.source, *sources)))
    about = (
        listing.day(one, zone),
        one.language or "language unknown",
        by,
        one.author,
        ", ".join(one.tags),
        *flags,
    )
    lines = [one.title, " · ".join(part for part in about if part), one.url or one.key]
    lines += [f"In issue {used}"] if used else []
    lines += [f"Twin ({twin.language}): {twin.title}" for twin in twins]
    lines += [f"Picture: {one.image.src}"] if one.image else []
    terminal.show("\n".join([*lines, "", one.text]))
    for revision in before:
        terminal.show(
            f"\nUntil {terminal.clock(revision.at, zone)}, it said:\n{listing.difference(revision, one)}"
        )


@articles.command()
@click.argument("text")
@terminal.reporting
def search(workspace: Workspace, text: str, as_json: bool) -> None:
    """Find articles by their words, the best match first. The last word may be begun; ö finds o and o finds ö.

    \b
    Examples:
      newsletter articles search "summer party"
      newsletter articles search innov --json
    """
    with Pool(workspace.pool) as pool:
        found = tuple(pool.search(text))
    listing.tell(
        found,
        workspace.settings.letter.timezone,
        as_json,
        "Nothing found. Try fewer words, or only the beginning of one.",
    )


@articles.command()
@click.argument("key", shell_complete=offering.articles)
@click.option("--undo", is_flag=True, help="Leave it to the picker again.")
@terminal.reporting
def pin(workspace: Workspace, key: str, undo: bool, as_json: bool) -> None:
    """Let the next issue have an article, before all others. KEY is as for `show`.

    \b
    Examples:
      newsletter articles pin "open house"
      newsletter articles pin "open house" --undo
    """
    _mark(workspace, key, "" if undo else "pinned", as_json)


@articles.command()
@click.argument("key", shell_complete=offering.articles)
@click.option("--undo", is_flag=True, help="Let issues have it again.")
@terminal.reporting
def hold(workspace: Workspace, key: str, undo: bool, as_json: bool) -> None:
    """Keep an article for later: it stays in lists, and no issue takes it until --undo. KEY is as for `show`.

    \b
    Examples:
      newsletter articles hold "summer party"
      newsletter articles hold "summer party" --undo
    """
    _mark(workspace, key, "" if undo else "held", as_json)


@articles.command()
@click.argument("key", shell_complete=offering.articles)
@click.option("--undo", is_flag=True, help="Bring it back.")
@terminal.reporting
def hide(workspace: Workspace, key: str, undo: bool, as_json: bool) -> None:
    """Keep an article out of lists and issues. KEY is as for `show`.

    \b
    Examples:
      newsletter articles hide "vacancy: janitor"
      newsletter articles hide "vacancy: janitor" --undo
    """
    _mark(workspace, key, "" if undo else "hidden", as_json)


@articles.command()
@click.argument("slug", shell_complete=offering.issues)
@click.option("--shrink", is_flag=True, help="Instead, make those in assets/ smaller that are too large.")
@terminal.reporting
def pictures(workspace: Workspace, slug: str, shrink: bool, as_json: bool) -> None:
    """Copy the pictures of the issue SLUG from the web into its assets/ folder, and let it use the copies.

    They are then part of the letter: they stay when the site moves them, and no other server sees who opens it.
    With --shrink the pictures in assets/ become 1200 pixels wide, upright, without a camera's notes, and under
    200 KB if they can; what was there stays beside it as NAME~. This needs the extra `pictures` (Pillow).

    \b
    Examples:
      newsletter articles pictures 2025-06
      newsletter articles pictures 2025-06 --shrink
      newsletter articles pictures 2025-06 --json
    """
    from newsletter.cli.collect import picturing

    done = picturing.shrink(workspace, slug) if shrink else picturing.copy(workspace, slug)
    if as_json:
        terminal.emit(done.document(slug))
    else:
        for line in done.told():
            terminal.say(line)
    if done.problems and not done.done:
        raise click.exceptions.Exit(1)


def _mark(workspace: Workspace, key: str, flag: str, as_json: bool) -> None:
    """Give one article, with its twins, the editor's word, and say so."""
    with Pool(workspace.pool) as pool:
        one = pool.mark(pool.find(key).key, flag)
        twins = [pool.get(twin) for twin in one.twins]
    if as_json:
        terminal.emit(listing.document((one, *twins)))
    else:
        terminal.say(f"{one.title}: {MARKED[flag]}.")
        for twin in twins:
            terminal.say(f"So is its twin ({twin.language}): {twin.title}")
