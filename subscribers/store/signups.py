"""What people do on the pages: sign up, confirm, choose. Each is one transaction with its evidence.

A signup tells a stranger nothing: whoever the address belongs to, the caller gets the same answer. Nobody's data
changes because somebody typed their address; only the owner of the mailbox confirms.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from subscribers.model import Address, Consent, Subscriber, Subscription
from subscribers.status import SubscriptionStatus
from subscribers.store import consents, limits, lists, mails, people, subscriptions, suppressions, topics, wishes
from subscribers.token import Claim, Ring
from subscribers.wishes import Wishes

PENDING, CONFIRMED = SubscriptionStatus.PENDING, SubscriptionStatus.CONFIRMED

#: How long after leaving a click brings somebody back without another mail: as long as a page may lie open.
REGRET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Act:
    """By which page somebody acts, when, in which language, and from which shortened network address."""

    source: str
    at: datetime
    language: str
    network: str


@dataclass(frozen=True, slots=True)
class Signup:
    """What somebody filled in. *wording* is, by the slug of each list wanted, the sentence they agreed to.

    *topics* count for somebody new only: nobody else's change because somebody typed their address. *greeted* are
    the lists whose new readers get a welcome mail.
    """

    address: Address
    name: str
    wording: Mapping[str, str]
    topics: frozenset[str] = frozenset()
    greeted: frozenset[str] = frozenset()


def sign_up(connection: sqlite3.Connection, signup: Signup, act: Act, ring: Ring) -> bool:
    """Take a signup: the person, the evidence and the mail that asks to confirm. Return whether a mail goes out.

    Raise UnknownError for a list that does not exist.
    """
    canonical = signup.address.canonical
    if not _welcome(connection, canonical, act, ring):
        return False
    person = people.by_address(connection, canonical) or people.add(
        connection, signup.address, act.at, name=signup.name, language=act.language, topics=signup.topics
    )
    kind, asked = _subscribe(connection, person, signup, act)
    return bool(kind) and _mail(connection, kind, person, asked, act, ring)


def ask_link(connection: sqlite3.Connection, address: Address, act: Act, ring: Ring) -> bool:
    """Queue the mail with a person's own link, if they subscribe to anything. Return whether a mail goes out."""
    if not _welcome(connection, address.canonical, act, ring):
        return False
    person = people.by_address(connection, address.canonical)
    mine = () if person is None else subscriptions.of(connection, person.id)
    slugs = tuple(each.list for each in mine if each.status is CONFIRMED)
    return person is not None and bool(slugs) and _mail(connection, "link", person, slugs, act, ring)


def _welcome(connection: sqlite3.Connection, canonical: str, act: Act, ring: Ring) -> bool:
    """Whether anything may be done for this address: no flood from its network or in all, no suppression."""
    return all(
        limits.allowed(connection, bucket, most, act.at) for bucket, most in _shared(act, ring)
    ) and not suppressions.has(connection, canonical, ring.derived(suppressions.PURPOSE))


def _mail(
    connection: sqlite3.Connection, kind: str, person: Subscriber, asked: tuple[str, ...], act: Act, ring: Ring
) -> bool:
    """Queue a mail about the lists *asked*, unless this address got enough of them. Return whether it goes out."""
    own = _own(ring, person)
    if not limits.allowed(connection, own, limits.ADDRESS, act.at):
        return False
    limits.hit(connection, (own, *(bucket for bucket, _ in _shared(act, ring))), act.at)
    mails.queue(connection, kind, person.id, asked[0] if len(asked) == 1 else "", act.language, act.at)
    return True


def _shared(act: Act, ring: Ring) -> tuple[tuple[str, tuple[limits.Limit, ...]], ...]:
    """Return the limits that this act shares with others', each with its bucket."""
    key = ring.derive(limits.PURPOSE)
    network = limits.bucket(key, "network", act.network)
    return (network, limits.NETWORK), (limits.bucket(key, "overall"), limits.OVERALL)


def _subscribe(
    connection: sqlite3.Connection, person: Subscriber, signup: Signup, act: Act
) -> tuple[str, tuple[str, ...]]:
    """Move each list wanted as far as a stranger may. Return what kind of mail follows, and about which lists."""
    opt_in = {each.slug: each.opt_in for each in lists.all(connection)}
    waiting: list[str] = []
    joined: list[str] = []
    for slug, wording in signup.wording.items():
        status = subscriptions.status(connection, person.id, slug)
        if status is CONFIRMED:
            continue
        # Who once left a list comes back by their own click only, whatever the list's rule is.
        at_once = opt_in.get(slug) == "single" and status is None
        consent = _consent(person.id, slug, "signup", wording, act)
        subscriptions.change(connection, consent, CONFIRMED if at_once else PENDING)
        (joined if at_once else waiting).append(slug)
    if waiting:
        return "confirm", tuple(waiting)
    if joined:
        greeted = tuple(slug for slug in joined if slug in signup.greeted)
        return ("welcome" if greeted else ""), greeted
    return "link", tuple(signup.wording)


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
) -> tuple[Subscription, ...]:
    """Confirm what is pending, with its evidence; *message_id* names the mail whose link was followed;
    *greeted* are the lists whose new readers get a welcome mail.

    Return the subscriptions that the link is about, as they are now. What was left since stays left: an old link
    brings nobody back. Raise UnknownError.
    """
    person = people.get(connection, claim.subscriber)
    for subscription in about(connection, claim):
        if subscription.status is PENDING:
            text = wording.get(subscription.list, "")
            consent = _consent(claim.subscriber, subscription.list, "confirm", text, act, message_id)
            subscriptions.change(connection, consent, CONFIRMED)
            if subscription.list in greeted:
                language = person.language or act.language
                mails.queue(connection, "welcome", person.id, subscription.list, language, act.at)
    limits.clear(connection, _own(ring, person))
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


def rate_key(canonical: str) -> str:
    """Return what counts as one mailbox for the limits: without a plus tag, and for Gmail without dots.

    Only for the limits. For everything else an address is what its owner typed.
    """
    local, _, domain = canonical.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _own(ring: Ring, person: Subscriber) -> str:
    return limits.bucket(ring.derive(limits.PURPOSE), "address", rate_key(person.address.canonical))


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
