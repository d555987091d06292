"""Mails about subscriptions: sent once, told honestly, and waiting wherever something is in the way."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.config import Route
from newsletter.errors import IssueError, RouteError, TemplateError
from newsletter.message import single
from newsletter.model import Message, Reply, Stage
from newsletter.send.outbox import Outbox
from newsletter.send.pool import Pool
from subscribers.address import parse
from subscribers.model import Consent, Follow, Mail, MailingList, SubscriptionStatus, Suppression
from subscribers.store.file.open import connect
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import mails
from subscribers.store.register import lists, people, subscriptions, suppressions, wishes
from subscribers.wishes import Wishes
from tests.catcher import running

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
YES = Reply(Stage.DOT, 250, "2.0.0", "queued")


def compose(mail: Mail) -> Message:
    return single(
        sender_name="Ed", sender="ed@example.org", recipient=mail.email, subject="Hi", text="x", html="<p>x",
        message_id=f"<{mail.id}@example.org>", date=NOW, language=mail.language,
    )  # fmt: skip


class Server:
    """A courier that answers as it is told, and remembers everything. It commits unless told to fail before."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.taken: list[str] = []
        self.tries = 0

    async def deliver(self, message: Message, commit) -> Reply:
        self.tries += 1
        reply = self.replies.pop(0) if self.replies else YES
        if isinstance(reply, Exception):
            raise reply
        if reply.stage is Stage.DOT:
            await commit()
            if reply.code == 250:
                self.taken.append(message.message_id)
        return reply

    async def close(self) -> None:
        pass


class Post:
    """The queue, its writer, and a clock that tests turn."""

    def __init__(self, path: Path) -> None:
        self.writer = Writer(path, durable=False)
        self.reader = connect(path)
        lists.ensure(self.reader, [MailingList("monthly", "Monthly")])
        self.clock = NOW
        self.said: list[str] = []

    def do(self, job: Callable):
        return self.writer.submit(job).result(10)

    def queue(self, email: str = "anna@example.org") -> int:
        def job(connection):
            person = people.by_address(connection, email) or people.add(connection, parse(email), self.clock)
            mails.queue(connection, "confirm", person.id, "monthly", "en", self.clock)
            return mails.latest(connection, person.id, "confirm").id

        return self.do(job)

    def run(self, courier, make=compose, until: Callable[[], bool] | None = None) -> None:
        """Run the outbox until nothing is due, or *until* holds."""

        async def go() -> None:
            outbox = Outbox(
                self.writer, courier, make, self.said.append, lambda: self.clock, lambda: 0.0, pause=0.05
            )
            stop = asyncio.Event()
            task = asyncio.create_task(outbox.run(stop))
            done = until or (lambda: not self.due())
            async with asyncio.timeout(10):
                while not done() and not task.done():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            stop.set()
            await task
            await courier.close()

        asyncio.run(go())

    def due(self) -> int:
        sql = "SELECT count(*) FROM mails WHERE state = 'committing' OR (state = 'queued' AND due <= ?)"
        return self.reader.execute(sql, (mails.stamp(self.clock),)).fetchone()[0]

    def row(self, mail: int) -> dict:
        return dict(self.reader.execute("SELECT * FROM mails WHERE id = ?", (mail,)).fetchone())


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path / "subscribers.db")
    yield made
    made.writer.close()
    made.reader.close()


def test_each_mail_is_sent_once(post: Post) -> None:
    numbers = [post.queue(f"r{number}@example.org") for number in range(45)]
    server = Server()
    post.run(server)
    post.run(server)
    assert sorted(server.taken) == sorted(f"<{number}@example.org>" for number in numbers)
    assert {post.row(number)["state"] for number in numbers} == {"accepted"}
    assert post.row(1)["reply"] == "250 2.0.0 queued"


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DOT])
def test_a_passing_refusal_is_tried_again_later_and_not_before(post: Post, stage: Stage) -> None:
    mail = post.queue()
    server = Server(Reply(stage, 451, "4.7.1", "greylisted"))
    post.run(server)
    row = post.row(mail)
    assert (row["state"], row["attempts"]) == ("queued", 1)
    assert datetime.fromisoformat(row["due"]) == NOW + timedelta(minutes=1)
    post.run(server)
    assert server.tries == 1
    post.clock += timedelta(minutes=2)
    post.run(server)
    assert (post.row(mail)["state"], post.row(mail)["attempts"]) == ("accepted", 2)


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DOT])
def test_a_final_refusal_ends_it(post: Post, stage: Stage) -> None:
    mail = post.queue()
    post.run(Server(Reply(stage, 550, "5.1.1", "nobody here")))
    assert post.row(mail)["state"] == "refused"
    assert "5.1.1" in post.row(mail)["reply"]


