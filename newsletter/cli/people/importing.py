"""`newsletter subscribers import`: people from a CSV file, a spreadsheet, or a file of contact cards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.people import answering, incoming
from newsletter.cli.people.rejecting import Rejects
from newsletter.cli.place import NewFile
from newsletter.errors import UsageError, cited, textual
from newsletter.files.tables.cardfile import CardFile, is_cards
from newsletter.files.tables.csvfile import CsvFile, Record
from newsletter.files.workspace import Workspace
from newsletter.settings.field import Field
from newsletter.settings.roll import Titled
from subscribers import attribute
from subscribers.errors import AddressError, ElsewhereError, PeopleError
from subscribers.status import Standing
from subscribers.store.register import imports, suppressions
from subscribers.table import cell, claims, columns, exports, heading, title
from subscribers.table.entry import Entry, Reader

#: How many refused lines a person is shown; a program gets all of them, and so does the file of --rejects.
SHOWN = 20
#: How many columns that are left out are named.
NAMES = 24


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@offering.list_option("The list that they subscribe to.", required=True)
@click.option("--consent", metavar="TEXT", help="Where and when these people agreed. Makes them confirmed.")
@click.option(
    "--map",
    "maps",
    metavar="COLUMN=FIELD",
    multiple=True,
    help="What a column holds; nothing leaves it out; * is all others.",
)
@click.option(
    "--rejects",
    type=NewFile(),
    metavar="FILE",
    help="Write the refused lines to FILE, each with its number and the reason.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@terminal.reporting
def import_people(
    workspace: Workspace,
    file: Path,
    list_: str,
    consent: str | None,
    maps: tuple[str, ...],
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in the people in a CSV FILE, a spreadsheet or a file of contact cards.

    CSV with any usual delimiter and encoding, .xlsx, .xls and .ods, or vCard. Columns called email, name, first
    name, last name, language and topics (or so in Swedish) are understood, every other column becomes an
    attribute; a file of addresses alone needs no header. Exports of listmonk, Mailchimp, Ghost and others are
    recognized: who left or bounced there stays out here, and dates are kept. Who unsubscribed here or is
    suppressed stays so. Ends with code 3 if no line could be taken in. - is standard input.

    \b
    Examples:
      newsletter subscribers import readers.csv --list monthly --consent "paper form, spring fair 2025"
      newsletter subscribers import guests.xlsx --list monthly --consent "ticked at the spring fair 2025"
      newsletter subscribers import crm.csv --list monthly --map "Kontakt=email" --map "Id=" --dry-run
      newsletter subscribers import readers.csv --list monthly --rejects refused.csv
      zcat readers.csv.gz | newsletter subscribers import - --list monthly
    """
    wording = _evidence(consent)
    with ExitStack() as stack:
        path, file = stack.enter_context(incoming.saved(workspace, file)), incoming.called(file)
        path, sheet = stack.enter_context(incoming.unfolded(workspace, path, file))
        table: CsvFile | CardFile = CardFile(path) if is_cards(path) else CsvFile(path)
        stack.enter_context(table)
        connection = stack.enter_context(wiring.people(workspace))
        fields = workspace.settings.fields
        layout = _layout(table, _mapping(maps), fields, path, file)
        refused = stack.enter_context(Rejects(rejects, layout.names, -1 if as_json else SHOWN))
        importer = imports.Importer(
            connection,
            list_,
            wording=wording,
            source=textual(file.name),
            keys=wiring.ring(workspace).derived(suppressions.PURPOSE),
            now=terminal.now(),
            listen=refused.take,
        )
        settings = workspace.settings
        everybody = _everybody(file, sheet, layout)
        languages, topics = settings.letter.languages, _topics(settings.topics)
        reader = Reader(layout, languages, list_, topics, everybody, terminal.now())
        answers = answering.Answers(fields)
        with incoming.progress(table.size, "Importing") as advance:
            batches = _batches(table, reader, answers, importer.tally, refused, lambda: advance(table.read))
            tally = _run(importer, batches, dry_run)
        refused.finish()
    _tell(workspace, tally, refused, reader, agreed=bool(wording), dry=dry_run, as_json=as_json)
    if reader.several:
        people = terminal.counted(reader.several, "line")
        terminal.say(f"{people} had more than one address: the first was taken, as one person gets one letter.")
    if reader.unspoken:
        lines = terminal.counted(reader.unspoken, "line")
        terminal.say(f"{lines} with a language that is not known, such as {cited(reader.called)}: left empty.")
    for line in answers.told():
        terminal.say(line)
    if reader.astray:
        terminal.say(_astray(reader))
    if tally.read and tally.refused == tally.read:
        raise click.exceptions.Exit(terminal.FINDINGS)


