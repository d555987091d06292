"""Tell what WordPress shows in the place of a post that a password protects: a form, or a sentence about it.

Source: WordPress 6.1, ``get_the_password_form``, ``get_the_excerpt`` and ``get_post_class``, and its translations.
"""

import re

from lxml.html import HtmlElement

#: The form that asks for the password, as it is written into a feed too.
FORM = re.compile(r"<form\b[^<>]{0,500}(?:post-password-form|action=postpass)", re.IGNORECASE)
#: What stands for an excerpt.
NOTICE = re.compile(
    r"There is no excerpt because this is a protected post"
    r"|Det finns inget utdrag,? eftersom det(?:ta| här) är ett skyddat inlägg"
    r"|Der er intet uddrag, da dette er et beskyttet indlæg"
    r"|Det finnes ikke utdrag siden innlegget er beskyttet"
    r"|Otetta ei näytetä, koska artikkeli on suojattu"
    r"|Es gibt keine Kurzfassung, da dies ein geschützter Beitrag ist"
    r"|Il n.y (?:a )?pas d.extrait, car cet article est protégé"
)
BOXES = "descendant::*[contains(concat(' ',@class,' '),' post-password-required ')]"
FORMS = "descendant::form[contains(@class,'post-password-form') or contains(@action,'action=postpass')]"


def is_locked(html: str) -> bool:
    """Whether the body *html* of an entry is a form for its password, or says that it has one."""
    return bool(FORM.search(html) or NOTICE.search(html))


def is_barred(root: HtmlElement) -> bool:
    """Whether the page *root* asks for a password before it shows its one article."""
    return bool(root.xpath(FORMS)) and len(root.xpath("descendant::article[not(ancestor::article)]")) < 2


def boxes(root: HtmlElement) -> list[HtmlElement]:
    """Return what a list of posts shows of those that have a password."""
    return [one for one in root.xpath(BOXES) if one.tag not in {"html", "body", "main"}]
