"""The schema, as steps that are applied once each and in order. A released step is never edited."""

import re
import sqlite3
from enum import StrEnum

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from subscribers.event import EventKind
from subscribers.status import (
    DeliveryState,
    Frequency,
    MailState,
    SendState,
    SubscriberStatus,
    SubscriptionStatus,
)

MIGRATIONS = Migrations("subscribers")


def bring(connection: sqlite3.Connection) -> None:
    """Take the steps that were not taken yet."""
    MIGRATIONS.apply(Database(connection))


def _one_of(kind: type[StrEnum]) -> str:
    return ", ".join(f"'{member}'" for member in kind)


@MIGRATIONS()
def people(db: Database) -> None:
    """People, what they subscribe to, what they agreed to, and who is never mailed again."""
    for statement in (
        f"""CREATE TABLE subscribers (
            id INTEGER PRIMARY KEY,
            email TEXT NOT NULL,
            canonical TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL DEFAULT '',
            language TEXT NOT NULL DEFAULT '',
            attributes TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(attributes)),
            status TEXT NOT NULL CHECK (status IN ({_one_of(SubscriberStatus)})),
            joined TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE lists (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            opt_in TEXT NOT NULL CHECK (opt_in IN ('double', 'single'))
        ) STRICT""",
        f"""CREATE TABLE subscriptions (
            list_id INTEGER NOT NULL REFERENCES lists (id),
            subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
            status TEXT NOT NULL CHECK (status IN ({_one_of(SubscriptionStatus)})),
            since TEXT NOT NULL,
            PRIMARY KEY (list_id, subscriber_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX subscriptions_by_person ON subscriptions (subscriber_id)",
        """CREATE TABLE topics (
            topic TEXT NOT NULL,
            subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
            PRIMARY KEY (topic, subscriber_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX topics_by_person ON topics (subscriber_id)",
        """CREATE TABLE consents (
            id INTEGER PRIMARY KEY,
            subscriber_id INTEGER NOT NULL,
            list TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('signup', 'confirm', 'change', 'withdraw', 'import')),
            at TEXT NOT NULL,
            source TEXT NOT NULL,
            wording TEXT NOT NULL,
            language TEXT NOT NULL,
            network TEXT NOT NULL,
            message_id TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX consents_by_person ON consents (subscriber_id)",
        """CREATE TABLE suppressions (
            id INTEGER PRIMARY KEY,
            canonical TEXT UNIQUE,
            digest TEXT UNIQUE,
            reason TEXT NOT NULL,
            evidence TEXT NOT NULL,
            at TEXT NOT NULL,
            CHECK ((canonical IS NULL) <> (digest IS NULL))
        ) STRICT""",
        # One row for each thing that is limited (a confirm mail to an address, a post from a network).
        "CREATE TABLE hits (bucket TEXT NOT NULL, at TEXT NOT NULL) STRICT",
        "CREATE INDEX hits_by_bucket ON hits (bucket, at)",
    ):
        db.execute(statement)


@MIGRATIONS()
def ledger(db: Database) -> None:
    """Sends, what they say, and one row for every recipient; and the mails that people's own acts call for."""
    for statement in (
        f"""CREATE TABLE sends (
            id INTEGER PRIMARY KEY,
            issue TEXT NOT NULL,
            list TEXT NOT NULL,
            rule TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ({_one_of(SendState)})),
            content TEXT NOT NULL,
            created TEXT NOT NULL,
            due TEXT,
            started TEXT,
            ended TEXT,
            forced TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        # What a variant says is the letters' own affair: people keep it as it is.
        """CREATE TABLE variants (
            send_id INTEGER NOT NULL REFERENCES sends (id),
            name TEXT NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (send_id, name)
        ) STRICT, WITHOUT ROWID""",
        f"""CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            send_id INTEGER NOT NULL REFERENCES sends (id),
            subscriber_id INTEGER NOT NULL,
            variant TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ({_one_of(DeliveryState)})),
            attempts INTEGER NOT NULL DEFAULT 0,
            due TEXT,
            code INTEGER NOT NULL DEFAULT 0,
            enhanced TEXT NOT NULL DEFAULT '',
            reply TEXT NOT NULL DEFAULT '',
            updated TEXT NOT NULL,
            UNIQUE (send_id, subscriber_id)
        ) STRICT""",
        "CREATE INDEX deliveries_by_state ON deliveries (send_id, state, due)",
        "CREATE INDEX deliveries_by_person ON deliveries (subscriber_id)",
        f"""CREATE TABLE mails (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
            list TEXT NOT NULL,
            language TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ({_one_of(MailState)})),
            attempts INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL,
            created TEXT NOT NULL,
            reply TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "CREATE INDEX mails_by_state ON mails (state, due)",
    ):
        db.execute(statement)


@MIGRATIONS()
def wishes(db: Database) -> None:
    """How often somebody wants letters, until when none, and why they left."""
    for statement in (
        f"""ALTER TABLE subscribers ADD COLUMN frequency TEXT NOT NULL DEFAULT '{Frequency.EVERY}'
            CHECK (frequency IN ({_one_of(Frequency)}))""",
        # A day; nothing is sent before it. '' means no pause.
        "ALTER TABLE subscribers ADD COLUMN paused TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE departures (
            id INTEGER PRIMARY KEY,
            subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
            list TEXT NOT NULL,
            reason TEXT NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (subscriber_id, list)
        ) STRICT""",
    ):
        db.execute(statement)


@MIGRATIONS()
def evidence(db: Database) -> None:
    """The ledger refuses every change but two: an erased person's words go, and networks after their time."""
    for statement in (
        "ALTER TABLE consents ADD COLUMN seal TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE consents ADD COLUMN salt TEXT NOT NULL DEFAULT ''",
        """CREATE TRIGGER consents_stay BEFORE DELETE ON consents
           BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END""",
        """CREATE TRIGGER consents_are_fixed BEFORE UPDATE ON consents WHEN NOT (
               NEW.id = OLD.id AND NEW.subscriber_id = OLD.subscriber_id AND NEW.list = OLD.list
               AND NEW.what = OLD.what AND NEW.at = OLD.at AND NEW.hash = OLD.hash AND NEW.seal = OLD.seal
               AND NEW.network = '' AND NEW.salt = '' AND (
                   (OLD.seal <> '' AND NEW.source = OLD.source AND NEW.wording = OLD.wording
                       AND NEW.language = OLD.language AND NEW.message_id = OLD.message_id)
                   OR (NEW.source = '' AND NEW.wording = '' AND NEW.language = '' AND NEW.message_id = ''
                       AND EXISTS (SELECT 1 FROM subscribers s
                           WHERE s.id = OLD.subscriber_id AND s.status = 'erased'))))
           BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END""",
    ):
        db.execute(statement)


@MIGRATIONS()
def attributes(db: Database) -> None:
    """The names of the attributes that people have; those that segments use get a column and an index on demand.

    *place* is the number of the column ``attribute_N``, or NULL.
    """
    for statement in (
        "CREATE TABLE attributes (name TEXT PRIMARY KEY, place INTEGER UNIQUE) STRICT, WITHOUT ROWID",
        """INSERT INTO attributes (name) SELECT DISTINCT j.key FROM subscribers s, json_each(s.attributes) j
           WHERE s.attributes <> '{}'""",
        "CREATE INDEX subscribers_by_joined ON subscribers (joined)",
    ):
        db.execute(statement)


@MIGRATIONS()
def limits(db: Database) -> None:
    """Count by the minute what is limited: a busy day makes hundreds of rows and not thousands."""
    for statement in (
        "DROP TABLE hits",
        """CREATE TABLE hits (
            bucket TEXT NOT NULL,
            minute INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (bucket, minute)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


@MIGRATIONS()
def retention(db: Database) -> None:
    """Find at once what is kept for a time only."""
    for statement in (
        "CREATE INDEX subscriptions_that_wait ON subscriptions (since) WHERE status = 'pending'",
        "CREATE INDEX consents_with_network ON consents (at) WHERE network <> ''",
    ):
        db.execute(statement)


@MIGRATIONS()
def returns(db: Database) -> None:
    """What came back about deliveries, and which messages were read, so that each counts once."""
    for statement in (
        """CREATE TABLE received (
            digest TEXT PRIMARY KEY,
            source TEXT NOT NULL,
            kind TEXT NOT NULL,
            proved INTEGER NOT NULL CHECK (proved IN (0, 1)),
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX received_by_time ON received (at)",
        f"""CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
            subscriber_id INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ({_one_of(EventKind)})),
            reason TEXT NOT NULL,
            status TEXT NOT NULL,
            text TEXT NOT NULL,
            source TEXT NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (delivery_id, kind, reason, source)
        ) STRICT""",
        "CREATE INDEX events_by_person ON events (subscriber_id, at)",
    ):
        db.execute(statement)


@MIGRATIONS()
def paces(db: Database) -> None:
    """How fast domains and routes may be sent to, and what of an hour's or a day's ration is used up."""
    for statement in (
        "CREATE TABLE paces (name TEXT PRIMARY KEY, rate REAL NOT NULL, since TEXT NOT NULL) STRICT",
        """CREATE TABLE rations (
            name TEXT NOT NULL,
            part INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (name, part)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


@MIGRATIONS()
def opened(db: Database) -> None:
    """Which links of letters are counted, how often they were opened, and by whom of those who agreed to that."""
    for statement in (
        """CREATE TABLE links (
            id TEXT PRIMARY KEY,
            send_id INTEGER NOT NULL REFERENCES sends (id),
            variant TEXT NOT NULL,
            place INTEGER NOT NULL,
            url TEXT NOT NULL,
            label TEXT NOT NULL,
            UNIQUE (send_id, variant, place)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE clicks (
            link_id TEXT NOT NULL REFERENCES links (id),
            hour TEXT NOT NULL,
            scanner INTEGER NOT NULL CHECK (scanner IN (0, 1)),
            count INTEGER NOT NULL,
            PRIMARY KEY (link_id, hour, scanner)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE watched (
            subscriber_id INTEGER PRIMARY KEY REFERENCES subscribers (id) ON DELETE CASCADE,
            since TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE footprints (
            id INTEGER PRIMARY KEY,
            subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
            send_id INTEGER NOT NULL,
            link_id TEXT REFERENCES links (id),
            at TEXT NOT NULL,
            scanner INTEGER NOT NULL CHECK (scanner IN (0, 1))
        ) STRICT""",
        "CREATE INDEX footprints_by_send ON footprints (send_id, subscriber_id)",
        "CREATE INDEX footprints_by_person ON footprints (subscriber_id)",
        "CREATE INDEX footprints_by_time ON footprints (at)",
    ):
        db.execute(statement)


@MIGRATIONS()
def steps(db: Database) -> None:
    """Let a delivery cost little: it is in few indexes, and its check makes no table for each row.

    SQLite makes one for each list of three or more after IN. Nobody looks for what is accepted. A person's letters
    are found by send and person: sends are few.
    """
    known = " OR ".join(f"state = '{state}'" for state in DeliveryState)
    for statement in (
        "DROP INDEX deliveries_by_state",
        "DROP INDEX deliveries_by_person",
        "ALTER TABLE deliveries RENAME COLUMN state TO state_before",
        f"ALTER TABLE deliveries ADD COLUMN state TEXT NOT NULL DEFAULT 'queued' CHECK ({known})",
        "UPDATE deliveries SET state = state_before",
        "ALTER TABLE deliveries DROP COLUMN state_before",
        """CREATE INDEX deliveries_that_wait ON deliveries (send_id, state, due)
            WHERE state = 'queued' OR state = 'deferred'""",
        """CREATE INDEX deliveries_in_hand ON deliveries (send_id)
            WHERE state = 'claimed' OR state = 'committing'""",
        """CREATE INDEX deliveries_amiss ON deliveries (send_id, state)
            WHERE state = 'refused' OR state = 'uncertain' OR state = 'suppressed' OR state = 'cancelled'""",
    ):
        db.execute(statement)


@MIGRATIONS()
def checks(db: Database) -> None:
    """Let a signup cost little, too: the checks of what it writes make no table for each row."""
    for table in ("subscriptions", "consents", "mails"):
        old, *beside = (
            row[0]
            for row in db.execute(
                """SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL
                   ORDER BY type <> 'table', name""",
                (table,),
            ).fetchall()
        )
        made = re.sub(r"CHECK \((\w+) IN \(([^()]*)\)\)", _alternatives, old)
        db.execute(made.replace(f"CREATE TABLE {table}", f"CREATE TABLE {table}_made", 1))
        db.execute(f"INSERT INTO {table}_made SELECT * FROM {table}")  # noqa: S608 - names of ours
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}_made RENAME TO {table}")
        for statement in beside:
            db.execute(statement)


def _alternatives(found: "re.Match[str]") -> str:
    return f"CHECK ({' OR '.join(f'{found[1]} = {value}' for value in found[2].split(', '))})"


@MIGRATIONS()
def fresh(db: Database) -> None:
    """Keep who was never tried out of the indexes: those rows stand side by side, ``next`` to ``last`` of a send.

    One index knows all other rows but the accepted ones. A row that is queued without a *due* is a fresh one; what
    was queued again, and waits for no time, has '' there.
    """
    for column in ("next", "last"):
        db.execute(f"ALTER TABLE sends ADD COLUMN {column} INTEGER")
    ends = db.execute("SELECT send_id, min(id), max(id) FROM deliveries GROUP BY send_id").fetchall()
    for send, first, last in ends:
        values = {"send": send, "first": first, "last": last}
        db.execute(
            """UPDATE sends SET last = :last, next = 1 + coalesce((SELECT id FROM deliveries NOT INDEXED
                   WHERE id BETWEEN :first AND :last AND send_id = :send AND (state <> 'queued' OR due IS NOT NULL)
                   ORDER BY id DESC LIMIT 1), :first - 1) WHERE id = :send""",
            values,
        )
        db.execute(
            """UPDATE deliveries SET due = '' WHERE send_id = :send AND state = 'queued' AND due IS NULL
               AND id < (SELECT next FROM sends WHERE id = :send)""",
            values,
        )
    for statement in (
        "DROP INDEX deliveries_that_wait",
        "DROP INDEX deliveries_in_hand",
        "DROP INDEX deliveries_amiss",
        """CREATE INDEX deliveries_listed ON deliveries (send_id, state, due)
            WHERE (due IS NOT NULL OR state <> 'queued') AND state <> 'accepted'""",
    ):
        db.execute(statement)
