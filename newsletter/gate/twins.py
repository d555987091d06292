"""Look whether the twins of an issue say the same: articles, their order, events, and to whom it goes when."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from newsletter.gate.proof import warning
from newsletter.model import Article, Block, Brief, Cta, Event, Events, Finding, Issue, Lead, Quote, Story, Teaser
from newsletter.spoken import tongue
from subscribers.tongue import root

#: What counts in the first twin only: its name in the file, and in the issue.
SHARED = {"list": "list", "audience": "audience", "send_at": "send_at", "try": "trying"}

#: The blocks that are counted.
KINDS = (Lead, Story, Brief, Quote, Cta, Events)


def findings(issues: Sequence[Issue], articles: Mapping[str, Article]) -> Iterator[tuple[str, Finding]]:
    """Yield the language of a twin and what is out of step in it, compared with the first one.

    *articles* are those of the pool, by the ``src`` of their blocks: they tell which of them are translations.
    """
    if len(issues) < 2:
        return
    main, *others = issues
    for twin in others:
        yield from ((one.language, found) for one, found in _missing(main, twin, articles))
        told = (
            _order(main, twin, articles),
            _counts(main, twin),
            _events(main, twin),
            _questions(main, twin),
            _sponsors(main, twin),
            _fields(main, twin),
        )
        for found in itertools.chain(*told):
            yield twin.language, found
    for one in issues:
        yield from ((one.language, found) for found in _untranslated(one, articles))


def _missing(main: Issue, twin: Issue, articles: Mapping[str, Article]) -> Iterator[tuple[Issue, Finding]]:
    """Tell articles that have a translation which stands in one of the two only."""
    for one, other in ((main, twin), (twin, main)):
        there = {block.src for block in other.blocks}
        for block in _articles(one):
            article = articles.get(block.src)
            if article and article.twins and not there.intersection((block.src, *article.twins)):
                what = f"“{article.title}” stands here and not in {other.path}, though it is translated"
                yield one, warning("twin-article", _place(one, block), what, "put it into both, or into neither")


def _order(main: Issue, twin: Issue, articles: Mapping[str, Article]) -> Iterator[Finding]:
    """Tell where the articles that both have stand in another order."""
    names = [_names(block.src, articles) for block in _articles(main)]
    last = -1
    for block in _articles(twin):
        place = next((at for at, known in enumerate(names) if block.src in known), -1)
        if 0 <= place < last:
            what = f"“{block.title}” stands later here than in {main.path}"
            yield warning("twin-order", _place(twin, block), what, "let both have the same order")
            return
        last = max(last, place)


def _counts(main: Issue, twin: Issue) -> Iterator[Finding]:
    """Tell where one has more blocks of a kind than the other; a twin of nothing but prose says less on purpose.

    Articles of the pool are told by their names.
    """
    theirs, own = ([block for block in one.blocks if isinstance(block, KINDS)] for one in (main, twin))
    if not (theirs and own):
        return
    there, here = (Counter(type(block) for block in blocks if not block.src) for blocks in (theirs, own))
    amiss = {kind: here[kind] - there[kind] for kind in KINDS if here[kind] != there[kind]}
    if amiss:
        place = _place(twin, next((block for block in reversed(own) if type(block) in amiss), own[-1]))
        less = ", ".join(f"{-count} × {kind.__name__.lower()}" for kind, count in amiss.items() if count < 0)
        more = ", ".join(f"{count} × {kind.__name__.lower()}" for kind, count in amiss.items() if count > 0)
        told = " and ".join(f"{blocks} {how}" for blocks, how in ((less, "less"), (more, "more")) if blocks)
        what = f"{told} than in {main.path}, articles of the pool aside"
        yield warning("twin-blocks", place, what, "write what is missing, or take away what is too much")


def _sponsors(main: Issue, twin: Issue) -> Iterator[Finding]:
    """Tell where one says of more blocks than the other that somebody paid for them."""
    theirs, own = ([block for block in one.blocks if block.sponsor] for one in (main, twin))
    if len(theirs) != len(own):
        place = _place(twin, own[-1]) if own else twin.path
        what = f"{len(own)} of the blocks here have a sponsor, and {len(theirs)} in {main.path}"
        remedy = 'write sponsor="…" at what is paid for in both: readers of either must be told'
        yield warning("twin-sponsor", place, what, remedy)


def _events(main: Issue, twin: Issue) -> Iterator[Finding]:
    """Tell events whose time is in one of the two only, where both have any."""
    theirs, own = list(_dated(main)), list(_dated(twin))
    if not (theirs and own):
        return
    there, here = ({each.at for _, each in dated} for dated in (theirs, own))
    for block, one in own:
        if one.at not in there:
            what = f"“{one.title}” is at {one.when} here, and nothing is then in {main.path}"
            yield warning("twin-event", _place(twin, block), what, "let both have the same events")
    for _, one in theirs:
        if one.at not in here:
            what = f"“{one.title}” of {main.path}, at {one.when}, is missing here"
            yield warning("twin-event", _place(twin, own[0][0]), what, "let both have the same events")


def _questions(main: Issue, twin: Issue) -> Iterator[Finding]:
    """Tell questions whose answers cannot be counted together: in one of the two only, or with other answers."""
    theirs, own = dict(main.questions), dict(twin.questions)
    for name, block in twin.questions:
        there, here = len(theirs[name].answers) if name in theirs else 0, len(block.answers)
        if not there:
            what = f"no question is called “{name}” in {main.path}: its answers are counted by themselves"
            yield warning("twin-question", _place(twin, block), what, _SAME)
        elif there != here:
            what = f"this question has {here} answers, and {there} in {main.path}"
            remedy = "let both have the same answers in the same order: they are counted by their place"
            yield warning("twin-question", _place(twin, block), what, remedy)
    for name in theirs.keys() - own.keys():
        place = _place(twin, twin.blocks[-1]) if twin.blocks else twin.path
        yield warning("twin-question", place, f"the question “{name}” of {main.path} is missing here", _SAME)


_SAME = 'let both ask the same, by the same name: ::: question {name="…"}'


def _fields(main: Issue, twin: Issue) -> Iterator[Finding]:
    """Tell what a twin says of the send, where only the first one's word counts; and of a subject in one alone."""
    for name, known in SHARED.items():
        own = getattr(twin, known)
        if own and own != getattr(main, known):
            what = f"{name} is another here than in {main.path}, which counts"
            yield warning("twin-field", f"{twin.path}:{twin.lines.get(name, 1)}", what, "let both say the same")
    if bool(main.subject_b) != bool(twin.subject_b):
        place = f"{twin.path}:{twin.lines.get('subject_b', twin.lines.get('subject', 1))}"
        with_it, without = (twin, main) if twin.subject_b else (main, twin)
        what = f"{with_it.path} has a subject_b and {without.path} none: only the former's readers are compared"
        yield warning("twin-field", place, what, "write it in both, or in neither")


