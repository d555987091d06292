"""What can go wrong with letters, in words an editor can act on.

Every message reads ``where: what; what to do``. Only `newsletter.cli.failing` turns these into exit codes.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from subscribers.errors import ToldError, cited, meant

__all__ = ["ToldError", "cited", "meant"]


def shortened(text: str, length: int = 60) -> str:
    """Return *text* as a message shows it: on one line, cut to *length* characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


class NewsletterError(ToldError):
    """The base of every error of this package."""


class UsageError(NewsletterError):
    """What was asked for makes no sense: exit code 2."""

    code = "usage"


class NotFoundError(NewsletterError):
    """What was named does not exist: exit code 4."""

    code = "not-found"


class RefusedError(NewsletterError):
    """The program will not do this as things stand: exit code 5."""

    code = "refused"


class NothingNewError(NewsletterError):
    """There is no article that an issue could be made of: exit code 7."""

    code = "nothing-new"


class TryAgainError(NewsletterError):
    """A passing fault; the same command may work later: exit code 75 (sysexits.h, EX_TEMPFAIL)."""

    code = "try-again"


class SettingsError(NewsletterError):
    """`newsletter.toml` or a theme's settings cannot be used."""

    code = "settings"


class SourceError(NewsletterError):
    """A source or an article file cannot be read."""

    code = "source"


class IssueError(NewsletterError):
    """An issue file cannot be understood."""

    code = "issue"


class TemplateError(NewsletterError):
    """A template is missing or does not render."""

    code = "template"


class MailboxError(NewsletterError):
    """A mailbox cannot be read: it is not there, does not answer, or refuses the log-in."""

    code = "mailbox"


class UnmarkedError(MailboxError):
    """One message cannot be marked as read: the mailbox refuses it, and can be used on."""


class RouteError(NewsletterError):
    """An SMTP route cannot be used: it does not answer, refuses the log-in, or is not safe."""

    code = "route"


def textual(name: object) -> str:
    """Return the name of a file as text that can be kept and shown: what of it is no UTF-8 is a question mark."""
    return str(name).encode("utf-8", "replace").decode()


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Let a refusal of the system within the block name *path*: one to write to an open file (ENOSPC) does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


#: Why a connection fails that no server ever hears of, and what helps: each connection is an open file.
CROWDED = "too many open files on this machine"
MORE_FILES = (
    "allow this program more open files (`ulimit -n 4096`; LimitNOFILE= of a service), or write fewer connections "
    "under [[smtp]]"
)

#: What to do where the system refuses.
_REMEDIES = {
    errno.EACCES: "mend its permissions, or run the command as its owner",
    errno.EPERM: "mend its permissions, or run the command as its owner",
    errno.EISDIR: "move this folder away; a file belongs there",
    errno.EROFS: "write to another disk; this one can only be read",
    errno.ENOSPC: "make room on the disk, then run the command again",
    errno.EDQUOT: "make room on the disk, then run the command again",
    errno.EMFILE: MORE_FILES,
    errno.ENFILE: MORE_FILES,
}


def refused(error: OSError) -> NewsletterError:
    """Return *error* in words: what the system refused, where, and what to do."""
    what = (error.strerror or str(error)).lower()  # "Is a directory" stands within a sentence
    return NewsletterError(what, where=str(error.filename or ""), remedy=_REMEDIES.get(error.errno or 0, ""))


def said(error: Exception) -> str:
    """Return what went wrong in words for whoever reads the log; what the system says, as `refused` does."""
    return str(refused(error) if isinstance(error, OSError) else error)


def unheard(error: OSError, where: str, other: str) -> NewsletterError:
    """Return *error* in words: why no program can listen at *where*. *other* is how to choose another port."""
    match error.errno:
        case errno.EADDRINUSE:
            what, remedy = "another program listens on this port", f"end it, or {other}"
        case errno.EACCES | errno.EPERM:
            what, remedy = "only root may listen on a port below 1024", other
        case _:
            what, remedy = f"cannot listen here: {error.strerror}", other
    return NewsletterError(what, where=where, remedy=remedy)
