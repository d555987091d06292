"""What a template may do: a theme that somebody sent must not take the machine's time or memory.

Jinja2's own sandbox keeps templates from Python's inner names. This one counts, besides, how often they go round,
and how large a number gets. How much memory they take is the affair of whoever runs them (`Room`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any

from jinja2 import TemplateRuntimeError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: How often a letter's loops, macros and included templates may begin a round: hundreds of times what ours do.
ROUNDS = 200_000
#: The largest number, in bits: no letter counts beyond it, and Python would count for hours.
BITS = 128
#: The most memory that filling in a template may take, in bytes: a thousand times a large letter.
MEMORY = 256_000_000
#: The longest letter before it is laid out, in characters: fifty times what Gmail shows of one.
LONGEST = 5_000_000

#: Lets the work within it take so many bytes more; what needs more is a MemoryError.
Room = Callable[[int], AbstractContextManager[None]]


def boundless(most: int) -> AbstractContextManager[None]:
    """Hold nothing back."""
    return nullcontext()


_left: ContextVar[Iterator[int] | None] = ContextVar("left", default=None)


class BombError(TemplateRuntimeError):
    """A template has no end, or none that anybody would wait for."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox with a measure of rounds and numbers."""

    intercepted_binops = frozenset(("*", "**"))
    room: Room = staticmethod(boundless)

    def fill(self, name: str, context: Mapping[str, Any]) -> str:
        """Return the template *name*, filled in. Raise BombError or MemoryError besides what Jinja2 raises."""
        token = _left.set(iter(range(ROUNDS)))
        try:
            with self.room(MEMORY):
                text = self.get_template(name).render(context)
        finally:
            _left.reset(token)
        if len(text) > LONGEST:
            raise BombError(f"this makes a letter of {len(text):,} characters")
        return text

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, or raise to a power, what stays a number that somebody could want. Raise BombError."""
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length()
            if (bits * right if operator == "**" else bits + right.bit_length()) > BITS:
                raise BombError(f"{operator} makes a number that is larger than any letter needs")
        return super().call_binop(context, operator, left, right)

    def _generate(self, source: nodes.Template, *arguments: Any, **more: Any) -> str:
        """Let each template, loop and macro count its rounds (a hook that Jinja2 offers)."""
        for node in (source, *source.find_all((nodes.For, nodes.Macro, nodes.CallBlock))):
            count = nodes.Call(nodes.EnvironmentAttribute("count_round"), [], [], None, None)
            body: list[nodes.Node] = vars(node)["body"]
            body.insert(0, nodes.ExprStmt(count).set_lineno(node.lineno))
        return super()._generate(source, *arguments, **more)

    @staticmethod
    def count_round() -> None:
        """Count a round, where somebody counts. Raise BombError for one too many."""
        left = _left.get()
        if left is not None and next(left, None) is None:
            raise BombError(f"it goes round more than {ROUNDS:,} times")
