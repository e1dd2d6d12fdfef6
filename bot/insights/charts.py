"""Charts as SVG that takes its colours from the page, so that they fit light and dark alike.

matplotlib draws them. Its colours are stand-ins that become CSS variables, and its style attributes become
presentation attributes: the page's content policy then needs to allow no inline style but its own sheet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from xml.etree import ElementTree

import matplotlib

matplotlib.use("svg")
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_INK, _MUTED, _LINE, _BAR, _BACK = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {_INK: "--ink", _MUTED: "--muted", _LINE: "--line", _BAR: "--accent", _BACK: "--card"}
_WIDTH = 4.6
_SVG = "http://www.w3.org/2000/svg"
_LONGEST = 26


def bars(names: Sequence[str], counts: Sequence[int], description: str) -> str:
    """Horizontal bars, the first on top, each with its number."""
    figure, axes = _figure(max(1.0, 0.5 + 0.3 * len(names)))
    places = range(len(names))
    axes.barh(places, counts, color=_BAR, height=0.62)
    axes.set_yticks(list(places), [_short(name) for name in names])
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, max([*counts, 1]) * 1.18)
    for place, count in zip(places, counts, strict=True):
        axes.annotate(f"{count:,}", (count, place), (4, 0), textcoords="offset points", va="center", color=_MUTED)
    axes.spines["bottom"].set_visible(False)
    return _svg(figure, description)


def columns(names: Sequence[str], counts: Sequence[int], description: str) -> str:
    """Columns over time; only some names are written, so that they do not run into one another."""
    figure, axes = _figure(2.1)
    axes.bar(range(len(names)), counts, color=_BAR, width=0.8)
    step = max(1, -(-len(names) // 5))
    axes.set_xticks(range(0, len(names), step), names[::step])
    axes.set_ylim(0, max([*counts, 1]) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(axis="y", color=_LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    return _svg(figure, description)


def heat(rows: Sequence[str], counts: Sequence[Sequence[int]], description: str) -> str:
    """A row a weekday and a column an hour; the more, the stronger the colour."""
    figure, axes = _figure(2.3)
    most = max(max(row) for row in counts) or 1
    for place, row in enumerate(counts):
        for hour, count in enumerate(row):
            strength = count / most
            axes.barh(place, 0.9, left=hour, height=0.86, color=_BAR if count else _LINE, alpha=max(0.15, strength))
    axes.set_yticks(range(len(rows)), [name[:3] for name in rows])
    axes.set_xticks([0.45, 6.45, 12.45, 18.45], ["0", "6", "12", "18"])
    axes.set_xlim(0, 24)
    axes.invert_yaxis()
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    return _svg(figure, description)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), dpi=72, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.subplots()
    axes.patch.set_alpha(0)
    axes.tick_params(colors=_INK, length=0, labelsize=10)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_LINE)
    return figure, axes


def _svg(figure: Figure, description: str) -> str:
    """The figure as an inline image with a description for those who do not see it; the same figure, the same text."""
    buffer = io.StringIO()
    # Text stays text, in the page's own font.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "insights"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    tree = ElementTree.fromstring(buffer.getvalue())
    root = ElementTree.Element("svg", {"viewBox": tree.attrib["viewBox"], "role": "img", "aria-label": description})
    for child in tree:
        if child.tag == f"{{{_SVG}}}g":
            root.append(_plain(child))
    return ElementTree.tostring(root, encoding="unicode")


def _plain(element: ElementTree.Element) -> ElementTree.Element:
    plain = ElementTree.Element(element.tag.partition("}")[2], _attributes(element))
    plain.text = element.text if plain.tag == "text" else None
    for child in element:
        if child.tag not in (f"{{{_SVG}}}defs", f"{{{_SVG}}}use"):
            plain.append(_plain(child))
    return plain


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    found = {name: value for name, value in element.attrib.items() if name in ("d", "x", "y", "transform")}
    for declaration in element.attrib.get("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            size = re.search(r"([\d.]+)px", value)
            found["font-size"] = size.group(1) if size else "10"
        elif name:
            found[name] = f"var({_VARIABLES[value]})" if value in _VARIABLES else value
    return found


def _short(name: str) -> str:
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    # Two dollar signs would make a formula.
    return short.replace("$", r"\$")
