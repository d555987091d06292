"""What can go wrong with people. Every message reads ``where: what; what to do``."""

from collections.abc import Iterable


def cited(value: object) -> str:
    """Return what somebody wrote as a message shows it: in “ ” on one line, invisible characters as escapes.

    What is no text, such as a number, stands there as it is.
    """
    if not isinstance(value, str):
        return str(value)
    signs = (sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in value)
    return f"“{''.join(signs)}”"


def meant(typed: str, known: Iterable[str], otherwise: str) -> str:
    """Return what to do about a word that is not *known*: ask whether one like it was meant, or *otherwise*."""
    # Who makes no mistake need not wait for it.
    from difflib import get_close_matches

    close = get_close_matches(typed, [*known], 1)
    return f"did you mean {close[0]}?" if close else otherwise


class ToldError(Exception):
    """An error that speaks to a person.

    *what* says what is wrong, *where* names the file, line or address (empty: nowhere in particular),
    *remedy* says what to do (empty: nothing is known to help). *code* is its name for programs.
    """

    code = "failure"

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        # What takes several lines is a list; what to do about it stands below.
        pause = "\n" if "\n" in self.what else "; "
        remedy = f"{pause}{self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}"


class PeopleError(ToldError):
    """The base of every error of this package."""


class AddressError(PeopleError):
    """An address that no mail can be sent to."""

    code = "address"


class ElsewhereError(PeopleError):
    """Somebody of whom an export says that they are in other lists only."""

    code = "elsewhere"


class SegmentError(PeopleError):
    """A segment expression that cannot be read. *column* counts from 1; *where* is the file it is in, if any."""

    code = "segment"

    def __init__(self, what: str, *, expression: str, column: int, where: str = "", remedy: str = "") -> None:
        self.expression = expression
        self.column = column
        super().__init__(what, where=where, remedy=remedy)
        if where:
            self.code = "settings"

    def __str__(self) -> str:
        return f"{super().__str__()}\n  {self.expression}\n  {' ' * (self.column - 1)}^"


class UnknownError(PeopleError):
    """A person, list or send that does not exist."""

    code = "not-found"


class TransitionError(PeopleError):
    """A status that cannot follow the present one. A bug in the caller, or two programs at once."""

    code = "transition"


class StoreError(PeopleError):
    """The database cannot be opened, read or written."""

    code = "store"


class BusyError(StoreError):
    """Another program has written to the database for longer than anybody waits."""

    code = "try-again"


class TakenError(StoreError):
    """A file would be replaced that somebody may need."""

    code = "refused"


class LockedError(PeopleError):
    """Another process holds what this one needs; the message says who, where that is known."""

    code = "try-again"


class TokenError(PeopleError):
    """A link that this program did not make, or that has expired."""

    code = "token"
