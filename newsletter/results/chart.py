"""Draw figures as SVG that stands in a page by itself: bars over time, shares of a whole, a line, two intervals.

Every drawing has a title that says in words what it shows, for whoever cannot see it. Colours are the page's: a
part has the class of its name. Widths are in the drawing's own units; the page stretches it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

#: The width of every drawing, in its own units; at 375 px of screen a unit is half a pixel.
WIDTH = 640

#: Space for numbers at the left and for labels at the foot.
LEFT, FOOT, TOP = 46, 26, 8
#: The height of what has an axis of time.
HEIGHT = 170


def parts(shares: Sequence[tuple[str, int]], title: str, height: int = 28) -> str:
    """Draw the parts of a whole side by side; each that is not empty is at least a sliver."""
    whole = sum(count for _, count in shares) or 1
    gap, shown = 1.5, [(name, count) for name, count in shares if count]
    room = WIDTH - gap * max(0, len(shown) - 1)
    widths = [max(3.0, room * count / whole) for _, count in shown]
    scale = room / sum(widths) if widths else 1.0
    drawn, at = [], 0.0
    for (name, count), width in zip(shown, widths, strict=True):
        drawn.append(
            f'<rect class="{name}" x="{at:.1f}" y="0" width="{width * scale:.1f}" height="{height}" rx="2">'
            f"<title>{escape(name)}: {count:,}</title></rect>"
        )
        at += width * scale + gap
    return _svg(height, title, drawn, 'class="parts" preserveAspectRatio="none" ')


def over_time(bars: Sequence[tuple[datetime, int]], step: timedelta, title: str) -> str:
    """Draw a bar for each step of time; *bars* begin where the letter lives."""
    top = ceiling(max((count for _, count in bars), default=0))
    inside = HEIGHT - FOOT - TOP
    width = (WIDTH - LEFT) / max(1, len(bars))
    drawn = _grid(top, inside)
    for number, (at, count) in enumerate(bars):
        tall = inside * count / top
        drawn.append(
            f'<rect class="accepted" x="{LEFT + number * width + 0.5:.1f}" y="{TOP + inside - tall:.1f}" '
            f'width="{max(1.0, width - 1):.1f}" height="{tall:.1f}">'
            f"<title>{clock(at, step)}: {count:,}</title></rect>"
        )
    drawn += _times(bars, step, width)
    return _svg(HEIGHT, title, drawn)


def line(points: Sequence[tuple[str, int]], title: str) -> str:
    """Draw a line through *points*, one a month, from zero up."""
    top = ceiling(max((count for _, count in points), default=0))
    inside = HEIGHT - FOOT - TOP
    step = (WIDTH - LEFT - 20) / max(1, len(points) - 1)
    places = [
        (LEFT + 6 + number * step, TOP + inside * (1 - count / top)) for number, (_, count) in enumerate(points)
    ]
    drawn = _grid(top, inside)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    if places:
        floor = TOP + inside
        area = f"{places[0][0]:.1f},{floor} {path} {places[-1][0]:.1f},{floor}"
        drawn.append(f'<polygon class="area" points="{area}"/><polyline class="line" points="{path}"/>')
    every = max(1, -(-len(points) // 5))
    for number, ((x, y), (name, count)) in enumerate(zip(places, points, strict=True)):
        drawn.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{name}: {count:,}</title></circle>'
        )
        if (len(points) - 1 - number) % every == 0:
            last = number == len(points) - 1
            drawn.append(_label(x + 6 * last, HEIGHT - 8, name, "end" if last else "middle"))
    return _svg(HEIGHT, title, drawn)


def intervals(sides: Sequence[tuple[str, float, float, float]], title: str) -> str:
    """Draw each side as a point between its bounds: (name, value, low, high), as shares of one."""
    top = max((high for _, _, _, high in sides), default=0.0) * 1.08 or 1.0
    room = WIDTH - LEFT - 24
    height = 34 * len(sides) + FOOT
    drawn = []
    for number, (name, value, low, high) in enumerate(sides):
        y = 20 + 34 * number
        x, left, right = (LEFT + room * each / top for each in (value, low, high))
        drawn.append(_label(LEFT - 14, y + 5, name, "end"))
        drawn.append(f'<line class="span" x1="{left:.1f}" x2="{right:.1f}" y1="{y}" y2="{y}"/>')
        drawn.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y}" r="6"><title>{100 * value:.1f} %</title></circle>'
        )
    for part in range(5):
        place = LEFT + room * part / 4
        drawn.append(_label(place, height - 6, f"{100 * top * part / 4:.1f} %", "middle" if part else "start"))
    return _svg(height, title, drawn)


def ceiling(value: int) -> int:
    """Return the round number that an axis ends at: 1, 2, 4, 5 or 8 times a power of ten, not below *value*.

    Its half, which is labelled too, is a whole number.
    """
    size = 1
    while 8 * size < value:
        size *= 10
    rounds = [size * each for each in (1, 2, 4, 5, 8)]
    return next(one for one in rounds if one >= max(value, 4) and one % 2 == 0)


def clock(at: datetime, step: timedelta) -> str:
    """Return a time as finely as *step* needs it."""
    if step < timedelta(hours=1):
        return f"{at:%H:%M}"
    return f"{at:%d %b %H:%M}" if step < timedelta(days=1) else f"{at:%d %b}"


def _grid(top: int, inside: int) -> list[str]:
    drawn = []
    for part in range(5):
        y = TOP + inside * (1 - part / 4)
        drawn.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if part % 2 == 0:
            drawn.append(_label(LEFT - 6, y + 4, _short(top * part // 4), "end"))
    return drawn


def _times(bars: Sequence[tuple[datetime, int]], step: timedelta, width: float) -> list[str]:
    every = max(1, -(-len(bars) // 4))
    return [
        _label(LEFT + number * width, HEIGHT - 8, clock(at, step), "start")
        for number, (at, _) in enumerate(bars)
        if number % every == 0 and (number + every // 2 < len(bars) or number == 0)
    ]


def _short(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1_000_000:g} M"
    return f"{number / 1000:g} k" if number >= 10_000 else f"{number:,}"


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, drawn: Sequence[str], more: str = "") -> str:
    return (
        f'<svg {more}viewBox="0 0 {WIDTH} {height:g}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>"
    )
