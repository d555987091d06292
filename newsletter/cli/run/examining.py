"""What `newsletter doctor` looks at, one thing after the other: what a send or a reader would stumble over."""

import asyncio
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from difflib import get_close_matches

from newsletter.cli import terminal, wiring
from newsletter.errors import NewsletterError, ToldError, cited, refused
from newsletter.files import keyring
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.trust.verdict import Verdict
from subscribers import tongue
from subscribers.errors import PeopleError, SegmentError
from subscribers.segment import parse
from subscribers.store.file.trouble import crowded, sealed
from subscribers.store.keeping import retention, upkeep
from subscribers.store.ledger import sends
from subscribers.store.register import consents, lists, people

#: A send keeps a ledger row per reader and SQLite a log beside the file; below this, neither has room to grow.
ENOUGH_DISK = 500 * 2**20

#: How long a mailbox's server may take for an answer here, in seconds: somebody waits, who can ask again.
PATIENCE = 10.0

#: What in a folder of templates is read as a template.
TEMPLATES = frozenset({".html", ".mjml", ".txt"})


def examine(workspace: Workspace) -> Iterator[Verdict]:
    """Look at everything, one after the other; the settings first, since the rest needs them."""
    checks: tuple[tuple[str, Callable[[Workspace], str]], ...] = (
        ("settings", _settings),
        ("key", _keys),
        ("database", _database),
        ("retention", _retention),
        ("sqlite", _sqlite),
        ("pool", _pool),
        ("templates", _templates),
        ("segments", _segments),
        ("schedule", _schedule),
        ("smtp", _smtp),
        ("dkim", _dkim),
        ("returns", _returns),
        ("services", _services),
        ("clock", _clock),
        ("disk", _disk),
    )
    for name, check in checks:
        try:
            message = check(workspace)
        except _DoubtError as doubt:
            yield Verdict(name, "warning", str(doubt))
        except (ToldError, OSError) as error:
            yield Verdict(name, "error", str(refused(error) if isinstance(error, OSError) else error))
            if name == "settings":
                return
        else:
            yield Verdict(name, "ok", message)


class _DoubtError(Exception):
    """Something that works, and that somebody should know of."""


def _settings(workspace: Workspace) -> str:
    letter = workspace.settings.letter
    if not letter.address:
        raise _DoubtError("[letter] has no address: the law wants a postal address in every letter")
    if workspace.settings.public and not letter.base_url.startswith("https://"):
        raise _DoubtError(f"base_url is {letter.base_url}: readers outside need an https:// address")
    return f"“{letter.name}” from {letter.sender} in {', '.join(letter.languages)}"


def _database(workspace: Workspace) -> str:
    from newsletter.cli.send import alone

    with wiring.people(workspace) as connection:
        faults = upkeep.faults(connection)
        evidence = 0 if faults else consents.verify(connection).lines
        if not faults:
            alone.refuse_older(workspace, connection)
            if count := people.altered(connection):
                readers = "1 reader's address is" if count == 1 else f"{count:,} readers' addresses are"
                faults = (f"{readers} not as written, and letters would go elsewhere",)
        sent = () if faults else sends.all(connection)
    if faults:
        raise PeopleError(
            faults[0], where=str(workspace.people), remedy="put back a copy: newsletter restore FILE"
        )
    oldest = _oldest(workspace)
    if oldest and sent and sent[-1].created.date() < oldest:
        what = f"letters went out before {oldest}, since when there is a key: their links to leave do not work"
        raise _DoubtError(f"{what}; put the copy of {workspace.keys} back that belongs to these people")
    megabytes = workspace.people.stat().st_size / 2**20
    return f"sound, {megabytes:.1f} MB, {terminal.counted(evidence, 'line')} of consent as written"


def _oldest(workspace: Workspace) -> date | None:
    """Return since when there is a key; None where nobody knows, or where `_keys` tells what is wrong with it."""
    with suppress(NewsletterError, OSError):
        return keyring.load(workspace.keys)[-1].since
    return None


