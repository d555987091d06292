"""Classify bounces, side by side with flufl.bounce: 10,000 reports, all different, on one core, memory flat.

``python -m tests.bench.feedback``.
"""

import random
import resource
import time
from collections.abc import Callable
from email import message_from_bytes

from flufl.bounce import scan_message

from newsletter.feedback import classify
from tests import returns

COUNT = 10_000
#: What servers say, with the status that their report names.
SAID = (
    ("550 5.1.1 <{0}>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1"),
    ("550-5.1.1 The email account that you tried to reach does not exist. Please try {1}", "5.1.1"),
    ("452 4.2.2 The email account that you tried to reach is over quota {1}", "4.2.2"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked, see {1}", "5.7.1"),
    ("550 5.7.26 This mail is unauthenticated, which poses a security risk; SPF did not pass {1}", "5.7.26"),
    ("connect to mx{1}.example[192.0.2.1]:25: Connection timed out", "4.4.1"),
)


def reports(count: int) -> list[bytes]:
    """Return so many different reports, as Postfix writes them."""
    luck = random.Random(7)
    found = []
    for number in range(count):
        whom = f"reader{number}@harbour{number % 97}.example"
        said, status = luck.choice(SAID)
        found.append(returns.report(said.format(whom, luck.getrandbits(40)), status, whom=whom))
    return found


def _rate(work: Callable[[bytes], object], raws: list[bytes]) -> float:
    begun = time.process_time()
    for raw in raws:
        work(raw)
    return len(raws) / (time.process_time() - begun)


def run() -> None:
    """Print messages a second of each, interleaved, and what memory grew by meanwhile."""
    raws = reports(COUNT)
    ours: list[float] = []
    theirs: list[float] = []
    classify(raws[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for start in range(0, COUNT, COUNT // 5):
        some = raws[start : start + COUNT // 5]
        ours.append(_rate(classify, some))
        # A program that uses it parses the message first; it takes nothing else.
        theirs.append(_rate(lambda raw: scan_message(message_from_bytes(raw)), some))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    hard = sum(classify(raw)[0].kind == "hard" for raw in raws)
    print(f"\nclassify {COUNT:,} bounces, messages a second on one core (median of 5)")
    print(f"  newsletter    {sorted(ours)[2]:>8,.0f}   kind, reason, status, recipient; {hard:,} hard")
    print(f"  flufl.bounce  {sorted(theirs)[2]:>8,.0f}   recipient; permanent or temporary")
    print(f"  memory grew by {grown:.1f} MB over both")


if __name__ == "__main__":
    run()
