"""Measure collecting beside feedparser, on the same feeds from the same server: ``python -m tests.bench.collect``.

Ours is the whole of `newsletter fetch`: get, parse, clean the HTML, normalize, identify, store, index for search.
The peer only gets the feeds and parses them with feedparser as it comes, which cleans the HTML too. What to look
at is the last column, how often the peer's processor time ours takes, and how memory grows with the feeds.
"""

import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from newsletter.files import new
from tests.bench import spent
from tests.sourceserver import Site, serving

FEEDS, ENTRIES = 50, 200
WORDS = [
    "harbour",
    "eel",
    "bridge",
    "school",
    "morning",
    "county",
    "laboratory",
    "kelp",
    "summer",
    "library",
    "water",
    "engineer",
    "choir",
    "window",
    "river",
    "paper",
    "garden",
    "ferry",
    "winter",
    "market",
    "student",
    "sensor",
    "concrete",
    "bicycle",
    "museum",
    "island",
    "research",
    "energy",
    "village",
    "station",
]
PEER = """
import sys, urllib.request, feedparser, io
for url in sys.argv[1:]:
    with urllib.request.urlopen(url) as answer:
        found = feedparser.parse(io.BytesIO(answer.read()))
    assert len(found.entries) == 200, url
"""


def words(seed: int, count: int) -> str:
    """Return words that no other seed gives in this order."""
    return " ".join(WORDS[(seed * 7 + n * n + n * seed) % len(WORDS)] for n in range(count))


def body(feed: int, entry: int) -> str:
    """Return the HTML of an entry: paragraphs, links, a heading, a list, a picture, a quote."""
    seed = feed * ENTRIES + entry
    parts = [
        f"<p>The {words(seed + n, 12)} <a href='/{seed}/{n}'>{words(n, 2)}</a> and the "
        f"<strong>{words(seed, 2)}</strong> of {words(seed * 3 + n, 25)}.</p>"
        for n in range(6)
    ]
    parts.insert(3, f"<h3>{words(seed, 3)}</h3><ul><li>{words(seed, 4)}</li><li>{words(seed + 1, 4)}</li></ul>")
    parts.insert(5, f"<p><img src='/p/{seed}.jpg' alt='{words(seed, 2)}' width='800' height='600'></p>")
    return "".join(parts) + f"<blockquote><p>{words(seed, 15)}, says Maja Ek.</p></blockquote>"


def rss(feed: int, url: str) -> str:
    """Return a feed of `ENTRIES` entries: even ones RSS, odd ones Atom."""
    days = [f"2026-{1 + n // 25:02}-{1 + n % 25:02}T08:00:00Z" for n in range(ENTRIES)]
    if feed % 2:
        entries = "".join(
            f"<entry><title>{words(feed * ENTRIES + n, 7)} {feed}-{n}</title><id>tag:s.example,{feed}:{n}</id>"
            f"<link href='{url}/{feed}/{n}'/><updated>{days[n]}</updated><author><name>Bo Ek</name></author>"
            f"<content type='html'>{escape(body(feed, n))}</content></entry>" for n in range(ENTRIES)
        )  # fmt: skip
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{feed}</title><id>{feed}</id>{entries}</feed>"
    entries = "".join(
        f"<item><title>{words(feed * ENTRIES + n, 7)} {feed}-{n}</title><link>{url}/{feed}/{n}</link>"
        f"<guid>{url}/?p={feed}-{n}</guid><pubDate>Tue, 10 Mar 2026 08:00:00 +0100</pubDate>"
        "<category>sea</category>"
        f"<description>{words(n, 20)} [&#8230;]</description>"
        f"<content:encoded><![CDATA[{body(feed, n)}]]></content:encoded></item>" for n in range(ENTRIES)
    )  # fmt: skip
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>{feed}</title>{entries}</channel></rss>"
    )


def row(name: str, feeds: int, figures: tuple[float, float, int], peer: float = 0) -> float:
    """Print a line of the table. Return the processor seconds."""
    took, cpu, memory = figures
    ratio = f"{cpu / peer:.2f}x" if peer else ""
    print(
        f"{name:<28} {feeds:>6} {feeds * ENTRIES:>8,} {took:>8.2f} {cpu:>8.2f} {memory:>5} {ratio:>8}", flush=True
    )
    return cpu


def workspace(folder: Path, site: Site, feeds: int) -> Path:
    """Make a workspace whose sources are *feeds* feeds of *site*."""
    root = new.make(folder / f"letter-{feeds}", "Bench").root
    settings = root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    head, tail = text[: text.index("[[source]]")], text[text.index("# The parts of an issue") :]
    sources = "".join(
        f'[[source]]\nname = "s{n}"\nkind = "feed"\nurl = "{site.url}/f{n}"\nallow_private = true\n'
        for n in range(feeds)
    )
    settings.write_text(head + sources + tail, encoding="utf-8")
    return root


def urls(site: Site, feeds: int) -> Iterator[str]:
    """Lay the feeds out, and yield their addresses."""
    for feed in range(feeds):
        yield site.says(f"/f{feed}", rss(feed, site.url), kind="application/xml", headers={"ETag": f'"{feed}"'})


def main() -> None:
    """Measure, and print a table."""
    header = f"{'collecting':<28} {'feeds':>6} {'entries':>8} {'seconds':>8} {'CPU s':>8} {'MB':>5} {'of peer':>8}"
    print(header)
    with tempfile.TemporaryDirectory() as made, serving() as site:
        addresses = list(urls(site, FEEDS))
        for feeds in (FEEDS // 5, FEEDS):
            root = workspace(Path(made), site, feeds)
            peer = row("feedparser alone", feeds, spent.run(sys.executable, "-c", PEER, *addresses[:feeds]))
            ours = (sys.executable, "-m", "newsletter", "--workspace", root, "fetch")
            row("newsletter fetch", feeds, spent.run(*ours), peer)
            row("newsletter fetch, again", feeds, spent.run(*ours), peer)


if __name__ == "__main__":
    main()
