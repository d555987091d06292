"""Measure compiling beside npm's mjml, where that can be had: ``python -m tests.bench.compile [ROUNDS]``.

An issue of twelve stories in two languages for three segments makes six letters. Both compile the same MJML, and
both are warm: npm's has compiled them five times, and ours remembers its theme but no letter. What the theme's
style sheet means is on the shelf, where a new process finds it. Ours moves the
article's CSS into the attributes and makes every attribute safe; theirs moves the CSS too. "With the words" is
our whole way from the issue's file to the letters. CPU counts, which other programs on the machine change least.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from newsletter import issue, render
from newsletter.files.looks import themes
from newsletter.files.looks.shelf import Shelf
from newsletter.model import Issue
from newsletter.rendering import attributes, inline, template
from tests.samples import LETTER, TEMPLATES

HERE = Path(__file__).parent
STORY = """
::: story {{src="https://bay.example.org/{0}"{1}}}
## Warmth from the data hall grows tomatoes, part {0}
![Round leaves in greens, and ripe tomatoes](assets/greenhouse-{0}.jpg)
What the servers give off used to leave through a chimney. Now it heats four greenhouses, and the canteen has its
own tomatoes. There will be more of them in spring, when the second hall is ready.

[Inside the greenhouses](https://bay.example.org/{0})
:::
"""
SWEDISH = """
::: story {{src="https://bay.example.org/sv/{0}"{1}}}
## Värmen från datahallen odlar tomater, del {0}
![Runda blad i grönt, och mogna tomater](assets/greenhouse-{0}.jpg)
Det som servrarna avger försvann förr genom en skorsten. Nu värmer det fyra växthus, och matsalen har sina egna
tomater. Fler blir det i vår, när den andra hallen är klar och rören är dragna ända ner till sjön.

[Inne i växthusen](https://bay.example.org/sv/{0})
:::
"""
SEGMENTS = ("", "research", "business")


def issues() -> list[Issue]:
    """Return the issue in two languages: twelve stories for everybody, and one more for each of two segments."""
    made = []
    for language, story, hello in (("en", STORY, "Dear"), ("sv", SWEDISH, "Hej")):
        stories = [story.format(number, "") for number in range(12)]
        stories += [story.format(name, f' segment="{name}"') for name in SEGMENTS if name]
        text = f'---\nsubject: Twelve\nlist: monthly\n---\n{hello} {{{{ name or "!" }}}},\n{"".join(stories)}'
        made.append(issue.parse(text, slug="2025-11", language=language, zone=LETTER.timezone))
    return made


def sources(twins: list[Issue]) -> list[str]:
    """Return the MJML of the six letters."""
    kept: list[str] = []
    whole = template.compile_mjml

    def keep(source: str, icons: str) -> str:
        kept.append(source)
        return whole(source, icons)

    template.compile_mjml = keep
    try:
        letters(twins)
    finally:
        template.compile_mjml = whole
    return kept


def letters(twins: list[Issue]) -> None:
    """Make the six letters, from the issue as its file was read."""
    for one in twins:
        theme = themes.load(TEMPLATES, "letter", one.language)
        for name in SEGMENTS:
            segments = frozenset([name] if name else [])
            render.render(one, theme, LETTER, segments=segments, nonce="bench", assets_url="https://e.example/")


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU that *work* takes."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def six(sources: list[str]) -> None:
    """Compile the six letters, as a new process would: nothing is in memory of the round before."""
    inline.KNOWN = inline.Known()
    for kept in (inline._bones, inline._kept, attributes.opening, attributes.tags, attributes.part):
        kept.cache_clear()
    for source in sources:
        template.compile_mjml(source, "")


def peer(folder: Path) -> bool:
    """Install mjml into *folder*. Return False if that cannot be."""
    npm = shutil.which("npm")
    if not npm:
        return False
    shutil.copy(HERE / "peer_mjml.js", folder)
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "mjml"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300).returncode == 0


def theirs(folder: Path, rounds: int) -> list[float]:
    """Return the milliseconds of CPU that each round takes npm's mjml."""
    done = subprocess.run(
        ["node", "peer_mjml.js", "letters", str(rounds)], cwd=folder, capture_output=True, check=True, timeout=600
    )
    times: list[float] = json.loads(done.stdout)
    return times


def main() -> None:
    """Measure in turns, and print medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    twins = issues()
    made = sources(twins)
    print(f"{len(made)} letters of {len(made[0]):,} characters of MJML, {rounds} rounds, medians of CPU")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "letters").mkdir()
        template.keep(Shelf(folder / "shelf"))
        for number, source in enumerate(made):
            (folder / "letters" / f"{number}.mjml").write_text(source, encoding="utf-8")
        there = peer(folder)
        # Ours are short: as many before theirs as after it, so that both meet the same moods of the machine.
        compiled, other = [], []
        for _ in range(2):
            compiled += [timed(lambda: six(made)) for _ in range(rounds * 10)]
            other += theirs(folder, rounds) if there else []
        compiled += [timed(lambda: six(made)) for _ in range(rounds * 10)]
        whole = [timed(lambda: letters(twins)) for _ in range(rounds)]
        rows = {"newsletter, MJML to HTML": compiled, "newsletter, with the words": whole, "npm mjml": other}
        for name, times in rows.items():
            if not times:
                print(f"{name:<28} left out: npm cannot be had")
                continue
            ratio = f"{statistics.median(other) / statistics.median(times):6.1f}x" if other else ""
            print(f"{name:<28} {statistics.median(times):9.1f} ms {ratio}")


if __name__ == "__main__":
    main()
