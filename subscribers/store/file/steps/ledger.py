"""Steps of the schema for letters: sends, the ledger of who was sent what, and what came back."""

from sqlite_utils import Database

from subscribers.event import EventKind
from subscribers.status import DeliveryState, MailState, SendState
from subscribers.store.file.steps import one_of


def ledger(db: Database) -> None:
    """Sends, what they say, and one row for every recipient; and the mails that people's own acts call for."""
    for statement in (
        f"""CREATE TABLE sends (
            id INTEGER PRIMARY KEY,
            issue TEXT NOT NULL,
            list TEXT NOT NULL,
            rule TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ({one_of(SendState)})),
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
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ({one_of(DeliveryState)})),
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
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ({one_of(MailState)})),
            attempts INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL,
            created TEXT NOT NULL,
            reply TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "CREATE INDEX mails_by_state ON mails (state, due)",
    ):
        db.execute(statement)


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
            kind TEXT NOT NULL CHECK (kind IN ({one_of(EventKind)})),
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


def asked(db: Database) -> None:
    """Find one person's mails at once: whoever asks what is known of them, or is forgotten, asks for those."""
    db.execute("CREATE INDEX mails_by_person ON mails (subscriber_id)")


def answers(db: Database) -> None:
    """What readers answered to the questions of letters, each under a hash that tells nobody who it is."""
    db.execute(
        """CREATE TABLE answers (
            send_id INTEGER NOT NULL REFERENCES sends (id),
            reader TEXT NOT NULL,
            question TEXT NOT NULL,
            answer INTEGER NOT NULL,
            PRIMARY KEY (send_id, reader, question)
        ) STRICT, WITHOUT ROWID"""
    )


def decisions(db: Database) -> None:
    """Which of two subjects the rest of a send gets, when that is decided, and what was counted then."""
    db.execute(
        """CREATE TABLE decisions (
            send_id INTEGER PRIMARY KEY REFERENCES sends (id),
            wait INTEGER NOT NULL,
            due TEXT,
            taken TEXT,
            winner TEXT NOT NULL DEFAULT '' CHECK (winner IN ('', 'a', 'b')),
            chosen INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
            arrived_a INTEGER NOT NULL DEFAULT 0,
            clicks_a INTEGER NOT NULL DEFAULT 0,
            arrived_b INTEGER NOT NULL DEFAULT 0,
            clicks_b INTEGER NOT NULL DEFAULT 0
        ) STRICT"""
    )


def series(db: Database) -> None:
    """Name the issue whose words a mail has: a letter of the series that new readers get."""
    db.execute("ALTER TABLE mails ADD COLUMN issue TEXT NOT NULL DEFAULT ''")
