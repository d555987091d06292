"""Every finding of the gate by its id: its group, and what it rests on.

`newsletter.preflight` gives each finding its source from here, the settings know from here which ids there are,
and a test holds docs/findings.md to it. Finds nothing itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: What the groups rest on where a finding names nothing of its own.
_OWN = "editors' practice"
_GMAIL = "Gmail's documented limits for CSS and size"
_WCAG = "WCAG 2.2"
_HTML = "HTML Living Standard"

_TABLE = {
    "inbox": {
        "subject-missing": "RFC 5322, section 3.6.5",
        "subject-long": "about 60 characters fit on a desktop, 40 on a phone",
        "subject-capitals": "SpamAssassin, SUBJ_ALL_CAPS",
        "subject-reply": "RFC 5322, section 3.6.5; CAN-SPAM Act, 15 U.S.C. 7704(a)(2)",
        "subject-draft": _OWN,
        "subject-invisible": "Unicode Technical Report 36, section 2.5",
        "preheader-missing": "mail programs show the letter's first words instead",
        "preheader-length": "mail programs show 40 to 110 characters after the subject",
        "preheader-same": _OWN,
        "text-missing": "RFC 2046, section 5.1.4",
        "text-different": "RFC 2046, section 5.1.4; SpamAssassin, MPART_ALT_DIFF",
        "text-markup": "RFC 2046, section 4.1.3",
        "unsubscribe-html": "GDPR, article 7(3); CAN-SPAM Act, 15 U.S.C. 7704(a)(3)",
        "unsubscribe-text": "GDPR, article 7(3); CAN-SPAM Act, 15 U.S.C. 7704(a)(3)",
        "header-unsubscribe": "RFC 2369, section 3.2; Gmail and Yahoo ask bulk senders for it",
        "header-one-click": "RFC 8058, section 3.1; Gmail and Yahoo ask bulk senders for it",
        "address-missing": "CAN-SPAM Act, 15 U.S.C. 7704(a)(5); Directive 2000/31/EC, article 5",
        "address-html": "CAN-SPAM Act, 15 U.S.C. 7704(a)(5); Directive 2000/31/EC, article 5",
        "address-text": "CAN-SPAM Act, 15 U.S.C. 7704(a)(5); Directive 2000/31/EC, article 5",
        "base-url": "RFC 8058, section 3.1: the address must be https",
        "sender-reserved": "RFC 2606, section 3",
        "sender-unaligned": "RFC 7489, section 3.1.1; Gmail and Yahoo ask bulk senders for it",
    },
    "words": {
        "cta-without-link": _OWN,
        "issue-empty": _OWN,
        "issue-not-rendered": _OWN,
        "block-empty": _OWN,
        "block-doubled": _OWN,
        "quote-without-speaker": _OWN,
        "question-without-link": _OWN,
        "glued-sentence": _OWN,
        "space-before-mark": _OWN,
        "accent-apostrophe": "Unicode Standard, section 6.2: the apostrophe is U+2019",
        "word-doubled": _OWN,
        "date-weekday": "the Gregorian calendar",
        "event-past": _OWN,
        "language-other": f"{_WCAG}, success criterion 3.1.2",
        "twin-article": _OWN,
        "twin-order": _OWN,
        "twin-event": _OWN,
        "twin-field": _OWN,
        "twin-untranslated": _OWN,
        "article-bare": _OWN,
        "article-undated": _OWN,
        "article-unsigned": _OWN,
        "article-without-picture": _OWN,
    },
    "audience": {
        "list-unknown": _OWN,
        "segment-unknown": _OWN,
        "audience-unreadable": _OWN,
        "audience-nobody": _OWN,
        "audience-size": "a wrong segment shows first in the number of readers",
        "field-empty": "counted over every reader of the audience",
        "field-unknown": "counted over every reader",
        "field-without-fallback": _OWN,
    },
    "links": {
        "link-relative": "RFC 3986, section 4.2: a mail has no base",
        "link-broken": "RFC 3986, section 3",
        "link-scheme": "RFC 3986, section 7; mail programs block it",
        "link-empty": f"{_WCAG}, success criterion 2.4.4",
        "link-user": "RFC 3986, section 7.5",
        "link-private": "RFC 1918; RFC 6761",
        "link-http": "RFC 7258",
        "link-example": "RFC 2606; RFC 6761",
        "link-disguised": "it is how phishing looks; mail programs warn",
        "link-vague": f"{_WCAG}, success criterion 2.4.9",
        "link-shortener": "the Spamhaus domain list holds abused shorteners",
        "link-invisible": "Unicode Technical Report 36, section 2.5",
        "link-unmade": "CommonMark, section 6.3",
        "link-punctuation": "RFC 3986, appendix C",
        "link-internal": "only who is logged in can open it",
        "link-wrapped": "it tells a third party who reads, and ends when that service says so",
        "link-dead": "RFC 9110, sections 15.5.5 and 15.5.11",
        "link-unanswered": "RFC 9110, section 15.6",
        "link-redirects": "each is a round trip that a phone waits for",
        "link-home": "the page has gone, and its site leads to the front page instead",
        "links-unchecked": "there was no network, or --offline was given",
    },
    "access": {
        "lang-missing": f"{_WCAG}, success criterion 3.1.1",
        "lang-other": f"{_WCAG}, success criterion 3.1.1",
        "lang-body": f"{_WCAG}, success criterion 3.1.1; webmail keeps the body only",
        "title-missing": f"{_WCAG}, success criterion 2.4.2",
        "alt-missing": f"{_WCAG}, success criterion 1.1.1",
        "alt-file": f"{_WCAG}, success criterion 1.1.1, failure F30",
        "table-role": f"{_WCAG}, success criterion 1.3.1, failure F92",
        "contrast": f"{_WCAG}, success criterion 1.4.3",
        "contrast-dark": f"{_WCAG}, success criterion 1.4.3",
        "h1-count": f"{_WCAG}, success criterion 1.3.1, technique H42",
        "heading-skipped": f"{_WCAG}, success criterion 1.3.1, technique G141",
        "zoom-forbidden": f"{_WCAG}, success criterion 1.4.4",
        "link-colour-only": f"{_WCAG}, success criterion 1.4.1, failure F73",
        "text-small": "Apple and Google ask for 14 px and more on phones",
        "target-small": f"{_WCAG}, success criterion 2.5.5: 44 by 44 pixels",
    },
    "leftovers": {
        "leftover-template": _OWN,
        "leftover-token": _OWN,
        "leftover-mjml": _OWN,
        "leftover-escape": _OWN,
        "leftover-lorem": _OWN,
        "leftover-todo": _OWN,
        "leftover-none": _OWN,
        "leftover-example": "RFC 2606, section 3",
        "leftover-placeholder": _OWN,
        "leftover-markup": "CommonMark; HTML in an issue is shown as text",
        "words-untranslated": f"{_WCAG}, success criterion 3.1.2",
    },
    "html": {
        "size-clipped": f"{_GMAIL}: 102 KB",
        "size-large": f"{_GMAIL}: 102 KB",
        "html-doctype": f"{_HTML}, section 13.1.1",
        "html-charset": f"{_HTML}, section 4.2.5.4",
        "html-forbidden": "mail programs take it out, spam filters count it",
        "html-script": "mail programs take it out, spam filters count it",
        "html-duplicate-id": f"{_HTML}, section 3.2.6",
        "html-duplicate-attribute": f"{_HTML}, section 13.1.2.3",
        "html-depth": "webmail and MJML itself cut off what nests deeper",
        "html-mso": "Outlook hides what follows",
        "text-lost": "what was written and what was rendered are compared",
        "css-long": f"{_GMAIL}: 16,384 characters",
        "css-nested": f"{_GMAIL}: one at-rule in another",
        "css-external": f"{_GMAIL}: no external style sheet",
        "css-unsupported": "caniemail.com",
        "css-background": f"{_WCAG}, success criterion 1.4.3, failure F24; pictures are often blocked",
        "css-font": "CSS Fonts Level 4, section 2.1.1: end with a generic family",
    },
    "pictures": {
        "image-inline": "caniemail.com/features/image-base64",
        "image-relative": "RFC 3986, section 4.2: a mail has no base",
        "image-missing": _OWN,
        "image-format": "caniemail.com",
        "image-width": "Outlook for Windows reads whole numbers only",
        "image-heavy": "a phone on a train loads about 200 KB while one reads a heading",
        "images-heavy": "a phone on a train loads about 200 KB while one reads a heading",
        "image-little-text": "SpamAssassin, HTML_IMAGE_ONLY_*; pictures are often blocked",
    },
    "message": {
        "line-long": "RFC 5322, section 2.1.1",
        "mime-broken": "RFC 2045, section 6; RFC 2046, section 5.1",
        "header-broken": "RFC 5322, section 2.2",
        "spam-score": "SpamAssassin's own rules, without network",
    },
}

#: The group of each id, and the source of its reason.
GROUPS: Mapping[str, str] = MappingProxyType({code: group for group, rows in _TABLE.items() for code in rows})
SOURCES: Mapping[str, str] = MappingProxyType(
    {code: source for rows in _TABLE.values() for code, source in rows.items()}
)

#: What is only looked for where the settings raise it: many good letters have it.
OFF = frozenset({"article-undated", "article-unsigned", "article-without-picture"})