def _run(importer: imports.Importer, batches: Iterator[list[tuple[int, Entry]]], dry: bool) -> imports.Tally:
    """Take in the batches. Who stops it is told what is in, and how to go on."""
    try:
        return imports.run(importer, batches, dry=dry)
    except KeyboardInterrupt:
        done = "nothing was changed" if dry else "whoever was read so far is in, and nobody by half"
        terminal.say(f"Stopped: {done}. To go on, run the same command again.")
        raise


def _everybody(file: Path, sheet: str, layout: columns.Layout) -> Standing:
    """Return what the name of the file or its *sheet* says of everybody, and tell it where nothing else does."""
    if layout.program == "Mailchimp":
        return exports.of_file(heading.plain(file.stem))
    said = any(place in layout.certain or not claims.vague(column) for place, column in layout.telling)
    name = cited(sheet) if title.gone(sheet) else file.name if title.gone(file.stem) else ""
    if said or layout.program or not name:
        return Standing.NOTHING
    terminal.say(
        f"The name {name} says that these people are subscribed no more, and no column says how they "
        "stand: new ones are pending, whatever --consent says. To keep them out for good, add a column "
        "“Unsubscribed” with a yes in each line; if they agreed, give it another name."
    )
    return Standing.PENDING


def _topics(topics: Iterable[Titled]) -> dict[str, str]:
    """Return the topics by what people call them: their titles in every language, and themselves."""
    titled = {attribute.slug(title).casefold(): one.slug for one in topics for title in one.titles.values()}
    return titled | {one.slug: one.slug for one in topics}


def _evidence(consent: str | None) -> str:
    wording = attribute.text(consent or "", "--consent")
    if consent is not None and not wording:
        raise UsageError(
            "--consent is empty", remedy='say where and when they agreed: --consent "paper form, May 2025"'
        )
    return wording


def _mapping(maps: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for each in maps:
        column, sign, target = each.rpartition("=")
        if not sign or not column.strip():
            raise UsageError(f"--map “{each}” is not understood", remedy='write --map "Column=email"')
        mapping[column] = target
    return mapping


def _layout(
    table: CsvFile | CardFile, mapping: dict[str, str], fields: Sequence[Field], path: Path, file: Path
) -> columns.Layout:
    """Understand the columns of what lies at *path* and is called *file*, and say how."""
    sample = table.sample()
    if sample and sample[0].fault:
        remedy = "mend this line, since it may name the columns"
        raise PeopleError(sample[0].fault, where=f"{file}:{sample[0].line}", remedy=remedy)
    try:
        layout = columns.layout([record.cells for record in sample if not record.fault], mapping)
    except PeopleError as error:
        raise PeopleError(error.what, where=str(file), remedy=error.remedy) from None
    if isinstance(table, CsvFile) and (layout.standing or layout.own is not None):
        # A CSV file can be read twice, and one that is sorted by a status says little at its beginning.
        with CsvFile(path) as whole:
            rows = (record.cells for record in islice(whole, layout.above, None) if not record.fault)
            layout = columns.weighed(layout, rows)
    if not layout.above:
        remedy = "" if layout.width == 1 else " To take in the rest, write a line above it that names the columns."
        terminal.say(f"The first line holds an address, so it is no header; only addresses are read.{remedy}")
        return layout
    layout = answering.asked(layout, fields, mapping.values())
    if layout.program:
        kept = "statuses and dates" if layout.joined else "statuses"
        terminal.say(f"This is an export of {layout.program}: {kept} are kept.")
    terminal.say(f"Columns: {', '.join(columns.told(layout))}.")
    if garbled := next((each for record in sample for each in record.cells if cell.garbled(each)), ""):
        terminal.say(
            f"Some letters are garbled, as in {cited(garbled[:60])}: a program read this file in the wrong "
            "encoding, and saved it so. Export it anew, and save it as CSV (UTF-8)."
        )
    if layout.unread:
        terminal.say(
            f"New ones joined today: the days in “{layout.unread[0]}” can be read in two ways, or not at all. "
            "Write them as 2025-01-31."
        )
    elif layout.made:
        terminal.say(
            f"Since when they subscribe is not said: new ones joined today. If “{layout.made[0]}” says it, "
            f'import with --map "{layout.made[0]}={columns.JOINED}".'
        )
    if layout.left_out:
        more = f", and {len(layout.left_out) - NAMES:,} more" if len(layout.left_out) > NAMES else ""
        terminal.say(f"Columns left out: {', '.join(layout.left_out[:NAMES])}{more}.")
    return layout


def _batches(
    table: CsvFile | CardFile,
    reader: Reader,
    answers: answering.Answers,
    tally: imports.Tally,
    refused: Rejects,
    tick: Callable[[], None],
) -> Iterator[list[tuple[int, Entry]]]:
    """Yield what could be understood, a transaction's worth at a time; count what could not."""
    records = iter(table)
    for _ in range(reader.layout.above):
        next(records, None)
    while chunk := list(islice(records, imports.BATCH)):
        refused.turn(chunk)
        found = [each for record in chunk if (each := _entry(record, reader, tally))]
        yield [(line, answers.settle(entry)) for line, entry in found]
        tick()


def _entry(record: Record, reader: Reader, tally: imports.Tally) -> tuple[int, Entry] | None:
    reason, kind = record.fault, "not readable"
    if not reason:
        try:
            return record.line, reader.read(record.cells)
        except AddressError as error:
            reason, kind = error.what, "no address"
        except ElsewhereError as error:
            reason, kind = error.what, "in other lists"
        except PeopleError as error:
            reason, kind = error.what, "not understood"
    tally.refuse(record.line, reason, kind)
    return None


def _tell(
    workspace: Workspace,
    tally: imports.Tally,
    refused: Rejects,
    reader: Reader,
    *,
    agreed: bool,
    dry: bool,
    as_json: bool,
) -> None:
    if as_json:
        rejected = [{"line": each.line, "reason": each.reason} for each in refused.first]
        counts = {"read": tally.read, "added": tally.added, "updated": tally.updated, "unchanged": tally.unchanged}
        more = {
            "list": reader.list,
            "dry_run": dry,
            "pending": tally.pending,
            "gone": tally.gone,
            "format": reader.layout.program,
        }
        terminal.emit({**counts, "rejected": rejected, **more})
    else:
        for each in refused.first:
            terminal.show(f"line {each.line}: {each.reason}")
        if tally.refused > len(refused.first):
            terminal.show(f"... and {tally.refused - len(refused.first):,} more; --rejects FILE writes them all")
        terminal.show(
            f"{'Would import' if dry else 'Imported'} {terminal.counted(tally.read, 'line')} into {reader.list}: "
            f"{tally.added:,} added, "
            f"{tally.updated:,} updated, {tally.unchanged:,} unchanged, {tally.refused:,} refused."
        )
        if refused.kinds:
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in refused.kinds.most_common())
            terminal.show(f"Refused: {kinds}.")
        if tally.gone:
            named = [f"“{reader.layout.names[place]}”" for place, _ in reader.leaving.most_common(3)]
            by = f", by {', '.join(named)}" if named else ""
            terminal.show(f"Not to be mailed, as the file says: {tally.gone:,}{by}.")
    if refused.path and tally.refused:
        terminal.say(f"The refused lines stand in {refused.path}. Mend them there, and import that file.")
    if tally.pending:
        terminal.say(_doubted(tally, reader) if agreed else pending_note(workspace, "Import the file"))


