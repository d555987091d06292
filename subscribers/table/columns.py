"""Understand the columns of a table of people. `entry` understands its rows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from subscribers import attribute
from subscribers.errors import PeopleError, cited
from subscribers.status import Standing
from subscribers.table import addresscolumn, claims, day, exports, heading, period, title
from subscribers.table.exports import Program
from subscribers.table.heading import ALIASES, bare, plain, words
from subscribers.table.saying import NEVER

#: So many different words of a column are kept at once: one with dates may have a million.
MOST_WORDS = 4096

#: Stands in a mapping for every column that it does not name and that is no field of ours.
OTHERS = "*"

#: Stands in a mapping for the day on which somebody came, which is no attribute.
JOINED = "joined"

#: Records above the header at most; further down, a cell called email is somebody's joke.
MOST_TITLES = 10

#: So many columns are named to whoever misses one.
LISTED = 24

#: What stands before the columns in a file of refused lines; to import that file again leaves them out.
REJECTED = ("rejected line", "rejected because")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what, by position from 0.

    *names* are the columns' names, *width* is their number, *fields* the place of each field of ALIASES; of
    *topics* there may be several. *above* is how many records stand above the first person: the header, and titles
    above that. *left_out* are the names of columns that are not read.

    What an export says of a subscription: *program* wrote it ("" for a table of no known one), *standing* are
    the columns with a status, *certain* the places of those that are about nothing else, *answered* of those in
    which silence is no yes, *marks* those in which any value means one, *joined* those with the time somebody
    came, best first, *american* those of them whose days begin with the month, *made* the names of columns that
    may say it where none does, *unread* those whose days cannot be read, *evidence* those that prove consent,
    with words, *beside* those that only tell of it, with their names, *document* the one with attributes as
    JSON, *remarks* those in which some may ask to be left alone, *spoken* those in which the program has words of
    its own, with what they mean, and *own* the statuses by list of our own export, whose *lists* are those that
    anybody has a status in. *strays* are the places where a word may stand that nobody looks for there: that
    somebody left. A title above the header may say that everybody is *gone*.
    """

    width: int
    fields: Mapping[str, int]
    topics: tuple[int, ...] = ()
    attributes: tuple[tuple[int, str], ...] = ()
    above: int = 1
    left_out: tuple[str, ...] = ()
    standing: tuple[tuple[int, str], ...] = ()
    program: str = ""
    marks: tuple[tuple[int, Standing], ...] = ()
    joined: tuple[int, ...] = ()
    american: frozenset[int] = frozenset()
    made: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    evidence: tuple[tuple[int, str], ...] = ()
    beside: tuple[tuple[int, str], ...] = ()
    document: int | None = None
    remarks: tuple[int, ...] = ()
    spoken: tuple[tuple[int, Mapping[str, Standing]], ...] = ()
    own: int | None = None
    lists: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    certain: frozenset[int] = frozenset()
    answered: frozenset[int] = frozenset()
    strays: tuple[int, ...] = ()
    gone: bool = False

    @property
    def telling(self) -> tuple[tuple[int, str], ...]:
        """The columns with a status, without those that only seemed to be about it and hold other things."""
        return tuple(pair for pair in self.standing if pair[0] in self.certain or not claims.hints(pair[1]))


