"""Signing up, for many at once: those who ask while others are written down are written down together.

A signup tells a stranger nothing: whoever the address belongs to, the caller gets the same answer. Nobody's data
changes because somebody typed their address; only the owner of the mailbox confirms.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from subscribers import attribute
from subscribers.errors import UnknownError, cited
from subscribers.model import Address, Consent, Follow
from subscribers.status import SubscriptionStatus
from subscribers.store.file.open import stamp
from subscribers.store.ledger import mails
from subscribers.store.register import (
    attributes,
    consents,
    limits,
    lists,
    people,
    subscriptions,
    suppressions,
    topics,
)
from subscribers.store.register.acts import CONFIRMED, NO_SERIES, PENDING, Act
from subscribers.token import Ring

#: How long after the answer a mail is made: whoever gets none is answered no sooner for it.
AFTERWARDS = timedelta(seconds=1)


class Signup(NamedTuple):
    """What somebody filled in. *wording* is, by the slug of each list wanted, the sentence they agreed to.

    *name*, *topics* and *attributes* count for somebody new only: nobody else's change because somebody typed
    their address. *greeted* are the lists whose new readers get a welcome mail, *series* are, by list, the letters
    that follow.
    """

    address: Address
    name: str
    wording: Mapping[str, str]
    act: Act
    topics: frozenset[str] = frozenset()
    greeted: frozenset[str] = frozenset()
    attributes: Mapping[str, attribute.Plain] = MappingProxyType({})
    series: Mapping[str, Sequence[Follow]] = NO_SERIES


class Taken(StrEnum):
    """What came of a signup: a mail goes out, none does, or more came from its network, or in all, than may."""

    MAILED = "mailed"
    SILENT = "silent"
    CROWDED = "crowded"


def sign_up(connection: sqlite3.Connection, signups: Sequence[Signup], ring: Ring) -> list[Taken]:
    """Take signups one after the other: people, evidence and the mails that ask to confirm.

    Return what came of each. Raise UnknownError for a list that does not exist, PeopleError for a
    name that cannot be kept; nothing is written then.
    """
    crowd = _Crowd(connection, signups, ring)
    taken = [crowd.take(signup, buckets) for signup, buckets in zip(signups, crowd.buckets, strict=True)]
    crowd.write(connection)
    return taken


def ask_link(connection: sqlite3.Connection, address: Address, act: Act, ring: Ring) -> bool:
    """Queue the mail with a person's own link, if they subscribe to anything. Return whether a mail goes out."""
    person = people.by_address(connection, address.canonical)
    mine = () if person is None else subscriptions.of(connection, person.id)
    slugs = [each.list for each in mine if each.status is CONFIRMED]
    (buckets,), limited = _limited(ring.derive(limits.PURPOSE), [(address.canonical, act.network)])
    tally = limits.Tally(connection, limited, act.at)
    tally.hit((limits.ASKED,), act.at)
    known = suppressions.has(connection, address.canonical, ring.derived(suppressions.PURPOSE))
    mailed = bool(slugs) and not known and all(tally.allows(bucket, act.at) for bucket in buckets)
    if person and mailed:
        tally.hit(buckets, act.at)
        slug = slugs[0] if len(slugs) == 1 else ""
        mails.queue_all(connection, [_mail("link", person.id, slug, act)])
    tally.write()
    return mailed


def _limited(
    key: bytes, asked: Sequence[tuple[str, str]]
) -> tuple[list[tuple[str, str, str]], dict[str, tuple[limits.Limit, ...]]]:
    """Return the buckets of mails to addresses that were asked for from networks, and what holds for each bucket.

    Each mail counts for its own address, its network and everybody, in this order.
    """
    overall = limits.bucket(key, "overall")
    networks = {network: limits.bucket(key, "network", network) for _, network in asked}
    buckets = [(limits.mailbox(key, canonical), networks[network], overall) for canonical, network in asked]
    limited: dict[str, tuple[limits.Limit, ...]] = dict.fromkeys([own for own, _, _ in buckets], limits.ADDRESS)
    limited.update(dict.fromkeys(networks.values(), limits.NETWORK))
    return buckets, {**limited, overall: limits.OVERALL}


