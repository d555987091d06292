"""What is known of the articles that an issue's blocks came from."""

from collections.abc import Iterator

from newsletter.errors import shortened
from newsletter.gate.proof import Proof, warning
from newsletter.model import Featured, Finding


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what the articles lack. Of a block that came from nowhere nothing is known."""
    yield from _withdrawn(proof)
    for block in proof.issue.blocks:
        article = proof.beside.articles.get(block.src) if isinstance(block, Featured) and block.src else None
        if article is None or not isinstance(block, Featured):
            continue
        lacks = {
            "article-undated": ("date", article.published is None),
            "article-unsigned": ("author", not article.author),
            "article-without-picture": ("picture", article.image is None and block.image is None),
        }
        place, title = proof.block(block), shortened(article.title, 40)
        if all(missing for _, missing in lacks.values()):
            what = f"nothing tells when “{title}” was written or by whom, and it has no picture"
            remedy = "see whether the page was read whole: `newsletter articles show`; then add what readers want"
            yield warning("article-bare", place, what, remedy)
        for code, (what, missing) in lacks.items():
            if missing:
                yield warning(
                    code, place, f"the article “{title}” has no {what}", f"add a {what}, or pin the block"
                )


def _withdrawn(proof: Proof) -> Iterator[Finding]:
    """Warn once of each article that its source took back, where its first block stands."""
    zone = proof.settings.letter.timezone
    for src, at in proof.beside.withdrawn.items():
        blocks = [block for block in proof.issue.blocks if block.src == src]
        if not blocks:
            continue
        titles = (block.title for block in blocks if isinstance(block, Featured) and block.title)
        named = f"“{shortened(next(titles, src), 50)}”"
        seen = f"{at.astimezone(zone):%Y-%m-%d}"
        what = f"its source withdrew {named}: on {seen} `newsletter fetch` found it gone, locked or a draft"
        more = f"its {len(blocks)} blocks" if len(blocks) > 1 else "the block"
        remedy = f"ask there why, or delete {more}: what is mailed cannot be taken back"
        yield warning("article-withdrawn", proof.block(blocks[0]), what, remedy)