def _untranslated(one: Issue, articles: Mapping[str, Article]) -> Iterator[Finding]:
    """Tell articles that readers of this twin get in another language, and which of them are translated by now."""
    language = tongue(one.language, "en")[0]
    marked = [block for block in _articles(one) if block.lang and root(block.lang) != root(one.language)]
    for block in tuple(marked):
        spoken = {root(articles[key].language) for key in _names(block.src, articles) & articles.keys()}
        if root(one.language) in spoken:
            marked.remove(block)
            what = f"“{block.title}” is translated into {language} by now"
            remedy = f"newsletter pull {one.slug} puts the translation in its place, unless you rewrote it"
            yield warning("twin-untranslated", _place(one, block), what, remedy)
    if marked:
        count = "this article is" if len(marked) == 1 else f"{len(marked)} articles are"
        what = f"{count} not translated into {language}; readers are told so"
        yield warning("twin-untranslated", _place(one, marked[0]), what, "translate, or leave it as it is")


def _articles(one: Issue) -> list[Teaser]:
    return [block for block in one.blocks if isinstance(block, Lead | Story | Brief) and block.src]


def _names(src: str, articles: Mapping[str, Article]) -> frozenset[str]:
    article = articles.get(src)
    return frozenset((src, *(article.twins if article else ())))


def _dated(one: Issue) -> Iterator[tuple[Block, Event]]:
    for block in one.blocks:
        if isinstance(block, Events):
            yield from ((block, each) for each in block.items if each.at)


def _place(one: Issue, block: Block) -> str:
    return f"{one.path}:{block.span.start + 1}"
