"""A part of the readers tries two subjects: whether anything can decide between them, and how much it can tell."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from math import ceil

from newsletter.gate.proof import Proof, error, warning
from newsletter.model import Finding, Issue
from newsletter.results import clicks
from newsletter.results.decision import LITTLE, USUAL, least
from subscribers.variant import REST, language_of


def part(sizes: Mapping[str, int], languages: Collection[str]) -> int:
    """Return how many try two subjects, in the *languages* that have both. *sizes* counts readers by variant."""
    among = {name: size for name, size in sizes.items() if language_of(name) in languages}
    return sum(size for name, size in among.items() if not name.endswith(REST))


def links(proofs: Iterable[Proof], base_url: str) -> bool:
    """Return whether a letter has a link whose clicks can be counted."""
    letters = [one.rendered for one in proofs]
    return any(clicks.find(one.html, base_url, [token.mark for token in one.tokens]) for one in letters)


def findings(issue: Issue, size: int, readers: int, *, tracked: bool, linked: bool) -> Iterator[Finding]:
    """Yield what keeps a part of so many (*size*) among all *readers* from finding out which subject is better.

    *tracked* tells whether clicks are counted, *linked* whether there is a link.
    """
    place = f"{issue.path}:{issue.lines.get('try', 1)}"
    nothing = "nothing could decide which subject is the better one"
    if not tracked:
        remedy = "write clicks = true into [tracking] of newsletter.toml, or take try out"
        yield error("try-uncounted", place, f"{nothing}: no clicks are counted", remedy)
    elif not linked:
        what = f"{nothing}: no link of this letter leads to a site, so no clicks can be counted"
        yield error("try-uncounted", place, what, "add a link, or take try out")
    elif (times := least(size // 2)) > LITTLE:
        what = (
            f"about {size:,} readers try two subjects: with {USUAL * 100:.0f} clicks in 100 letters, only"
            f" one that is clicked {times:.1f} times as often would be told from chance"
        )
        enough = next(most for most in count(2, 2) if least(most // 2) <= LITTLE)
        more = f"write try: {ceil(100 * enough / readers)}, or " if enough < readers else ""
        yield warning("try-small", place, what, f"{more}take what comes out as a hint")
