"""Write the Markdown of Hugo, Jekyll and Obsidian as CommonMark. What only their own programs can show goes.

Sources: Hugo's shortcodes (gohugo.io/content-management/shortcodes), Liquid and kramdown as Jekyll has them,
Obsidian's links, embeds, callouts, highlights and comments (help.obsidian.md/obsidian-flavored-markdown), Material
for MkDocs, Datenstrom Yellow.
"""

import re

from newsletter.reading.html.imagetag import ENDING
from newsletter.reading.html.markup import SIGNS

CODE = re.compile(r"(^ {0,3}(?:```|~~~).*?^ {0,3}(?:```|~~~)[ \t]*$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
#: ``{{< figure src="a.jpg" alt="A" caption="B" >}}``, any other shortcode, and the attributes in one.
FIGURE = re.compile(r"\{\{[<%]\s*figure\s([^{}]*?)/?[>%]\}\}")
SHORTCODE = re.compile(r"\{\{[<%](?:(?!\{\{).)*?[>%]\}\}", re.DOTALL)
GIVEN = re.compile(r"""(\w+)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
#: Liquid: a path that goes through a filter keeps its path.
FILTERED = re.compile(r"""\{\{\s*["']([^"'{}]+)["']\s*\|[^{}]*\}\}""")
LIQUID = re.compile(
    r"\{\{\s*\w+\([^{}]*\)\s*\}\}|\{%(?:(?!\{%).)*?%\}|\{\{\s*(?:site|page|layout)\.[^{}]*\}\}|\{:[^{}\n]*\}",
    re.DOTALL,
)
#: What Pandoc calls a heading by, how words in brackets and a picture look to it, and whom it cites.
SPAN = re.compile(r"(?<![\]\\!])\[([^\[\]\n]*)\]\{[.#][^{}\n]*\}")
LOOKS = re.compile(r"(?<=\))\{:?[ \t]{0,3}[\w.#-][^{}\n]*\}")
NAMES = re.compile(r"(?<=\S)[ \t]*\{[.#][\w .#=\"-]*\}[ \t]*$", re.MULTILINE)
CITED = re.compile(r"[ \t]?\[-?@[\w:.#$%&+?<>~/-]+(?:[,;][^\[\]\n]*)?\](?!\()")
#: What scripts need, and comments that no reader sees.
UNSEEN = re.compile(
    r"^(?:import|export)\s[^\n]*\bfrom\s+[\"'][^\n]*$|^import\s+[\"'][^\n]*$"
    r"|^export\s+(?:const|let|default|function)\s(?:[^\n]*\S[^\n]*(?:\n|\Z))+|\{/\*(?:(?!\{/\*).)*?\*/\}|%%.*?%%",
    re.MULTILINE | re.DOTALL,
)
#: What MDX has a script show; of a picture, its address and its words can be read.
COMPONENT = re.compile(r"</?([A-Z][\w.]{0,60})((?:\s(?:[^<>{}]|\{[^{}\n]{0,300}\}){0,1000})?)/?>")
#: Icons of Material for MkDocs; a picture as Datenstrom Yellow has it, and where it cuts an article for a list.
ICON = re.compile(r":(?:material|octicons|fontawesome|simple)-[\w-]{1,80}:(?:\{[^{}\n]*\})?[ \t]?")
SHOWN = re.compile(
    rf'\[image[ \t]+(\S{{1,200}}{ENDING})(?:[ \t]+(?:"([^"\n]*)"|(\w\S*)))?[^\[\]\n]*\]', re.IGNORECASE
)
MORE = re.compile(r"[ \t]?\[--more--\]")
#: A page that its program fills with the titles of others.
FILLED = re.compile(r"\{%-?\s*(?:for|paginate)\s")
#: Where a table of contents is to stand, for kramdown in the place of a list.
CONTENTS = re.compile(
    r"^(?:\[TOC\]|\[\[_TOC_\]\]|(?:[*-]|1\.)[ \t]+[^\n]*\n\{:toc\b[^{}\n]*\})[ \t]*$", re.MULTILINE
)
PICTURE = re.compile(rf"!\[\[([^\[\]|\n]+{ENDING})(?:\|[^\[\]\n]*)?\]\]", re.IGNORECASE)
EMBED = re.compile(r"!\[\[[^\[\]\n]+\]\]")
WIKI = re.compile(r"\[\[([^\[\]|#\n]*)(?:#[^\[\]|\n]*)?(?:\|([^\[\]\n]+))?\]\]")
#: ``> [!note] Title`` and the lines under it.
CALLOUT = re.compile(r"^> ?\[!\w+\][+-]?[ \t]*([^\n]*)((?:\n>[^\n]*)*)", re.MULTILINE)
HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]+?)(?<=\S)==")
TASK = re.compile(r"^([ \t]*[-*+][ \t]+)\[[ xX]\][ \t]+", re.MULTILINE)
FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\](:?)")
#: A path with spaces, which CommonMark wants in angles.
_PATH = r'(?:[^()<>\n"]|\([^()<>\n"]*\))*?'
SPACED = re.compile(rf"(!\[[^\[\]\n]*\]\()({_PATH} {_PATH}{ENDING})(\))", re.IGNORECASE)


#: A point of a list as word processors paste it: a sign, or their second one, an o, before a tab.
POINT = re.compile(rf"^([ \t]*)(?:[{SIGNS}◦§][ \t\xa0]+|o\t[ \t]*)(?=\S)", re.MULTILINE)


def plain(text: str) -> str:
    """Return *text* as CommonMark; what stands in code stays."""
    parts = CODE.split(text)
    return "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def is_filled(text: str) -> bool:
    """Whether *text* is a page that its program makes of others, and no article; code may show how."""
    return any(FILLED.search(part) for part in CODE.split(text)[::2])


def _plain(text: str) -> str:
    text = CONTENTS.sub("", text)
    if "{" in text:
        text = SHORTCODE.sub("", FIGURE.sub(_figure, text))
        text = LOOKS.sub("", SPAN.sub(r"\1", text))
        text = NAMES.sub("", LIQUID.sub("", FILTERED.sub(r"\1", text)))
    text = POINT.sub(_point, UNSEEN.sub("", text))
    if "<" in text:
        text = COMPONENT.sub(_component, text)
    if ":" in text:
        text = ICON.sub("", text)
    if "[" in text:
        text = MORE.sub("", SHOWN.sub(lambda found: f"![{found[2] or found[3] or ''}](<{found[1]}>)", text))
        text = EMBED.sub("", PICTURE.sub(r"![](<\1>)", text))
        text = WIKI.sub(lambda found: found[2] or found[1], text)
        text = TASK.sub(r"\1", CALLOUT.sub(_callout, text))
        text = CITED.sub("", text)
        text = FOOTNOTE.sub(r"\\[\1\\]", text)
        text = SPACED.sub(r"\1<\2>\3", text)
    return HIGHLIGHT.sub(r"**\1**", text)


def _point(found: re.Match[str]) -> str:
    """Return how a point begins: one with an o is a point of the one above it."""
    return f"{found[1]}{'  ' if 'o' in found[0] else ''}- "


def _figure(found: re.Match[str]) -> str:
    given = {name: one or two or three for name, one, two, three in GIVEN.findall(found[1])}
    if not given.get("src"):
        return ""
    caption = given.get("caption") or given.get("title")
    return f"![{given.get('alt', '')}](<{given['src']}>)" + (f"\n\n*{caption}*" if caption else "")


def _component(found: re.Match[str]) -> str:
    given = {name: one or two for name, one, two, _ in GIVEN.findall(found[2])}
    shown = given.get("src") if found[1] in {"Image", "Img", "Picture", "Figure"} else ""
    return f"![{given.get('alt', '')}](<{shown}>)" if shown else ""


def _callout(found: re.Match[str]) -> str:
    """Return a callout as paragraphs under its title: it is no quote of anybody."""
    title = f"**{found[1].strip()}**" if found[1].strip() else ""
    return f"{title}\n{re.sub(r'^> ?', '', found[2].strip(), flags=re.MULTILINE)}".strip()
