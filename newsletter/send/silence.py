"""Let no send stand still without a word: notice that nothing comes from a server or the disk. Ends nothing.

Each wait for a server has a limit of its own (`newsletter.send.limits`), but some are ten minutes long.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

#: A longer silence is told to the operator, in seconds; after that only one that is twice as long.
TOLD = 10.0

#: How often to look, in seconds.
LOOK = 0.5


class Silence(NamedTuple):
    """For how many *seconds* nothing was heard of what is waited for, in *words* what that is; *who* knows why.

    That is 0 and "" where nothing is waited for.
    """

    seconds: float = 0.0
    words: str = ""
    who: str = "the server's log may say why"


async def notice(silence: Callable[[], Silence], say: Callable[[str], None], look: float = LOOK) -> None:
    """Tell of each long *silence*, until cancelled. *look* is how often to look, in seconds."""
    due = TOLD
    while True:
        await asyncio.sleep(look)
        seconds, words, who = silence()
        if seconds < TOLD:
            due = TOLD
        elif seconds >= due:
            due = 2 * seconds
            say(f"No answer for {seconds:.0f} s from {words}. Waiting loses nothing; {who}.")


def least(silences: Sequence[Silence]) -> Silence:
    """Return the silence of several that are waited for at once."""
    waits = [each for each in silences if each.words]
    if not waits:
        return Silence()
    return Silence(min(each.seconds for each in waits), " and ".join(each.words for each in waits))


def lasts(seconds: float) -> str:
    """Say how long something lasts, to the minute, or to the hour where it is long."""
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.0f} hours"


def waits(seconds: float, put_off: str) -> str:
    """Tell that all that is left is to wait so many *seconds*: to be tried again, or for the reader's own hour.

    *put_off* is what a server said last that deferred one, "" if none did.
    """
    if not put_off:
        return f"The rest waits for its time; the next one leaves in {seconds:.0f} s. Stopping now loses nothing."
    more = "`newsletter status --show deferred` says more; stopping now loses nothing"
    return f"The rest is deferred, the last with: {put_off}; the next try is in {seconds:.0f} s. {more}."
