"""Steps of the schema for people: what they subscribe to, agreed to and wish, and what is kept for a time only."""

import re

from sqlite_utils import Database

from subscribers.status import Frequency, SubscriberStatus, SubscriptionStatus
from subscribers.store.file.steps import one_of


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
            status TEXT NOT NULL CHECK (status IN ({one_of(SubscriberStatus)})),
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
            status TEXT NOT NULL CHECK (status IN ({one_of(SubscriptionStatus)})),
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


def wishes(db: Database) -> None:
    """How often somebody wants letters, until when none, and why they left."""
    for statement in (
        f"""ALTER TABLE subscribers ADD COLUMN frequency TEXT NOT NULL DEFAULT '{Frequency.EVERY}'
            CHECK (frequency IN ({one_of(Frequency)}))""",
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


def retention(db: Database) -> None:
    """Find at once what is kept for a time only."""
    for statement in (
        "CREATE INDEX subscriptions_that_wait ON subscriptions (since) WHERE status = 'pending'",
        "CREATE INDEX consents_with_network ON consents (at) WHERE network <> ''",
    ):
        db.execute(statement)


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


def moves(db: Database) -> None:
    """Know whose earlier address somebody had: that person's number, NULL for nobody's."""
    db.execute("ALTER TABLE subscribers ADD COLUMN moved_from INTEGER")


def _alternatives(found: "re.Match[str]") -> str:
    return f"CHECK ({' OR '.join(f'{found[1]} = {value}' for value in found[2].split(', '))})"
