"""Write shortcodes of WordPress as the HTML that a plugin would have, where a site leaves them as they were typed.

Source: https://codex.wordpress.org/Shortcode_API; the names of WPBakery, Divi, Avada and Enfold. What only they
can show goes; what they hold stays, and so do a text's own brackets.
"""

import re
from html import escape
from urllib.parse import unquote

from newsletter.entities import unescape

#: Marks around a value, as they are typed and as WordPress makes them.
_MARK = r"(?:[\"”″“]|&quot;|&#(?:34|8220|8221|8243);|&(?:ldquo|rdquo|Prime);)"
ATTRIBUTE = re.compile(rf"(?<![\w-])([\w-]+)=(?:{_MARK}(.*?){_MARK}|([\w.%#-]+))", re.DOTALL)
CODE = re.compile(r"\[(?P<end>/?)(?P<name>[a-z][a-z0-9_-]*)(?P<given>\s[^\[\]]*)?/?\]")
#: What stands behind a name that is no word of the text: a value, or nothing but values.
GIVEN = re.compile(rf"\s+[\w-]+=(?:{_MARK}|[\w.%#-]+(?:\s|$))")
CLOSED = re.compile(r"\[/([a-z][a-z0-9_-]*)\]")
#: One that breaks off where a summary was cut.
CUT = re.compile(rf"\[[a-z]+_[a-z_]+\s+[\w-]+={_MARK}[^\[\]]*(?=\[(?:…|\.\.\.|&hellip;)\]|$)")
#: Those that stand alone, have no values and no underscore.
ALONE = frozenset({"embed", "gallery", "playlist", "toc", "ez-toc", "contact-form-7"})
#: What page builders make rows, columns and boxes with: what is in one is on lines of its own.
BUILT = re.compile(r"(?:vc|et_pb|fusion|av|cs|ux|mk|nectar|tatsu)_|\w*(?:button|btn|heading|title)")
#: Scripts and frames that a builder keeps in a form of its own, and a picture by its address alone.
KEPT = re.compile(
    r"\[(\w{0,24}(?:raw_html|raw_js|code)\w{0,24})(?:\s[^\[\]]*)?\](?:\s|</?p>)*[\w+/=%]{16,}(?:\s|</?p>)*\[/\1\]"
)
DRAWN = re.compile(
    r"\[(\w{0,24}image\w{0,24})(?:\s[^\[\]]*)?\](?:\s|</?p>)*(https?://[^\s<>\[\]\"]+)(?:\s|</?p>)*\[/\1\]"
)
#: A picture, maybe linked, and the words under it.
CAPTIONED = re.compile(
    r"\[((?:wp_)?caption)(?:\s[^\[\]]*)?\]\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)([^\[\]]{0,1000})\[/\1\]"
)
#: Names of those whose title readers see.
TITLED = re.compile(r"heading|title|separator|toggle|accordion|tab$|section$|blurb|cta|call_to|spoiler|slide$")
BUTTON = re.compile(r"button|btn|cta|call_to")


def are_in(html: str) -> bool:
    """Whether there is a shortcode in *html*; brackets alone are none."""
    return plain(html) != html


def plain(html: str) -> str:
    """Return *html* without shortcodes: with the headings, pictures and buttons that they would have shown."""
    if "[" not in html:
        return html
    closed = frozenset(CLOSED.findall(html))

    def one(found: re.Match[str]) -> str:
        name, given = found["name"], found["given"] or ""
        if not (found["end"] or "_" in name or name in ALONE or name in closed or GIVEN.match(given)):
            return found[0]
        return _shown(name, bool(found["end"]), given)

    html = DRAWN.sub(r'<p><img src="\2"></p>', KEPT.sub(" ", html))
    html = CAPTIONED.sub(r"<figure>\2<figcaption>\3</figcaption></figure>", html)
    return CODE.sub(one, CUT.sub(" ", html))


def _shown(name: str, ends: bool, given: str) -> str:
    """Return what a shortcode shows by itself, as HTML."""
    if not BUILT.match(name):
        return " "
    said = {key: unescape(value or bare) for key, value, bare in ATTRIBUTE.findall(given)}
    link = said.get("button_url") or said.get("link") or said.get("url") or ""
    link = unquote(link.removeprefix("url:").partition("|")[0]) if link.startswith("url:") else link
    if ends:
        return "</a><p>" if BUTTON.search(name) else "<p>"
    shown = "<p>"
    title = (said.get("text") or said.get("title") or said.get("heading") or "").replace("``", '"')
    if title and TITLED.search(name):
        shown += f"<h2>{escape(title)}</h2>"
    src = said.get("src") or ""
    if "image" in name and src.startswith("http"):
        shown += f'<img src="{escape(src)}" alt="{escape(said.get("alt", ""))}">'
    if BUTTON.search(name) and link.startswith("http"):
        words = said.get("button_text") or (title if not TITLED.search(name) else "")
        shown += f'<a href="{escape(link)}">' + (f"{escape(words)}</a>" if words else "")
    return shown
