"""`newsletter relink`: let a link of a letter that is out lead to the right page."""

from collections.abc import Collection, Mapping

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.look import freezing
from newsletter.errors import NotFoundError, RefusedError, UsageError, cited, meant
from newsletter.files.workspace import Workspace
from newsletter.issuefile import dialect
from newsletter.results import campaign
from subscribers.store.back import links
from subscribers.store.file.open import transaction
from subscribers.store.ledger import sends


@click.command()
@click.argument("slug", shell_complete=offering.sent)
@click.argument("old")
@click.argument("new")
@terminal.reporting
def relink(workspace: Workspace, slug: str, old: str, new: str, as_json: bool) -> None:
    """Let the links to OLD in the issue SLUG, which was sent, lead to NEW.

    OLD is the address as it stands in the letter, or where it leads since: to take a change back, name OLD twice.
    This works where clicks were counted when it was sent: such links lead over your own pages. It counts at once,
    in every language and send. What readers got stays as it is: the plain-text part, links whose words are the
    address, buttons that Outlook draws itself, and the archive still name OLD. Mend the issue, too, for those who
    are sent it later.

    \b
    Examples:
      newsletter relink 2025-06 https://example.org/summer-patry https://example.org/summer-party
    """
    if not (right := dialect.address(new, schemes=dialect.WEB)):
        raise UsageError(
            f"{cited(new)} is no address of a page", remedy="write it whole, as https://example.org/page"
        )
    with wiring.people(workspace) as connection, transaction(connection):
        if not (made := sends.all(connection, slug)):
            raise NotFoundError("this issue was never sent", where=slug, remedy="mend it with `newsletter edit`")
        known = {one.id: {one.url} for one in links.totals(connection, slug)}
        if not known:
            what = "its links lead straight to their pages: it was sent without [tracking] clicks"
            raise RefusedError(what, where=slug, remedy="let the page that is wrong lead on")
        for each in made:
            for link, url in freezing.written(connection, each).items():
                known[link].add(url)
        elsewhere = _elsewhere(workspace, slug, known, old.strip(), right)
        if not elsewhere:
            everywhere = {url for urls in known.values() for url in urls}
            remedy = meant(old, everywhere, f"`newsletter report {slug} --html FILE` shows where each leads")
            raise NotFoundError(f"no counted link leads to {cited(old)}", where=slug, remedy=remedy)
        links.lead(connection, elsewhere)
    if as_json:
        terminal.emit({"issue": slug, "old": old, "new": right, "links": len(elsewhere)})
        return
    count = terminal.counted(len(elsewhere), "link")
    terminal.say(f"Changed {count} of {slug}, in all its languages and sends: now to {right}")


def _elsewhere(
    workspace: Workspace, slug: str, known: Mapping[str, Collection[str]], old: str, new: str
) -> dict[str, str]:
    """Return where links to *old* are to lead, by their ids; what tells a site's statistics the issue stays.

    *known* are the addresses that each link goes by: where it leads, and what stands in the letter.
    """
    tracking, sources = workspace.settings.tracking, [one.url for one in workspace.settings.sources]
    said = campaign.of(tracking.campaign, tracking.sites, sources)
    pairs = {old: new, dialect.address(old, schemes=dialect.WEB): new}
    for language in workspace.settings.letter.languages:
        pairs[campaign.address(old, said, slug, language)] = campaign.address(new, said, slug, language)
    return {link: pairs[url] for link, urls in known.items() for url in urls if url in pairs}
