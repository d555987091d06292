"""The page behind every answer to a letter's question. GET shows it, as scanners open links; POST counts it.

What is asked was frozen with the send: no file of an issue is read. Nobody can see who answered what.
"""

from dataclasses import dataclass, field, replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import personal
from newsletter.mail.letterhead import unpack
from newsletter.model import Asked, Rendered
from newsletter.web.pages import link
from newsletter.web.site import Site, fields
from subscribers.errors import UnknownError
from subscribers.model import Subscriber
from subscribers.store.ledger import answers, sends
from subscribers.store.register import suppressions
from subscribers.token import Claim, Purpose


@dataclass(slots=True)
class Desk:
    """Asks for one server. It keeps what variants ask, as a send never changes."""

    letters: dict[tuple[int, str], Rendered] = field(default_factory=dict)

    async def show(self, site: Site, request: Request) -> Response:
        """Show the question, with the answer of the link chosen."""
        claim, person, language = link.reader(site, request, Purpose.ANSWER)
        asked, lang = self._asked(site, request, claim, person)
        chosen = _chosen(link.bare(request.path_params["number"]), asked)
        if not chosen:
            raise HTTPException(404, "link")
        return site.page(request, "answer", language, asked=asked, lang=lang, chosen=chosen)

    async def take(self, site: Site, request: Request) -> Response:
        """Count the answer that the form says, in place of an earlier one, and thank for it."""
        claim, person, language = link.reader(site, request, Purpose.ANSWER)
        asked, lang = self._asked(site, request, claim, person)
        form = await fields(request)
        chosen = _chosen(str(form.get("answer", "")), asked)
        if not chosen:
            raise HTTPException(400)
        keys = site.ring.derived(suppressions.PURPOSE)
        await site.writer.run(
            partial(
                answers.give, send=claim.list, subscriber=person.id, question=asked.name, answer=chosen, keys=keys
            )
        )
        return site.page(request, "answered", language, asked=asked, lang=lang, chosen=chosen)

    def _asked(self, site: Site, request: Request, claim: Claim, person: Subscriber) -> tuple[Asked, str]:
        """Return the question as this reader's letter asks it, and its language. Raise HTTPException 404."""
        try:
            letter = self._letter(site, claim.list, sends.variant_of(site.reader, claim.list, person.id))
        except UnknownError:
            raise HTTPException(404, "link") from None
        for one in letter.questions:
            if one.name == request.path_params["name"]:
                values = personal.values(person.name, person.address.typed, person.language, person.attributes)
                words, *said = (personal.fill(text, letter.tokens, values) for text in (one.words, *one.answers))
                return replace(one, words=words, answers=tuple(said)), one.lang or letter.tongue
        raise HTTPException(404, "link")

    def _letter(self, site: Site, send: int, variant: str) -> Rendered:
        if (send, variant) not in self.letters:
            rendered, _ = unpack(sends.variant(site.reader, send, variant))
            self.letters[send, variant] = replace(rendered, html="", text="", enclosed=())
        return self.letters[send, variant]


def _chosen(text: str, asked: Asked) -> int:
    """Return the number of an answer, from 1; 0 for what is none."""
    return next((number for number in range(1, len(asked.answers) + 1) if text == str(number)), 0)
