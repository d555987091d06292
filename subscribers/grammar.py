"""Read a segment expression into a tree. Knows no people and no database: `subscribers.segment` evaluates.

    or-part     = and-part { "or" and-part }
    and-part    = not-part { "and" not-part }
    not-part    = "not" not-part | "(" or-part ")" | test
    test        = NAME ("=" | "!=" | "<" | "<=" | ">" | ">=") VALUE
                | NAME ["not"] "in" VALUES    | NAME "is" ["not"] "set"
                | TEXT ["not"] "in" "topics"  | ("confirmed" | "pending" | "unsubscribed") "in" VALUES
                | "received" TEXT             | ("joined" | "clicked") "within" NUMBER "days"
    VALUES      = VALUE | "(" VALUE { "," VALUE } ")"
    VALUE       = TEXT in quotes | NUMBER | DATE such as 2025-01-31 | "true" | "false"

Keywords and names may be written in any case; texts may not. A quote is ' or ", or one that a word processor
makes of them.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from subscribers.errors import SegmentError, cited
from subscribers.expression import (
    FIELDS,
    All,
    Any,
    ClickedWithin,
    Compare,
    Expression,
    HasTopic,
    InList,
    IsSet,
    JoinedWithin,
    Not,
    Received,
    Value,
)
from subscribers.status import SubscriptionStatus

#: Longest expression, in characters, and deepest nesting: more is no filter that a person wrote, and both
#: evaluations stay far from the limits of Python's stack and of SQLite's (1,000 levels).
LONGEST = 2000
DEEPEST = 30

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>'[^'\x00-\x1f]*' | "[^"\x00-\x1f]*"
          | [‘’‚][^‘’\x00-\x1f]*[‘’] | [“”„][^“”\x00-\x1f]*[“”])
      | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))
      | (?P<number>-?[0-9]{1,12}(?:\.[0-9]{1,3})?(?![\w.]))
      | (?P<name>[^\W\d]\w{0,59}(?!\w))
      | (?P<sign><=|>=|!=|<>|==|[=<>(),])""",
    re.VERBOSE,
)
#: Becomes a space, so that the caret under an error stands where it should.
_BREAKS = re.compile(r"[\t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]")
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "set", "true", "false"})
#: What closes a text that such a quote opens.
_CLOSING = {"“": "”", "„": "“", "‘": "’", "‚": "‘"}
#: Words that people try for a subscription, which is no attribute.
_SUBSCRIBING = frozenset({"list", "lists", "status", "subscribed", "subscription", "subscriptions"})
#: And for a topic.
_CHOOSING = frozenset({"interests", "label", "labels", "tag", "tags", "topic"})
#: And for a letter that somebody got, or a link that they followed.
_GETTING = ("clicked", "clicks", "delivered", "opened", "opens", "read", "received", "sent")
#: Days of other lengths of time that people write.
_LENGTHS = {"week": 7, "weeks": 7, "month": 30, "months": 30, "year": 365, "years": 365}
_STATUSES = frozenset(str(status) for status in SubscriptionStatus)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        """A name or a sign as the grammar spells it; nothing for values."""
        return unicodedata.normalize("NFC", self.text.lower()) if self.kind in ("name", "sign") else ""


def parse(text: str, known: frozenset[str] | None = None, lists: frozenset[str] | None = None) -> Expression:
    """Return the tree of the expression *text*. Raise SegmentError, with the column of the fault.

    *known* are the attributes that people have and *lists* the slugs of the lists: another name is an error. None
    checks nothing. Numbers have at most 12 digits and 3 decimals.
    """
    if len(text) > LONGEST:
        remedy = f"use at most {LONGEST:,} characters"
        raise SegmentError(f"{len(text):,} characters are too many", expression=text[:60], column=1, remedy=remedy)
    if re.search(r"[\x00\ud800-\udfff]", text):
        raise SegmentError("there is a broken character in it", expression=ascii(text)[1:-1], column=1)
    return _Parser(_BREAKS.sub(" ", text), known, lists).everything()