def _doubted(tally: imports.Tally, reader: Reader) -> str:
    """Say why people are pending of whom the editor said that they agreed."""
    layout = reader.layout
    doubtful = [place for place, _ in layout.telling if place in reader.doubting]
    named = [layout.names[place] for place in doubtful or [place for place, _ in layout.telling]]
    maps = " ".join(f'--map "{name}="' for name in named)
    remedy = f" If {' or '.join(f'“{name}”' for name in named)} is about something else, leave it out: {maps}."
    if tally.gone and (not reader.doubting or not reader.doubting.keys().isdisjoint(reader.leaving)):
        remedy += f" What it says of those who are not to be mailed ({tally.gone:,}) counts no more then, either."
    return (
        f"Pending, whatever --consent says: {tally.pending:,}. The file tells of no confirmed subscription: by a "
        "word such as “unconfirmed”, by one that is not known here, or by silence where others say yes."
        f"{remedy if named else ''}"
    )


def _astray(reader: Reader) -> str:
    """Say who is doubtful by what stands where nobody looks for a status."""
    lines = terminal.counted(reader.astray, "line")
    doubt = "new ones are pending, whatever --consent says."
    if not reader.heard:
        return f"{lines} below a title or a header of those who left: {doubt}"
    names, fields = reader.layout.names, reader.layout.fields
    field = next((field for field, place in fields.items() if names[place] == reader.where), "")
    return (
        f"{lines} with a word for those who left, where no status is looked for; “{reader.where}” says "
        f'{cited(reader.heard)}: {doubt} If that is about something else: --map "{reader.where}={field}".'
    )


def pending_note(workspace: Workspace, what: str) -> str:
    """Say what becomes of people of whom nobody said that they agreed; *what* was done, as an order."""
    return (
        f"Without --consent new people are pending, and get no letter. {what} again with --consent "
        '"where and when they agreed" if they did, or let them sign up themselves at '
        f"{workspace.settings.letter.base_url}/subscribe."
    )
