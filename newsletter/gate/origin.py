"""What is known of the articles that an issue's blocks came from."""

from collections.abc import Iterator

from newsletter.gate.proof import Proof, shortened, warning
from newsletter.model import Featured, Finding


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what the articles lack. Of a block that came from nowhere nothing is known."""
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
