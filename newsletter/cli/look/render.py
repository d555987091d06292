"""`newsletter render`: an issue's HTML and text as files, for whoever wants to look, print or publish them."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import click

from newsletter import render as rendered
from newsletter.cli import offering, terminal
from newsletter.cli.look import rendering
from newsletter.cli.place import Folder
from newsletter.files import issues
from newsletter.files.workspace import Workspace
from newsletter.gate import proof
from newsletter.model import Rendered
from newsletter.web.pages import beside


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@click.option("--out", metavar="DIR", required=True, type=Folder(), help="The folder to write to.")
@terminal.reporting
def render(workspace: Workspace, slug: str, out: Path, as_json: bool) -> None:
    """Write the HTML and the text of every variant of the issue SLUG to files.

    A variant is a language, or a language and the segments that some blocks are for. Personal fields hold a sample
    reader's values. Pictures beside the issue are copied, so the files can be opened from the disk.

    \b
    Examples:
      newsletter render 2025-06 --out /tmp/june
      newsletter render 2025-06 --out site --json
    """
    twins = issues.load(workspace, slug)
    variants = [made for twin in twins for made in rendering.variants(workspace, twin, twins, f"{slug}/")]
    files = [_write(workspace, one, out) for one in variants]
    pictures = _pictures(workspace.issue(slug), out / slug, variants)
    if as_json:
        terminal.emit({"issue": slug, "files": files, "pictures": [str(path) for path in pictures]})
        return
    for file in files:
        terminal.show(f"{file['html']}\n{file['text']}")
    for path in pictures:
        terminal.show(str(path))


def _write(workspace: Workspace, one: Rendered, out: Path) -> dict[str, object]:
    """Write one variant, and return what was written."""
    filled = rendered.fill(one, proof.sample(one, workspace.settings))
    name = re.sub(r"[^\w+.-]+", "-", f"{one.issue}.{one.variant}").strip("-")
    out.mkdir(parents=True, exist_ok=True)
    html, text = out / f"{name}.html", out / f"{name}.txt"
    issues.write(html, filled.html)
    issues.write(text, filled.text)
    return {
        "language": one.language,
        "segments": sorted(one.segments),
        "subject": filled.subject,
        "html": str(html),
        "text": str(text),
        "bytes": len(filled.html.encode()),
    }


def _pictures(source: Path, target: Path, variants: Sequence[Rendered]) -> list[Path]:
    """Copy the files beside the issue that its HTML shows, or leads to where readers are given them.

    None from outside its folder, by link or by name.
    """
    given = tuple(beside.PICTURES | beside.DOCUMENTS)
    named = {
        unquote(name)
        for one in variants
        for what, name in re.findall(rf'(src|href)="{re.escape(target.name)}/([^"]+)"', one.html)
        if what == "src" or unquote(name).lower().endswith(given)
    }
    copied: list[Path] = []
    for name in sorted(named):
        path = (source / name).resolve()
        if path.is_file() and path.is_relative_to(source.resolve()):
            place = target / path.relative_to(source.resolve())
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            copied.append(place)
    return copied