class _Parser:
    """Takes the tokens from left to right; each method reads one rule of the grammar above."""

    def __init__(self, text: str, known: frozenset[str] | None, lists: frozenset[str] | None) -> None:
        self.text = unicodedata.normalize("NFC", text)
        self.known = known
        self.lists = lists
        self.tokens = self.split()
        self.at = 0
        self.depth = 0

    def split(self) -> list[_Token]:
        tokens: list[_Token] = []
        place = 0
        while place < len(self.text):
            found = _TOKEN.match(self.text, place)
            if not found:
                raise self.unreadable(place)
            if found.lastgroup and found.lastgroup != "space":
                tokens.append(_Token(found.lastgroup, found[0], place + 1))
            place = found.end()
        return [*tokens, _Token("end", "", len(self.text) + 1)]

    def unreadable(self, place: int) -> SegmentError:
        character = self.text[place]
        if character in "'\"‘’‚“”„":
            closing = _CLOSING.get(character, character)
            return self.fail("this text does not end", f"close it with {closing}", place + 1)
        if character == "/" and self.text[place - 1 : place].isdigit():
            return self.fail("this is no date", "write it as 2025-01-31", place + 1)
        if character.isdigit() or character == "-":
            return self.fail("this is no number and no date", "write 12, 12.5 or 2025-01-31", place + 1)
        remedy = "join conditions with `and` or `or`" if character in "&|" else "put texts in quotes"
        return self.fail(f"{cited(character)} means nothing here", remedy, place + 1)

    def fail(self, what: str, remedy: str, column: int = 0) -> SegmentError:
        column = column or self.tokens[self.at].column
        return SegmentError(what, expression=self.text, column=column, remedy=remedy)

    def take(self, *words: str) -> bool:
        """Step over the next token if it is one of *words*."""
        found = self.tokens[self.at].word in words
        self.at += found
        return found

    def need(self, word: str, remedy: str) -> None:
        if not self.take(word):
            raise self.fail(f"here should be {cited(word)}", remedy)

    def everything(self) -> Expression:
        if self.tokens[0].kind == "end":
            raise self.fail("the expression is empty", "write one such as language = 'sv'")
        tree = self.either()
        if self.tokens[self.at].kind != "end":
            raise self.fail("this should be the end", self.going_on())
        return tree

    def going_on(self) -> str:
        """Return how to write what stands where the expression could end."""
        here, before = self.tokens[self.at], self.tokens[self.at - 1]
        if here.word == "," and before.kind == "number":
            return (
                "a number has a point: 1000.5; several values stand in parentheses: city in ('Huddinge', 'Solna')"
            )
        if here.word == ",":
            return "several values stand in parentheses: city in ('Huddinge', 'Solna')"
        if here.kind == before.kind == "number":
            return f"a number has no spaces: {before.text}{here.text}"
        return "join two conditions with `and` or `or`"

    def either(self) -> Expression:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self) -> Expression:
        parts = [self.inverse()]
        while self.take("and"):
            parts.append(self.inverse())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def inverse(self) -> Expression:
        if self.take("not"):
            return self.deeper(lambda: Not(self.inverse()))
        if self.take("("):
            return self.deeper(self.grouped)
        return self.test()

    def grouped(self) -> Expression:
        tree = self.either()
        self.need(")", "close the parenthesis")
        return tree

    def deeper(self, rule: Callable[[], Expression]) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("this is nested too deeply", f"use at most {DEEPEST} levels")
        tree = rule()
        self.depth -= 1
        return tree

    def test(self) -> Expression:
        token = self.tokens[self.at]
        if token.kind == "text":
            return self.topic()
        if token.kind != "name" or token.word in _KEYWORDS:
            raise self.fail("here should be a condition", "write one such as language = 'sv'")
        self.at += 1
        following = self.tokens[self.at].word
        if token.word in _STATUSES and following == "in":
            return self.in_list(SubscriptionStatus(token.word))
        if token.word == "received":
            return Received(self.quoted("the issue"))
        if following == "within":
            return self.within(token)
        return self.condition(self.field(token))

    def topic(self) -> Expression:
        topic = self.quoted("the topic")
        negated = self.take("not")
        self.need("in", "write 'business' in topics")
        self.need("topics", "write 'business' in topics")
        return Not(HasTopic(topic)) if negated else HasTopic(topic)

    def in_list(self, status: SubscriptionStatus) -> Expression:
        self.need("in", "write confirmed in 'monthly'")
        return self.any_of(lambda: InList(self.list_slug(), status))

    def list_slug(self) -> str:
        column = self.tokens[self.at].column
        slug = self.quoted("the list")
        if self.lists is not None and slug not in self.lists:
            raise self.fail(f"there is no list {cited(slug)}", self.suggest(slug, self.lists, "lists"), column)
        return slug

    def within(self, token: _Token) -> Expression:
        if token.word not in ("joined", "clicked"):
            what = f"when somebody {token.text} is not recorded"
            raise self.fail(what, "only joined or clicked can stand before `within`", token.column)
        self.at += 1
        number = self.tokens[self.at]
        if number.kind != "number" or not re.fullmatch(r"[0-9]{1,5}", number.text):
            raise self.fail("here should be a number of days", "write joined within 90 days")
        self.at += 1
        days = int(number.text)
        if not self.take("days", "day"):
            length = _LENGTHS.get(self.tokens[self.at].word, 0)
            raise self.fail("here should be 'days'", f"write {token.word} within {days * length or 90} days")
        return JoinedWithin(days) if token.word == "joined" else ClickedWithin(days)

    def field(self, token: _Token) -> str:
        name = token.word
        if name == "topics":
            raise self.fail("topics is a set", "write 'business' in topics", token.column)
        if name in FIELDS or self.known is None or name in self.known:
            return name
        hint = self.suggest(name, self.known | FIELDS, "names")
        if {each.word for each in self.tokens[self.at : self.at + 3]} >= {"in", "topics"}:
            raise self.fail(
                "here should be the topic", f"write it in quotes: '{token.text}' in topics", token.column
            )
        if name in _SUBSCRIBING:
            hint = "for how somebody stands in a list write confirmed in 'monthly'"
        if name in _CHOOSING:
            hint = "for what somebody chose write 'business' in topics"
        if get_close_matches(name, _GETTING, 1, 0.85):
            hint = "for who got or opened a letter write received '2025-05' or clicked within 90 days"
        raise self.fail(f"nobody has an attribute {cited(token.text)}", hint, token.column)

    @staticmethod
    def suggest(name: str, names: frozenset[str], kind: str) -> str:
        close = get_close_matches(name, sorted(names), 1)
        listed = ", ".join(sorted(names)[:30]) or "none"
        if len(names) > 30:
            listed += f" and {len(names) - 30} more"
        return (f"did you mean {close[0]}? " if close else "") + f"known {kind}: {listed}"

    def condition(self, name: str) -> Expression:
        if self.take("is"):
            negated = self.take("not")
            self.need("set", "write `is set` or `is not set`")
            return Not(IsSet(name)) if negated else IsSet(name)
        negated = self.take("not")
        if self.take("in"):
            tree = self.any_of(lambda: Compare(name, "=", self.value(name, "=")))
            return Not(tree) if negated else tree
        sign = self.tokens[self.at].word
        if negated or sign not in ("=", "==", "!=", "<>", "<", "<=", ">", ">="):
            raise self.fail("here should be a comparison", "use =, !=, <, <=, >, >=, in, or is set")
        self.at += 1
        if sign in ("!=", "<>"):
            return Not(Compare(name, "=", self.value(name, "=")))
        sign = "=" if sign == "==" else sign
        return Compare(name, sign, self.value(name, sign))

    def any_of(self, rule: Callable[[], Expression]) -> Expression:
        if not self.take("("):
            return rule()
        parts = [rule()]
        while self.take(","):
            parts.append(rule())
        self.need(")", "close the parenthesis, and put commas between values")
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def quoted(self, what: str) -> str:
        token = self.tokens[self.at]
        if token.kind != "text":
            raise self.fail(f"here should be {what}", "write it in quotes")
        self.at += 1
        return token.text[1:-1]

    def value(self, name: str, operator: str) -> Value:
        token = self.tokens[self.at]
        self.at += 1
        value = self.literal(token, name)
        if name == "joined":
            return self.day(token.text[1:-1] if token.kind == "text" else token.text, token)
        if isinstance(value, bool) and operator != "=":
            raise self.fail("true and false have no order", "use = or !=", token.column)
        # An address is compared in its canonical form, which is in lower case.
        return value.lower() if name == "email" and isinstance(value, str) else value

    def literal(self, token: _Token, name: str) -> Value:
        if token.kind == "text":
            return token.text[1:-1]
        if token.kind == "number":
            return float(token.text)
        if token.kind == "date":
            return self.day(token.text, token)
        if token.word in ("true", "false"):
            return token.word == "true"
        remedy = f"put texts in quotes: '{token.text if token.kind == 'name' else 'Huddinge'}'"
        if name == "joined":
            remedy = "write a day such as 2025-01-31, or joined within 30 days"
        raise self.fail("here should be a value", remedy, token.column)

    def day(self, text: str, token: _Token) -> date:
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise self.fail("this is no date", "write it as 2025-01-31", token.column) from None
