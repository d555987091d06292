"""What people do by their own link: confirm, leave, come back, choose. Each is one transaction with its evidence.

A link reaches nobody but the owner of the mailbox, so what is done by it is done by them.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from subscribers.model import Consent, Follow, Subscription
from subscribers.status import SubscriptionStatus
from subscribers.store.ledger import mails
from subscribers.store.register import consents, limits, lists, people, subscriptions, topics, wishes
from subscribers.token import Claim, Ring
from subscribers.wishes import Wishes

PENDING, CONFIRMED = SubscriptionStatus.PENDING, SubscriptionStatus.CONFIRMED

#: The pages by which somebody becomes a reader without another mail.
PREFERENCES, UNDO = "preferences page", "undo on the goodbye page"

#: How long after leaving a click brings somebody back without another mail: as long as a page may lie open.
REGRET = timedelta(hours=24)

#: Nothing follows the welcome to any list.
NO_SERIES: Mapping[str, Sequence[Follow]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Act:
    """By which page somebody acts, when, in which language, and from which shortened network address."""

    source: str
    at: datetime
    language: str
    network: str


def about(connection: sqlite3.Connection, claim: Claim) -> tuple[Subscription, ...]:
    """Return the subscriptions that a link is about: to its list, or to every list if it names none.

    Raise UnknownError if the person or the list is gone.
    """
    people.get(connection, claim.subscriber)
    slug = lists.by_number(connection, claim.list).slug if claim.list else ""
    return tuple(each for each in subscriptions.of(connection, claim.subscriber) if slug in ("", each.list))


def confirm(
    connection: sqlite3.Connection,
    claim: Claim,
    wording: Mapping[str, str],
    act: Act,
    ring: Ring,
    message_id: str,
    greeted: frozenset[str] = frozenset(),
    series: Mapping[str, Sequence[Follow]] = NO_SERIES,
) -> tuple[Subscription, ...]:
    """Confirm what is pending, with its evidence; *message_id* names the mail whose link was followed;
    *greeted* are the lists whose new readers get a welcome mail, *series* are, by list, the letters that follow.

    Return the subscriptions that the link is about, as they are now. What was left since stays left: an old link
    brings nobody back. Raise UnknownError.
    """
    person = people.get(connection, claim.subscriber)
    language = person.language or act.language
    joined = []
    for subscription in about(connection, claim):
        if subscription.status is PENDING:
            text = wording.get(subscription.list, "")
            consent = _consent(claim.subscriber, subscription.list, "confirm", text, act, message_id)
            subscriptions.change(connection, consent, CONFIRMED)
            if subscription.list in greeted:
                joined.append(subscription.list)
            mails.follow(
                connection, person.id, subscription.list, language, act.at, series.get(subscription.list, ())
            )
    if joined:
        # One press of a button is one welcome, however many lists it was for.
        slug = joined[0] if len(joined) == 1 else ""
        mails.queue(connection, "welcome", person.id, slug, language, act.at)
    limits.clear(connection, limits.mailbox(ring.derive(limits.PURPOSE), person.address.canonical))
    return about(connection, claim)


def leave(connection: sqlite3.Connection, claim: Claim, act: Act) -> tuple[str, ...]:
    """Unsubscribe from the link's list, or from all. Return the slugs that changed; raise UnknownError."""
    slug = lists.by_number(connection, claim.list).slug if claim.list else ""
    people.get(connection, claim.subscriber)
    return subscriptions.withdraw(connection, _consent(claim.subscriber, slug, "withdraw", "", act))


def undo(connection: sqlite3.Connection, claim: Claim, wording: Mapping[str, str], act: Act) -> tuple[str, ...]:
    """Take back what the link's owner left within the last `REGRET`. Return the slugs that changed.

    Raise UnknownError if the person or the list is gone.
    """
    back = [
        each.list
        for each in about(connection, claim)
        if each.status is SubscriptionStatus.UNSUBSCRIBED and each.since >= act.at - REGRET
    ]
    for slug in back:
        subscriptions.change(
            connection, _consent(claim.subscriber, slug, "signup", wording.get(slug, ""), act), CONFIRMED
        )
    return tuple(back)


def choose(
    connection: sqlite3.Connection,
    subscriber: int,
    wanted: Mapping[str, str],
    offered: Iterable[str],
    chosen: Iterable[str] | None,
    wished: Wishes,
    act: Act,
) -> None:
    """Make *wanted* (by slug, with the sentence agreed to) the person's lists among those *offered*.

    *chosen* are the person's topics; None leaves them. *wished* is how often they want letters. Who chooses here
    came by a link to their own mailbox, so it is confirmed at once. Raise UnknownError.
    """
    for slug in offered:
        if slug in wanted:
            subscriptions.change(connection, _consent(subscriber, slug, "signup", wanted[slug], act), CONFIRMED)
        else:
            subscriptions.withdraw(connection, _consent(subscriber, slug, "withdraw", "", act))
    if chosen is not None and (asked := frozenset(chosen)) != topics.of(connection, subscriber):
        topics.choose(connection, subscriber, asked)
        consents.record(connection, _consent(subscriber, "", "change", f"topics: {', '.join(sorted(asked))}", act))
    if wished != wishes.of(connection, subscriber):
        wishes.choose(connection, subscriber, wished)
        text = f"frequency: {wished.frequency}, paused until: {wished.paused or '-'}"
        consents.record(connection, _consent(subscriber, "", "change", text, act))


def _consent(subscriber: int, slug: str, what: str, wording: str, act: Act, message_id: str = "") -> Consent:
    return Consent(
        subscriber=subscriber,
        list=slug,
        what=what,
        at=act.at,
        source=act.source,
        wording=wording,
        language=act.language,
        network=act.network,
        message_id=message_id,
    )