def layout(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> Layout:
    """Find out what the columns hold, from the first *rows*.

    *mapping* says it for columns by their names: a field (email, name, first_name, last_name, language, topics),
    JOINED, an attribute, or "" to leave the column out; OTHERS with "" leaves out all others. Raise PeopleError if
    no column holds addresses, or one that is said to be JOINED no days.
    """
    named = {column: target for column, target in (mapping or {}).items() if column != OTHERS}
    if (mapping or {}).get(OTHERS):
        remedy = f'leave them out: --map "{OTHERS}="'
        raise PeopleError("all other columns cannot be one thing", remedy=remedy)
    if not rows:
        raise PeopleError("there is nothing in it", remedy="write a line for each person, with an address")
    above = _titles(rows, named)
    if not mapping and _addressed(rows[above]):
        return _without_header(rows)
    whole = [cell.strip().lstrip("\ufeff") for cell in rows[above]]
    names = [*map(heading.shown, whole)]
    wanted = {plain(column): target.strip() for column, target in named.items()}
    for column in named:
        if plain(column) not in map(plain, names):
            more = f", and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
            listed = ", ".join(names[:LISTED]) + more
            raise PeopleError(f"there is no column {cited(column)}", remedy=f"the columns are: {listed}")
    found = _with_header(names, rows[above + 1 :], wanted, kept=OTHERS not in (mapping or {}))
    gone = any(title.gone(cell) for row in rows[:above] for cell in row)
    # What somebody agreed to is kept as they read it.
    beside = tuple((place, whole[place]) for place, _ in found.beside)
    return replace(found, above=above + 1, gone=gone, beside=beside)


def _titles(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> int:
    """Return how many records stand above the header: titles, as people write them into a spreadsheet.

    A row with an address is somebody's, though it may hold a word such as subscriber. A title may name a group by
    its address, in one cell above several.
    """
    known = {plain(column) for column in mapping} | {*ALIASES["email"]}
    for number, row in enumerate(rows[:MOST_TITLES]):
        if not _addressed(row) and not known.isdisjoint(map(plain, row)):
            named = any(_addressed(above) for above in rows[:number])
            alone = all(sum(map(bool, above)) < 2 for above in rows[:number])
            return number if mapping or not named or (alone and sum(map(bool, row)) > 1) else 0
    return 0


def _addressed(row: Sequence[str]) -> bool:
    return any("@" in cell for cell in row)


def _without_header(rows: Sequence[Sequence[str]]) -> Layout:
    first = rows[0]
    if sum("@" in cell for cell in first) > 1:
        raise PeopleError(
            "several addresses stand in one line",
            remedy="put a line break in place of what stands between them, or write a header",
        )
    email = next(place for place, cell in enumerate(first) if "@" in cell)
    others = tuple(f"column {place + 1}" for place in range(len(first)) if place != email)
    return Layout(
        width=len(first),
        fields={"email": email},
        above=0,
        left_out=others,
        names=tuple(f"column {place + 1}" for place in range(len(first))),
        strays=tuple(range(len(first))),
    )


def _with_header(
    names: Sequence[str], rows: Sequence[Sequence[str]], wanted: Mapping[str, str], *, kept: bool
) -> Layout:
    """Return the layout under a header; *kept* takes columns that nobody named for attributes."""
    program = exports.recognize(map(plain, names))
    found = _sorted_out(names, program, wanted, kept=kept)
    called = found.fields.get("email")
    email = called if "email" in wanted.values() else addresscolumn.find(names, rows, called)
    if email is not None and email != called:
        attributes = tuple(pair for pair in found.attributes if pair[0] != email)
        left = [*names[called : called + 1], *found.left_out] if called is not None else [*found.left_out]
        left_out = tuple(name for name in left if name != names[email])
        fields = {**found.fields, "email": email}
        found = replace(found, fields=fields, attributes=attributes, left_out=left_out)
    _hold_to_most(found)
    # What --map says of a column is all that it says.
    free = {plain(column): place for place, column in enumerate(names) if plain(column) not in wanted}
    taken = found.fields.values()
    found = replace(
        found,
        standing=tuple(
            (place, column) for column, place in free.items() if place not in taken and claims.tells(column)
        ),
        beside=tuple((place, names[place]) for column, place in free.items() if claims.proves(column)),
        remarks=tuple(place for column, place in free.items() if place not in taken and claims.remarks(column)),
    )
    found = _of_program(found, program, free) if program else _since(found, free, rows)
    said = [place for place, column in enumerate(names) if wanted.get(plain(column)) == JOINED]
    found = _mapped(found, said, rows)
    if found.own is None:
        plainly = [*enumerate(map(plain, names))]
        strays = (place for place, name in plainly if name not in wanted and not claims.elsewhere(name))
        found = replace(found, strays=tuple(strays))
    return weighed(found, rows)


def _sorted_out(names: Sequence[str], program: Program | None, wanted: Mapping[str, str], *, kept: bool) -> Layout:
    """Return what each column is by its name, and by what was *wanted* of it."""
    fields: dict[str, int] = {}
    attributes: dict[str, int] = {}
    left_out: list[str] = []
    topics: list[int] = []
    # Ours has the whole name in one column: a first name beside it is an attribute.
    known = ALIASES.keys() & program.header if program and program.own else ALIASES.keys()
    claimed = known & set(wanted.values())
    plainly = heading.plainly(names)
    for place, column in enumerate(names):
        guess = _guess(column, program)
        if guess in claimed or (guess in plainly and plain(column) not in ALIASES[guess]):
            # Another column was said to be that, or says so itself: this one is called what it is called.
            guess = column
        target = wanted.get(plain(column), guess if kept or guess in ALIASES else "")
        if target == "topics":
            topics.append(place)
        elif target in known and target not in fields:
            fields[target] = place
        elif not target or column in REJECTED:
            left_out.append(column or f"column {place + 1}")
        else:
            _claim(attributes, column, target, place, left_out)
    pairs = tuple((place, name) for name, place in sorted(attributes.items()))
    return Layout(len(names), fields, tuple(topics), pairs, left_out=tuple(left_out), names=tuple(names))


def _hold_to_most(found: Layout) -> None:
    """Refuse a table of more attributes than are kept."""
    if len(found.attributes) > attribute.MOST:
        last = found.names[max(place for place, _ in found.attributes)]
        remedy = f'leave some out: --map "{last}=", or all that are not known here: --map "{OTHERS}="'
        raise PeopleError(
            f"{len(found.attributes)} columns are too many; at most {attribute.MOST} are kept", remedy=remedy
        )


def _since(found: Layout, free: Mapping[str, int], rows: Sequence[Sequence[str]]) -> Layout:
    """Return the layout of no known program with the columns that say since when somebody subscribes.

    They are no attributes then. A column of other things than days keeps what it was taken for.
    """
    dated = {place: _dated(rows, place) for column, place in free.items() if period.since(column)}
    joined = tuple(place for place, american in dated.items() if american is not None)
    names = {plain(found.names[place]) for place in joined}
    unread = [place for place, american in dated.items() if american is None and _holds_numbers(rows, place)]
    made = [place for column, place in free.items() if period.made(column) and _dated(rows, place) is not None]
    return replace(
        found,
        joined=joined,
        made=() if joined else tuple(found.names[place] for place in made),
        unread=() if joined else tuple(found.names[place] for place in unread),
        american=frozenset(place for place in joined if dated[place]),
        standing=tuple(pair for pair in found.standing if pair[0] not in joined or claims.dated(pair[1])),
        attributes=tuple(pair for pair in found.attributes if pair[0] not in joined),
        left_out=tuple(column for column in found.left_out if plain(column) not in names),
    )


def _mapped(found: Layout, said: Sequence[int], rows: Sequence[Sequence[str]]) -> Layout:
    """Return the layout with the places that are *said* to tell since when; they go before any other."""
    dated = {place: _dated(rows, place) for place in said}
    for place, american in dated.items():
        if american is None:
            what = f"the days in {cited(found.names[place])} can be read in two ways, or not at all"
            raise PeopleError(what, remedy="write them as 2025-01-31")
    return replace(
        found,
        joined=(*dated, *found.joined),
        made=() if dated else found.made,
        unread=() if dated else found.unread,
        american=found.american | {place for place, american in dated.items() if american},
        left_out=tuple(column for column in found.left_out if column not in [found.names[each] for each in said]),
    )


def _dated(rows: Sequence[Sequence[str]], place: int) -> bool | None:
    """Return whether the days of a column begin with the month; None if it holds other things, or is not clear."""
    cells = (row[place] for row in rows if place < len(row))
    said = [cell for cell in cells if not NEVER.fullmatch(words(cell))]
    american = day.american(said)
    if american is None:
        # What is not clear in one column another one may tell.
        american = day.american(cell for row in rows for cell in row)
    if not said or american is None or not all(day.moment(cell, american=american) for cell in said):
        return None
    return american


def _holds_numbers(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether there are numbers in a column, as in days, and not only a yes or a 1."""
    return any(re.search(r"\d\d", row[place]) for row in rows if place < len(row))


def weighed(layout: Layout, rows: Iterable[Sequence[str]]) -> Layout:
    """Return the *layout* with what all *rows* below the header tell of its columns with a status.

    A file may be sorted by them: what the first rows alone say is no judgement on those that follow.
    """
    said: dict[int, set[str]] = {place: set() for place, _ in layout.standing}
    told: dict[int, list[str]] = {place: [] for place in said}
    own: set[str] = set()
    for row in rows if said or layout.own is not None else ():
        if layout.own is not None and layout.own < len(row):
            own.add(row[layout.own])
        for place, cells in said.items():
            if place < len(row):
                cells.add(row[place])
                if len(cells) > MOST_WORDS:
                    told[place] = claims.telling([*told[place], *map(words, cells)])
                    cells.clear()
    heard = [(place, column, [*told[place], *map(words, said[place])]) for place, column in layout.standing]
    return replace(
        layout,
        standing=tuple((place, column) for place, column, words in heard if not claims.refuted(column, words)),
        certain=frozenset(place for place, column, words in heard if claims.certain(column, words)),
        answered=frozenset(place for place, column, words in heard if claims.answered(column, words)),
        lists=frozenset(list_ for cell in own for list_ in exports.by_list(cell)),
    )


def _of_program(found: Layout, program: Program, free: Mapping[str, int]) -> Layout:
    """Return the layout with what is known of the exports of *program*; *free* are the places of its columns."""
    spoken = dict(program.words)
    read = {program.document, program.own, *program.joined, *dict(program.marks), *spoken}
    return replace(
        found,
        program=program.name,
        standing=tuple(
            pair
            for pair in found.standing
            if pair[1] not in spoken
            and not (pair[1] in program.fields and (claims.hints(pair[1]) or claims.dated(pair[1])))
        ),
        spoken=tuple((free[column], meant) for column, meant in program.words if column in free),
        marks=tuple((free[column], standing) for column, standing in program.marks if column in free),
        joined=_places(program.joined, free),
        evidence=tuple((free[column], words) for column, words in program.evidence if column in free),
        document=free.get(program.document),
        own=free.get(program.own),
        left_out=tuple(
            column for column in found.left_out if plain(column) not in read and not claims.tells(plain(column))
        ),
    )


def _places(columns: Iterable[str], free: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(free[column] for column in columns if column in free)


def _guess(column: str, program: Program | None) -> str:
    """Return the field that a column's name stands for, the name itself, or "" for what is left out."""
    name = bare(column)
    if program and program.own:
        # Ours calls its fields by their names alone: any other name is that of an attribute.
        return "" if name in program.fields else name if name in ALIASES and name in program.header else column
    if program and name in program.fields:
        return program.fields[name]
    kept = "" if claims.private(name) else column
    return next((field for field, names in ALIASES.items() if name in names), kept)


def _claim(attributes: dict[str, int], column: str, target: str, place: int, left_out: list[str]) -> None:
    try:
        name = attribute.name(target)
    except PeopleError:
        left_out.append(column)
        return
    if name in attributes:
        remedy = f'tell them apart with --map "{column}=..."; if they have one name, rename one in the file'
        raise PeopleError(f"two columns would become the attribute {cited(name)}", remedy=remedy)
    attributes[name] = place


def told(layout: Layout) -> Iterator[str]:
    """Yield what each column that is read was taken for: ``Stad = city``, or its name alone where that says it."""
    taken = {place: field for field, place in layout.fields.items()} | dict(layout.attributes)
    taken |= dict.fromkeys(layout.topics, "topics")
    taken |= {
        place: "status" for place, _ in (*layout.telling, *layout.marks, *layout.spoken) if place not in taken
    }
    taken |= dict.fromkeys(layout.joined, "since")
    taken |= {place: "attributes" for place in (layout.document,) if place is not None}
    for place, name in sorted(taken.items()):
        column = layout.names[place]
        yield column if plain(column) == plain(name) else f"{column} = {name}"