def _retention(workspace: Workspace) -> str:
    from newsletter.cli.run import keeping

    settings = workspace.settings
    months = settings.retention.left_months
    if months is None:
        return "who left every list is kept until you erase them"
    with wiring.people(workspace) as connection:
        wanted = keeping.rules(settings.retention, settings.tracking)
        due = len(retention.leaving(connection, wanted, terminal.now()))
    told = f"{due:,} of them due, whom `serve` erases within the hour" if due else "nobody is due"
    return f"who left every list is kept for {terminal.counted(months, 'month')}: {told}"


def _keys(workspace: Workspace) -> str:
    found = keyring.load(workspace.keys)
    folder = workspace.keys.parent
    if folder.stat().st_mode & 0o022:
        raise _DoubtError(
            f"{folder}: others can write here, and so replace key and people; run: chmod 700 {folder}"
        )
    since = f" since {found[0].since}" if found[0].since else ""
    older = f", {terminal.counted(len(found) - 1, 'older key')} still known" if len(found) > 1 else ""
    return f"{len(found[0].secret) * 8} bits{since}, readable by its owner only{older}"


def _sqlite(workspace: Workspace) -> str:
    found = ".".join(map(str, upkeep.version()))
    if upkeep.version() < upkeep.SOUND:
        sound = ".".join(map(str, upkeep.SOUND))
        raise _DoubtError(
            f"{found}: before {sound}, several busy writers could, rarely, damage a file; run one `serve`"
        )
    return found


def _pool(workspace: Workspace) -> str:
    if not workspace.pool.exists():
        return "not there yet: `newsletter fetch` makes it"
    with Pool(workspace.pool) as pool:
        return f"{terminal.counted(pool.count(), 'article')} collected"


def _templates(workspace: Workspace) -> str:
    from newsletter.cli.send import greeting
    from newsletter.files.looks import themes, words
    from newsletter.rendering import template

    letter = workspace.settings.letter
    for language in letter.languages:
        theme = themes.load(workspace.templates, letter.theme, language)
    for name in _own(workspace):
        template.check(theme, name)
    for each in dict.fromkeys(each for one in workspace.settings.lists for each in one.greetings):
        for language in letter.languages:
            greeting.rendered(workspace, each, language)
    english = [each for each in letter.languages if words.spoken(workspace.templates, each) == words.OWN != each]
    if english:
        meant = tongue.named(english[0], words.shipped(workspace.templates))
        remedy = f"`newsletter themes words {english[0]}` makes a list to fill"
        raise _DoubtError(
            f"there are no words in {', '.join(english)}: pages and mails about subscriptions are in English; "
            + (f"did you mean {meant}?" if meant not in {"", english[0]} else remedy)
        )
    _unsaid(workspace)
    return f"theme {letter.theme} in {', '.join(letter.languages)}"


def _unsaid(workspace: Workspace) -> None:
    """Doubt translations of words that no template and no section says: readers never meet them."""
    from newsletter.files.looks import untranslated, words

    settings = workspace.settings
    own = (*untranslated.marked(workspace.templates[0]), *(one.name for one in settings.sections))
    found = {
        place: text
        for language in settings.letter.languages
        for place, text in words.unsaid(workspace.templates, language, own)
    }
    if not found:
        return
    place, text = next(iter(found.items()))
    close = get_close_matches(text, words.known(workspace.templates, own), 1)
    remedy = f"did you mean {cited(close[0])}?" if close else "write its msgid as the English words stand there"
    more = f"; {len(found) - 1} more like it" if len(found) > 1 else ""
    raise _DoubtError(f"{place} translates {cited(text)}, which no template or section says{more}; {remedy}")


def _own(workspace: Workspace) -> Iterator[str]:
    """Yield the letter's own templates that are in use, pages and mails too, as a template names another."""
    from newsletter.files.looks import themes

    folder = workspace.root / "templates"
    used = {each.name for each in themes.chain(workspace.templates, workspace.settings.letter.theme)}
    others = set(themes.names(workspace.templates)) - used
    for path in sorted(folder.rglob("*")):
        top, *rest = path.relative_to(folder).parts
        if path.is_file() and path.suffix in TEMPLATES and top not in others:
            yield "/".join(rest if top in used else [top, *rest])


