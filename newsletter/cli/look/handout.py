"""An issue on one page that needs nothing besides itself, for colleagues who have no terminal. Writes nothing."""

import base64
import re
from dataclasses import replace
from urllib.parse import unquote

from newsletter import personal
from newsletter.cli import terminal
from newsletter.cli.look.studio import WorkspaceStudio
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.reading import picturefile
from newsletter.web.preview import SAMPLE, Letter, emulate

#: How the media types of pictures are called where that is not by their kind (IANA media types).
TYPES = {"jpg": "jpeg"}
#: What leads to a file beside the issue, by its path within the issue's folder.
_BESIDE = re.compile(r'\b(src|href)="(assets/[^"]+)"')


def page(workspace: Workspace, slug: str) -> str:
    """Return every variant of the issue *slug* as a sample reader gets it, in light and dark and as text.

    Pictures that lie beside the issue are in the page; those on the web stay there. Raise NewsletterError.
    """
    studio = WorkspaceStudio(workspace.root)
    views = []
    for number, view in enumerate(studio.views(slug)):
        letter = _whole(workspace, studio, slug, studio.as_read(slug, number, SAMPLE))
        sides = {side: emulate(letter.html, side == "dark") for side in ("light", "dark")}
        views.append({"name": view.name, "letter": letter, "sides": sides})
    when = terminal.clock(terminal.now(), workspace.settings.letter.timezone)
    name = workspace.settings.letter.name
    template = themes.pages(workspace.templates, "en").get_template("pages/handout.html")
    return template.render(name=name, slug=slug, when=when, views=views)


def _whole(workspace: Workspace, studio: WorkspaceStudio, slug: str, letter: Letter) -> Letter:
    """Return *letter* with the pictures beside the issue in itself, and links to other files there absolute.

    The answers to its questions lead nowhere: they are a reader's to give.
    """
    base = workspace.settings.letter.base_url
    html, text = personal.unanswered(letter.html, letter.text, personal.page(personal.ANSWER, base))

    def one(found: re.Match[str]) -> str:
        path = studio.picture(slug, unquote(found[2])) if found[1] == "src" else None
        data = path.read_bytes() if path else b""
        if known := picturefile.shape(data):
            kind = TYPES.get(known.kind, known.kind)
            return f'src="data:image/{kind};base64,{base64.b64encode(data).decode("ascii")}"'
        return f'{found[1]}="{base}/issues/{slug}/{found[2]}"'

    return replace(letter, html=_BESIDE.sub(one, html), text=text)
