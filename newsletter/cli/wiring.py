"""Open what commands about people need, from the workspace: the database, the keys, the segments."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from newsletter.cli import doubting
from newsletter.cli.terminal import now, say
from newsletter.errors import NewsletterError, NotFoundError, RefusedError
from newsletter.files import keyring, private
from newsletter.files import segments as segmentfile
from newsletter.files.workspace import Workspace
from subscribers.errors import SegmentError
from subscribers.expression import Expression
from subscribers.model import MailingList, Segment
from subscribers.segment import parse
from subscribers.store.file.open import Connection, connect
from subscribers.store.register import attributes, lists
from subscribers.token import Ring

if TYPE_CHECKING:
    from newsletter.fetch.access import Access

#: A file of people of so many bytes is brought up to date in more than a moment.
LARGE = 10 * 2**20


@contextmanager
def people(workspace: Workspace) -> Iterator[Connection]:
    """Have the people's database open during the block. Raise as `opened`."""
    with closing(opened(workspace)) as connection:
        yield connection


def opened(workspace: Workspace) -> Connection:
    """Open the people's database, which knows the lists of the settings afterwards. Whoever has it closes it.

    Raise StoreError, and RefusedError if it was lost: an empty one in its place would go unnoticed.
    """
    workspace.people.parent.mkdir(mode=0o700, exist_ok=True)
    _refuse_lost(workspace)
    connection = connect(workspace.people, bringing=_patience)
    lists.ensure(
        connection, (MailingList(each.slug, each.title(), each.opt_in) for each in workspace.settings.lists)
    )
    return connection


def _refuse_lost(workspace: Workspace) -> None:
    """Raise RefusedError if the people's file is missing, or empty, beside what sending or `serve` left there."""
    there = workspace.people.exists()
    if there and workspace.people.stat().st_size:
        return
    traces = [path for path in (workspace.watermark, workspace.lock, workspace.serving) if path.exists()]
    if traces:
        what = "the file of people is empty" if there else "the file of people is missing"
        named = ", ".join(str(path.relative_to(workspace.root)) for path in traces)
        remedy = f"put back a copy: newsletter restore FILE; to begin anew with nobody, delete {named}"
        raise RefusedError(what, where=str(workspace.people), remedy=remedy)


def _patience(size: int) -> None:
    """Say why the first command of a new version takes long, for a file of so many bytes."""
    if size > LARGE:
        say(f"Bringing the people's file ({size / 2**20:,.0f} MB) up to date, once for this version.")


def ring(workspace: Workspace) -> Ring:
    """Return the keys that sign links. Raise NotFoundError or RefusedError, as `keyring.load` does."""
    return Ring(tuple(key.secret for key in keyring.load(workspace.keys)))


def secret(variable: str, where: str, error: type[NewsletterError], what: str = "password") -> str:
    """Return what a *variable* of the environment holds. Raise *error*, about *where*, if it is not set."""
    if held := os.environ.get(variable, ""):
        return held
    said = f"the variable {variable} with the {what} is not set"
    raise error(said, where=where, remedy=f"run: export {variable}=…")


def access(workspace: Workspace, name: str, username: str, error: type[NewsletterError]) -> "Access":
    """Return what lets us log in to the mail of *username* by the [[oauth]] of this *name*.

    Raise *error* if a variable of the environment is not set, NotFoundError or RefusedError for a key's file.
    """
    from newsletter.fetch.access import Access
    from newsletter.grant import Held

    by = next(each for each in workspace.settings.oauths if each.name == name)
    where = f"[[oauth]] {name}"
    held = Held(
        secret=secret(by.secret_env, where, error, "secret") if by.secret_env else "",
        refresh=secret(by.refresh_env, where, error, "refresh token") if by.refresh_env else "",
        key=private.key(workspace.root / by.key_file, "put the service account's key there")
        if by.key_file
        else b"",
    )
    return Access(by, held, username, error, now)


def segments(workspace: Workspace) -> Mapping[str, Segment]:
    """Return the named segments. Raise SettingsError."""
    return segmentfile.load(workspace.segments)


def meant(workspace: Workspace, text: str, where: str = "") -> tuple[str, str]:
    """Return the expression that *text* is or names, and its place in messages, *where* for its own.

    Raise NotFoundError for a single word that names no segment.
    """
    named, word = segments(workspace), text.strip()
    if word in named:
        return named[word].expression, named[word].where
    if re.fullmatch(r"[\w-]+", word):
        known = ", ".join(named) or "none yet; `newsletter segments add` makes one"
        raise NotFoundError(f"there is no segment “{word}”", where=where, remedy=f"known segments: {known}")
    return text, where


def fields(workspace: Workspace, connection: Connection) -> frozenset[str]:
    """Return every attribute that somebody has, or can tell us at signup."""
    return attributes.known(connection) | {each.slug for each in workspace.settings.fields}


def expression(workspace: Workspace, connection: Connection, text: str, where: str = "") -> Expression:
    """Return the tree of *text*, a named segment or an expression; *where* is its place in messages.

    The attributes that it asks for have their own columns and indexes in the database afterwards.

    Raise NotFoundError for a single word that names no segment, SegmentError for a fault in an expression.
    """
    text, where = meant(workspace, text, where)
    slugs = frozenset(each.slug for each in lists.all(connection))
    try:
        tree = parse(text, fields(workspace, connection), slugs)
    except SegmentError as error:
        raise SegmentError(
            error.what, expression=error.expression, column=error.column, where=where, remedy=error.remedy
        ) from None
    tree = attributes.index(connection, tree)
    doubting.tell(workspace, connection, tree)
    return tree