class _Crowd:
    """What is known of those who sign up, and the rows that follow: each table is asked once and written once."""

    def __init__(self, connection: sqlite3.Connection, signups: Sequence[Signup], ring: Ring) -> None:
        key = ring.derive(limits.PURPOSE)
        canonicals = [signup.address.canonical for signup in signups]
        self.buckets, limited = _limited(key, [(each.address.canonical, each.act.network) for each in signups])
        self.tally = limits.Tally(connection, limited, max(signup.act.at for signup in signups))
        self.suppressed = suppressions.among(connection, canonicals, ring.derived(suppressions.PURPOSE))
        self.lists = lists.numbers(connection)
        self.present = people.numbers(connection, canonicals)
        self.said = subscriptions.said(connection, self.present.values())
        self.next = people.highest(connection) + 1
        self.people: list[people.Row] = []
        self.topics: list[tuple[str, int]] = []
        self.attributes: set[str] = set()
        self.subscriptions: list[subscriptions.Row] = []
        self.consents: list[tuple[int, Consent]] = []
        self.mails: list[mails.Row] = []
        self.joined: list[tuple[int, str, Signup]] = []

    def take(self, signup: Signup, buckets: tuple[str, str, str]) -> Taken:
        """Plan what a signup leads to."""
        canonical, at = signup.address.canonical, signup.act.at
        own, network, overall = buckets
        allows = self.tally.allows
        self.tally.hit((limits.ASKED,), at)
        if canonical in self.suppressed:
            return Taken.SILENT
        if not (allows(network, at) and allows(overall, at)):
            return Taken.CROWDED
        known = self.present.get(canonical)
        person = known or self._add(signup)
        kind, about = self._subscribe(person, signup)
        # Nobody's mailbox is flooded because a stranger types their address.
        if not kind or not allows(own, at):
            if not known:
                # Without end, one mailbox has plus tags, and a list without mail anybody: nor is our disk flooded.
                self.tally.hit((network, overall), at)
            return Taken.SILENT
        self.tally.hit(buckets, at)
        slug = about[0] if len(about) == 1 else ""
        self.mails.append(_mail(kind, person, slug, signup.act))
        return Taken.MAILED

    def _add(self, signup: Signup) -> int:
        """Plan a new person, and return their number."""
        number, self.next = self.next, self.next + 1
        address, name = signup.address, attribute.text(signup.name, "the name", 200)
        self.present[address.canonical] = number
        told = attribute.clean(signup.attributes)
        self.attributes |= told.keys()
        kept = attribute.dump(told)
        self.people.append(
            (number, address.typed, address.canonical, name, signup.act.language, kept, stamp(signup.act.at))
        )
        if signup.topics:
            self.topics += [(topic, number) for topic in sorted(filter(None, map(attribute.slug, signup.topics)))]
        return number

    def _subscribe(self, person: int, signup: Signup) -> tuple[str, tuple[str, ...]]:
        """Move each list wanted as far as a stranger may. Return what kind of mail follows, about which lists."""
        waiting: list[str] = []
        joined: list[str] = []
        for slug, wording in signup.wording.items():
            if slug not in self.lists:
                raise UnknownError(
                    f"there is no list {cited(slug)}", remedy=f"known lists: {', '.join(self.lists)}"
                )
            number, opt_in = self.lists[slug]
            status = self.said.get((person, number))
            if status is CONFIRMED:
                continue
            # Who once left a list comes back by their own click only, whatever the list's rule is.
            to = CONFIRMED if opt_in == "single" and status is None else PENDING
            (joined if to is CONFIRMED else waiting).append(slug)
            if to is CONFIRMED and slug in signup.series:
                self.joined.append((person, slug, signup))
            if status is not to:
                self._move(person, number, to, _consent(slug, wording, signup.act))
        if waiting:
            return "confirm", tuple(waiting)
        if joined:
            greeted = tuple(slug for slug in joined if slug in signup.greeted)
            return ("welcome" if greeted else ""), greeted
        return "link", tuple(signup.wording)

    def _move(self, person: int, number: int, to: SubscriptionStatus, consent: Consent) -> None:
        self.said[person, number] = to
        self.subscriptions.append((number, person, to.value, stamp(consent.at)))
        self.consents.append((person, consent))

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what was planned."""
        people.add_all(connection, self.people)
        attributes.note(connection, sorted(self.attributes))
        topics.add_all(connection, self.topics)
        subscriptions.put_all(connection, self.subscriptions)
        consents.record_all(connection, self.consents)
        self.tally.write()
        mails.queue_all(connection, self.mails)
        for person, slug, signup in self.joined:
            act = signup.act
            mails.follow(connection, person, slug, act.language, act.at, signup.series[slug])


def _mail(kind: str, person: int, slug: str, act: Act) -> mails.Row:
    return kind, person, slug, act.language, stamp(act.at + AFTERWARDS), stamp(act.at)


def _consent(slug: str, wording: str, act: Act) -> Consent:
    return Consent(0, slug, "signup", act.at, act.source, wording, act.language, act.network)