def test_after_the_last_attempt_it_is_given_up(post: Post) -> None:
    mail = post.queue()
    busy = Reply(Stage.RCPT, 452, "4.2.2", "full")
    server = Server(*[busy] * 50)
    for _ in range(20):
        post.run(server)
        post.clock += timedelta(days=1)
    assert post.row(mail)["state"] == "refused"
    assert server.tries == 11


def joined(post: Post, *statuses: SubscriptionStatus) -> tuple[int, int]:
    """Return somebody with these *statuses* after one another, and the letter of a series that follows."""

    def job(connection):
        person = people.add(connection, parse(f"reader{len(post.said)}@example.org"), NOW).id
        for status in statuses:
            subscriptions.change(connection, Consent(person, "monthly", "import", NOW, "test", ""), status)
        mails.follow(connection, person, "monthly", "sv", NOW, [Follow("tips", timedelta(days=7))])
        return person, mails.latest(connection, person, "series").id

    return post.do(job)


def test_a_letter_of_a_series_leaves_on_its_day(post: Post) -> None:
    _, mail = joined(post, SubscriptionStatus.CONFIRMED)
    server = Server()
    for days, taken in ((6, 0), (7, 1), (8, 1)):
        post.clock = NOW + timedelta(days=days)
        post.run(server)
        assert len(server.taken) == taken
    assert post.row(mail)["state"] == "accepted"
    assert mails.reached(post.reader) == {"tips": 1}


@pytest.mark.parametrize("how", ["left", "never joined", "paused", "suppressed"])
def test_who_wants_no_letters_any_more_gets_none_of_a_series(post: Post, how: str) -> None:
    steps = {"left": (SubscriptionStatus.CONFIRMED, SubscriptionStatus.UNSUBSCRIBED), "never joined": ()}
    person, mail = joined(post, *steps.get(how, (SubscriptionStatus.CONFIRMED,)))
    if how == "paused":
        post.do(lambda c: wishes.choose(c, person, Wishes(paused=(NOW + timedelta(days=30)).date())))
    if how == "suppressed":
        post.do(lambda c: suppressions.add(c, Suppression("reader0@example.org", "complaint", "", NOW)))
    post.clock = NOW + timedelta(days=7)
    server = Server()
    post.run(server)
    assert server.taken == []
    assert post.row(mail)["state"] == "refused"


def test_a_letter_of_a_series_that_cannot_be_read_waits_and_holds_up_nobody(post: Post) -> None:
    _, mail = joined(post, SubscriptionStatus.CONFIRMED)
    post.clock = NOW + timedelta(days=7)
    post.queue("bo@example.org")

    def unreadable(each: Mail) -> Message:
        if each.issue:
            raise IssueError("there is no colon", where="issues/tips/issue.md:2")
        return compose(each)

    server = Server()
    post.run(server, unreadable)
    assert len(server.taken) == 1
    assert post.said == ["issues/tips/issue.md:2: there is no colon. A mail with its words waits for an hour."]
    post.clock += timedelta(minutes=59)
    post.run(server)
    assert post.row(mail)["state"] == "queued"
    post.clock += timedelta(minutes=2)
    post.run(server)
    assert post.row(mail)["state"] == "accepted"


def test_a_doubt_is_never_sent_again(post: Post) -> None:
    mail = post.queue()
    server = Server(Reply(Stage.DOT, 0))
    post.run(server)
    post.clock += timedelta(days=10)
    post.run(server)
    assert post.row(mail)["state"] == "uncertain"
    assert server.tries == 1


def test_what_a_crash_left_committing_is_uncertain_at_the_next_start(post: Post) -> None:
    mail = post.queue()
    assert post.do(lambda c: mails.commit(c, mail, NOW))
    server = Server()
    post.run(server, until=lambda: bool(post.said))
    assert post.row(mail)["state"] == "uncertain"
    assert server.tries == 0
    assert "not sent again" in post.said[0]


