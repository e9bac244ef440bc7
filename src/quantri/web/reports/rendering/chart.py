"""The picture of the targets: where each content stood, where it is to go."""

import functools
import io
import textwrap
from pathlib import Path
from typing import Any

from matplotlib import font_manager, get_data_path
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter

from quantri.web.reports.rendering import wording

TEAL, INK, BAND, GREY = "#0b6e6e", "#000000", "#d9d9d9", "#595959"
WIDTH, ROW, REST = 6.3, 0.33, 0.66  # inches: 160 mm wide, one row a content, axis and key below
SIZE = 9  # points, of every letter
LABEL = 0.12  # width of a number and its gap, as a share of the axis
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif")  # one design, one set of widths


@functools.cache
def font_file(weight: str = "normal") -> Path:
    """Find a font with the widths of Times New Roman; else the serif that comes with matplotlib."""
    for entry in sorted(
        font_manager.fontManager.ttflist, key=lambda e: FAMILIES.index(e.name) if e.name in FAMILIES else 9
    ):
        bold = str(entry.weight) in ("700", "bold")
        if (
            entry.name in FAMILIES
            and entry.style == "normal"
            and bold == (weight == "bold")
            and Path(entry.fname).exists()
        ):
            return Path(entry.fname)
    name = "DejaVuSerif-Bold.ttf" if weight == "bold" else "DejaVuSerif.ttf"
    return Path(get_data_path()) / "fonts" / "ttf" / name


def charted(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Keep the contents that have a base or a target to show."""
    return [
        target
        for target in content["targets"]
        if target["level"] == "dimension" and (target["base"] is not None or target["target_value"] is not None)
    ]


def targets_chart(content: dict[str, Any]) -> bytes:
    """Draw the base and the target of each content as PNG, readable in black and white.

    A grey band spans the middle half of the provinces, cut at their median. Where base and target cannot be compared
    there is no arrow between them.
    """
    shown = charted(content)
    figure = Figure(figsize=(WIDTH, ROW * max(len(shown), 1) + REST), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (0.36, (REST - 0.1) / figure.get_figheight(), 0.62, ROW * len(shown) / figure.get_figheight())
    )
    low, high = _span(shown)
    for row, target in enumerate(shown):
        _draw(axes, row, target, reach=LABEL * (high - low))
    _dress(axes, shown)
    _key(figure, content, has_bands=any(target["cuts"] for target in shown))
    png = io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _font(size: float, weight: str = "normal") -> FontProperties:
    return FontProperties(fname=font_file(weight), size=size)


def _draw(axes: Axes, row: int, target: dict[str, Any], reach: float) -> None:
    base, goal, cuts = target["base"], target["target_value"], target["cuts"]
    if cuts:
        axes.barh(row, cuts[2] - cuts[0], left=cuts[0], height=0.62, color=BAND, zorder=1)
        axes.plot([cuts[1]] * 2, [row - 0.31, row + 0.31], color="#ffffff", linewidth=1.6, zorder=2)
    is_joined = base is not None and goal is not None and target["comparable"] != "no"
    if is_joined and abs(goal - base) > 1e-9:
        arrow = {"arrowstyle": "-|>", "color": TEAL, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 3}
        axes.annotate("", (goal, row), (base, row), arrowprops=arrow, zorder=3)
    if base is not None:
        axes.plot(base, row, "o", markersize=5.5, markerfacecolor="#ffffff", markeredgecolor=INK, zorder=4)
    if goal is not None:
        axes.plot(goal, row, "D", markersize=5, color=TEAL, zorder=5)
    _label(axes, row, target, reach)


def _label(axes: Axes, row: int, target: dict[str, Any], reach: float) -> None:
    """Write base and target on their outer sides, beyond the band where the letters would lie on it."""
    base, goal = target["base"], target["target_value"]
    base_is_left = goal is None or base is None or base <= goal
    places = (
        (base, wording.base_text(target), base_is_left, INK),
        (goal, wording.number(goal), not base_is_left, TEAL),
    )
    for value, text, is_left, colour in places:
        if value is not None:
            shift, side = ((-6, 0), "right") if is_left else ((6, 0), "left")
            place = label_place(value, target["cuts"], reach, is_left=is_left)
            axes.annotate(
                text, (place, row), shift, textcoords="offset points", ha=side, va="center", color=colour,
                fontproperties=_font(SIZE, "bold" if colour == TEAL else "normal"), zorder=6, parse_math=False,
            )  # fmt: skip


def label_place(value: float, cuts: list[float] | None, reach: float, *, is_left: bool) -> float:
    """Give the place beside which a label of a width stands clear of the band."""
    if not cuts:
        return value
    if is_left:
        return min(value, cuts[0]) if value - reach < cuts[2] and value > cuts[0] else value
    return max(value, cuts[2]) if value + reach > cuts[0] and value < cuts[2] else value


def _dress(axes: Axes, shown: list[dict[str, Any]]) -> None:
    axes.set_yticks(range(len(shown)), [_wrapped(f"{t['code']} {t['name']}") for t in shown])
    for label in axes.get_yticklabels():
        label.set(parse_math=False, fontproperties=_font(SIZE))
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(*_span(shown))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.short_number(round(value, 3))))
    for label in axes.get_xticklabels():
        label.set_fontproperties(_font(SIZE))
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)


def _wrapped(name: str) -> str:
    """Break a name into two lines of about equal length."""
    width = 34 if len(name) <= 34 else min(len(name) // 2 + 5, 34)
    return "\n".join(textwrap.wrap(name, width, max_lines=2, placeholder="…"))


def _span(shown: list[dict[str, Any]]) -> tuple[float, float]:
    """Room for every mark and its number, never past half a point outside the scale."""
    values = [v for t in shown for v in (t["base"], t["target_value"], *(t["cuts"] or ())) if v is not None] or [0, 1]
    room = max(0.14 * (max(values) - min(values)), 0.4)
    return min(values) - room, max(values) + room


def _key(figure: Figure, content: dict[str, Any], *, has_bands: bool) -> None:
    """Explain the marks below the axis, in one line."""
    axes = figure.add_axes((0, 0, 1, 0.3 / figure.get_figheight()))
    axes.set_axis_off()
    axes.set(xlim=(0, 100), ylim=(0, 1))
    axes.plot(3, 0.45, "o", markersize=5.5, markerfacecolor="#ffffff", markeredgecolor=INK)
    axes.text(5, 0.45, f"kết quả năm {content['base_year']}", va="center", fontproperties=_font(SIZE))
    axes.plot(25, 0.45, "D", markersize=5, color=TEAL)
    axes.text(27, 0.45, f"mục tiêu năm {content['year']}", va="center", fontproperties=_font(SIZE))
    if has_bands:
        axes.barh(0.45, 5, left=49, height=0.5, color=BAND)
        axes.plot([51.5] * 2, [0.2, 0.7], color="#ffffff", linewidth=1.6)
        words = "50 % số tỉnh ở giữa; vạch trắng: trung vị"
        axes.text(55.5, 0.45, words, va="center", fontproperties=_font(SIZE))
