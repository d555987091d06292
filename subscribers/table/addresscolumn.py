"""Find the column of a table of people in which their addresses stand."""

from collections.abc import Sequence

from subscribers.errors import PeopleError


def find(names: Sequence[str], rows: Sequence[Sequence[str]], called: int | None) -> int:
    """Return the place of the column with the addresses: the one that is *called* so, None for none.

    Forms have a column for whoever is logged in, and another for the address that is given: where no row has an @
    in the one that is called so, the only one in which every row has an @ is meant. Raise PeopleError.
    """
    if called is not None and any("@" in row[called] for row in rows if called < len(row)):
        return called
    full = [place for place in range(len(names)) if _is_full([row[place] for row in rows if place < len(row)])]
    if len(full) == 1:
        return full[0]
    if called is not None:
        return called
    listed = ", ".join(name for name in names if name) or "none"
    likely = max(range(len(names)), key=lambda place: _addresses(rows, place), default=None)
    there = likely is not None and _addresses(rows, likely) > 0
    meant = names[likely] if likely is not None and there else next(filter(None, names), "")
    remedy = f'say which: --map "{meant or "Column"}=email" (the columns are: {listed})'
    if there:
        raise PeopleError("no column is known to hold the addresses", remedy=remedy)
    raise PeopleError(
        "there is no address in its first lines", remedy=f"is it the right file? If a column holds them, {remedy}"
    )


def _addresses(rows: Sequence[Sequence[str]], place: int) -> int:
    return sum("@" in row[place] for row in rows if place < len(row))


def _is_full(cells: Sequence[str]) -> bool:
    return bool(cells) and all("@" in cell for cell in cells)