def test_a_route_that_does_not_answer_costs_no_attempt_and_is_told_once(post: Post) -> None:
    mail = post.queue()
    silent = Reply(Stage.CONNECT, 0, text="127.0.0.1:25: nothing answers there")
    server = Server(silent, silent, RouteError("the server refuses the log-in"), silent)
    post.run(server, until=lambda: post.row(mail)["state"] == "accepted")
    assert post.row(mail)["attempts"] == 1
    assert len(post.said) == 4
    assert post.said[0].startswith("127.0.0.1:25: nothing answers there")
    assert post.said[-1] == "Mails about subscriptions go out again."
    assert not [line for line in post.said if "anna" in line]


def test_a_broken_template_holds_mails_back_and_loses_none(post: Post) -> None:
    mail = post.queue()
    broken = [TemplateError("there is no such block", where="templates/mail/confirm.mjml:3")]

    def make(one: Mail) -> Message:
        if broken:
            raise broken.pop()
        return compose(one)

    post.run(Server(), make, until=lambda: post.row(mail)["state"] == "accepted")
    assert post.said[0].startswith("templates/mail/confirm.mjml:3: there is no such block")


def test_a_mail_that_cannot_be_made_harms_only_itself(post: Post) -> None:
    bad, good = post.queue("bad@example.org"), post.queue("good@example.org")

    def make(one: Mail) -> Message:
        if one.id == bad:
            raise ValueError("no header can hold this")
        return compose(one)

    post.run(Server(), make)
    assert (post.row(bad)["state"], post.row(good)["state"]) == ("refused", "accepted")


def test_whoever_is_suppressed_meanwhile_gets_nothing(post: Post) -> None:
    mail = post.queue()
    post.do(lambda c: suppressions.add(c, Suppression("anna@example.org", "complaint", "", NOW)))
    server = Server()
    post.run(server)
    assert server.taken == []
    assert post.row(mail)["state"] == "refused"


def test_a_new_mail_wakes_the_outbox(post: Post) -> None:
    server = Server()

    async def go() -> None:
        outbox = Outbox(post.writer, server, compose, post.said.append, lambda: post.clock, lambda: 0.0)
        stop = asyncio.Event()
        task = asyncio.create_task(outbox.run(stop))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(post.queue)
        outbox.wake()
        async with asyncio.timeout(5):
            while not server.taken:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        stop.set()
        await task

    asyncio.run(go())
    assert len(server.taken) == 1


class Hanging(Server):
    """A courier that answers nothing to the first of its mails until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def deliver(self, message: Message, commit) -> Reply:
        if message.message_id == "<1@example.org>":
            await commit()
            await self.go.wait()
            return Reply(Stage.DOT, 0, text="the server closed the connection")
        return await super().deliver(message, commit)


def test_a_mail_that_the_server_does_not_answer_holds_up_no_other(post: Post) -> None:
    first = post.queue()
    server = Hanging()

    async def go() -> None:
        outbox = Outbox(post.writer, server, compose, post.said.append, lambda: post.clock, lambda: 0.0)
        stop = asyncio.Event()
        task = asyncio.create_task(outbox.run(stop))
        async with asyncio.timeout(5):
            while post.row(first)["state"] != "committing":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            post.clock += timedelta(seconds=0.2)
            await asyncio.to_thread(post.queue, "bo@example.org")
            post.clock -= timedelta(seconds=0.2)
            outbox.wake()
            await asyncio.sleep(0.1)
            assert not server.taken
            post.clock += timedelta(seconds=0.2)
            while not server.taken:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        stop.set()
        await asyncio.sleep(0.05)
        assert not task.done()
        server.go.set()
        await task

    asyncio.run(go())
    assert post.row(first)["state"] == "uncertain"


def test_it_reaches_a_real_server(post: Post, tmp_path: Path) -> None:
    post.queue("åsa@exempel.example")
    post.queue("bo@example.org")
    with running(tmp_path / "box") as catcher:
        route = Route("catcher", "127.0.0.1", catcher.smtp_port, "none", "", "", 2, None)
        pool = Pool(route)
        post.run(pool)
        assert sorted(one.recipients[0] for one in catcher.mailbox) == ["bo@example.org", "åsa@exempel.example"]


def test_a_refusal_of_ourselves_is_told_to_the_operator(post: Post) -> None:
    mail = post.queue()
    post.run(Server(Reply(Stage.MAIL, 550, "5.7.1", "we do not like you")), until=lambda: bool(post.said))
    assert "5.7.1 we do not like you" in post.said[0]
    assert post.row(mail)["state"] == "queued"