def _segments(workspace: Workspace) -> str:
    named = wiring.segments(workspace)
    with wiring.people(workspace) as connection:
        known, slugs = wiring.fields(workspace, connection), frozenset(each.slug for each in lists.all(connection))
    for one in named.values():
        try:
            parse(one.expression, known, slugs)
        except SegmentError as error:
            # A person with that attribute may come tomorrow.
            raise _DoubtError(f"{one.where}: {error.what}") from None
    return f"{terminal.counted(len(named), 'segment')} understood"


def _schedule(workspace: Workspace) -> str:
    from newsletter.files import schedules

    return f"{terminal.counted(len(schedules.load(workspace)), 'schedule')} understood"


def _smtp(workspace: Workspace) -> str:
    from newsletter.cli.send import sending

    if not workspace.settings.routes:
        raise _DoubtError("there is no [[smtp]]: nothing can be sent")
    answers = []
    for route in sending.routes(workspace):
        try:
            asyncio.run(sending.knock(workspace, route))
        except NewsletterError as error:
            if route.loopback:
                raise _DoubtError(str(error)) from None
            raise
        answers.append(f"{route.name} answers at {route.host}:{route.port}")
    return ", ".join(answers)


def _dkim(workspace: Workspace) -> str:
    from newsletter.cli.send import signing

    signers = signing.signers(workspace)
    if not signers:
        return "we sign nothing; your SMTP server may"
    what = f"{signers[0].domain} signs with {' and '.join(signer.selector for signer in signers)}"
    if all(signer.algorithm.startswith("ed25519") for signer in signers):
        # RFC 8463 section 6: who knows RSA only takes such a letter for unsigned.
        raise _DoubtError(
            f"{what}, an Ed25519 key that many receivers do not know; sign with an RSA key beside it"
        )
    return what


def _returns(workspace: Workspace) -> str:
    from newsletter.cli.back import returning

    if not workspace.settings.mailbox:
        return "no mailbox is read; `newsletter docs feedback` says how to"
    with closing(returning.box(workspace, PATIENCE)):
        return f"the {workspace.settings.mailbox.kind} mailbox opens"


def _services(workspace: Workspace) -> str:
    from newsletter.cli.back import hooking

    kinds = hooking.secrets(workspace)
    command = workspace.settings.feedback.command
    if command and not shutil.which(shlex.split(command)[0]):
        remedy = "name a program that is there and may be run"
        raise NewsletterError("there is no such program", where=f"[feedback] exec = {command}", remedy=remedy)
    return f"reports are taken from {', '.join(kinds)}" if kinds else "no mail service reports to us"


def _clock(workspace: Workspace) -> str:
    from newsletter.cli.send import alone

    now = terminal.now()
    alone.refuse_clock(now)
    return now.astimezone(workspace.settings.letter.timezone).strftime("%Y-%m-%d %H:%M %Z")


def _disk(workspace: Workspace) -> str:
    if sealed(workspace.people):
        what, remedy = (
            "this disk can only be read",
            "`backup`, `status` and what else only reads work; mend the disk",
        )
        raise NewsletterError(what, where=str(workspace.root), remedy=remedy)
    if not os.access(workspace.root, os.W_OK):
        raise NewsletterError(
            "nothing can be written here", where=str(workspace.root), remedy="mend its permissions"
        )
    if crowded(workspace.people):
        what, remedy = (
            "this disk is full",
            "make room; `backup` to another disk, `status` and what else only reads work",
        )
        raise NewsletterError(what, where=str(workspace.root), remedy=remedy)
    free = shutil.disk_usage(workspace.root).free
    if free < ENOUGH_DISK:
        raise _DoubtError(f"{free / 2**20:.0f} MB free: a large send may run out of room")
    return f"{free / 2**30:.0f} GB free"
