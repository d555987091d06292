"""How long the answer to a signup takes tells nothing about the address."""

import asyncio
import itertools
import math
import random
import time
from pathlib import Path

import httpx
import pytest

from newsletter.web.site import Site
from newsletter.web.steps import Steps
from subscribers.store.ledger import mails
from tests.webserver import MORE, SETTINGS, World, serving, six

PROXIED = SETTINGS + MORE + '[web]\ntrusted_proxies = ["127.0.0.1"]\n'


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose clock does not run, but jumps to whatever comes next."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        look = self._selector.select

        def jump(timeout: float | None = None) -> list:
            self.at += timeout or 0.0
            return look(0)

        self._selector.select = jump

    def time(self) -> float:
        return self.at


def test_steps_are_as_long_as_each_other_and_end_for_all_at_once() -> None:
    async def wait(steps: Steps, before: float) -> list[float]:
        await asyncio.sleep(before)
        ends = []
        for _ in range(5):
            await steps.over()
            ends.append(asyncio.get_running_loop().time())
        return ends

    async def three() -> list[list[float]]:
        steps = Steps(0.05)
        return await asyncio.gather(wait(steps, 0.001), wait(steps, 0.02), wait(steps, 0.06))

    with asyncio.Runner(loop_factory=Jumping) as runner:
        first, second, late = runner.run(three())
    assert first == second == pytest.approx([0.05, 0.10, 0.15, 0.20, 0.25])
    assert late == pytest.approx([0.10, 0.15, 0.20, 0.25, 0.30])


def test_who_goes_away_takes_nobody_along() -> None:
    async def leave() -> None:
        steps = Steps(0.05)
        gone, here = asyncio.create_task(steps.over()), asyncio.create_task(steps.over())
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(here, 5)
        await asyncio.wait_for(steps.over(), 5)
        assert gone.cancelled()

    asyncio.run(leave())


def test_everybodys_answer_waits_for_the_disk(tmp_path: Path) -> None:
    with serving(tmp_path) as world:
        emails = six(world)
        for path, email in itertools.product(("/subscribe", "/preferences"), emails):
            before = version(world)
            form = {"email": email, "stamp": world.stamp(), "list": "monthly"}
            assert world.client.post(path, data=form).status_code == 200
            assert version(world) != before, (path, email)


def test_nobodys_mail_is_made_before_the_answers_are_given(tmp_path: Path) -> None:
    with serving(tmp_path) as world:
        emails = six(world)
        for path, email in itertools.product(("/subscribe", "/preferences"), emails):
            form = {"email": email, "stamp": world.stamp(), "list": "monthly"}
            assert world.client.post(path, data=form).status_code == 200
        assert mails.due(world.site.reader, world.clock[0], 100) == ()
        assert len(world.woken) == 2 * len(emails)
        world.later(seconds=2)
        assert len(mails.due(world.site.reader, world.clock[0], 100)) == 4


def version(world: World) -> int:
    """Return a number that changes when somebody else writes to the file."""
    return int(world.site.reader.execute("PRAGMA data_version").fetchone()[0])


def test_the_answer_takes_as_long_for_everybody(tmp_path: Path) -> None:
    with serving(tmp_path, settle=0.2) as world:
        for path, email in itertools.product(("/subscribe", "/preferences"), six(world)):
            form = {"email": email, "stamp": world.stamp(), "list": "monthly"}
            start = time.perf_counter()
            world.client.post(path, data=form)
            assert time.perf_counter() - start >= 0.2


def shares(first: list[float], second: list[float]) -> float:
    """Return the probability that two samples of one distribution differ so (Mann and Whitney's U, two-sided)."""
    ranked = sorted((value, group) for group, sample in enumerate((first, second)) for value in sample)
    ranks = sum(rank for rank, (_, group) in enumerate(ranked, 1) if group == 0)
    n, m = len(first), len(second)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def test_the_time_of_an_answer_tells_nothing(tmp_path: Path) -> None:
    luck = random.Random(3)
    with serving(tmp_path, PROXIED, settle=Site.settle) as world:
        emails = six(world)

        async def measure(rounds: int) -> dict[str, list[float]]:
            times: dict[str, list[float]] = {email: [] for email in emails}
            async with httpx.AsyncClient(base_url=world.url, timeout=20) as client:

                async def ask(email: str, number: int) -> None:
                    headers = {"X-Forwarded-For": f"10.{number % 200}.{luck.randrange(200)}.1"}
                    start = time.perf_counter()
                    await client.post("/subscribe", json={"email": email, "lists": ["monthly"]}, headers=headers)
                    times[email].append(time.perf_counter() - start)

                for number in range(rounds):
                    await asyncio.gather(*(ask(email, number) for email in luck.sample(emails, 6)))
            return times

        def likeness() -> float:
            times = asyncio.run(measure(120))
            return min(shares(times[emails[0]], times[email]) for email in emails[1:])

        # By chance alone, five comparisons at 0.01 fail once in twenty times, and three in a row never.
        assert any(likeness() > 0.01 for _ in range(3))
