"""How fast the page is: opening and redrawing, on generated graphs, beside what pyvis itself writes.

    python scripts/bench_page.py [--sizes 300 1000 5000 10000] [--wait 120] [--no-pyvis]

Every graph has three edges a node, each with a sentence. "usable" is the time from opening the file until the page has
drawn and answers; for pyvis, until its physics has settled and the loading bar is gone. "redraw" is the median time of
one frame's drawing, "drag" the median time from frame to frame while the mouse drags the drawing. The browser is
Debian's Chromium without a graphics card. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import itertools
import os
import pathlib
import statistics
import sys
import tempfile
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from kg.page import part, render
from tests.page_factory import generated

READY = "document.documentElement.dataset.ready === 'yes'"
SETTLED = "(document.getElementById('loadingBar')?.style.display === 'none')"
REDRAWS = """(network) => [...Array(7)].map(() => {
    const start = performance.now();
    network.redraw();
    return performance.now() - start;
})"""
FRAMES = """() => {
    const frames = window.frames_ = [];
    requestAnimationFrame(function tick(now) { frames.push(now); if (frames === window.frames_) requestAnimationFrame(tick); });
}"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
DRAG_STEPS = 15


def pyvis_page(claims: Any, articles: Any) -> str:
    """The same graph as pyvis writes it with its own template and defaults."""
    from pyvis.network import Network

    data = part(claims, articles)
    network = Network(directed=True, cdn_resources="in_line")
    for node in data["nodes"]:
        network.add_node(node["id"], label=node["label"], title=node["label"])
    for edge in data["edges"]:
        network.add_edge(edge["from"], edge["to"], title=edge["p"])
    return str(network.generate_html())


def redraw(page: Any, network: str) -> float:
    """Median milliseconds of one drawing."""
    return statistics.median(page.evaluate(f"({REDRAWS})({network})"))


def drag(page: Any, box: Any) -> float:
    """Median milliseconds from frame to frame while the mouse drags the empty middle."""
    page.evaluate(FRAMES)
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] - 8)
    page.mouse.down()
    for step in range(DRAG_STEPS):
        page.mouse.move(box["x"] + 8 + 12 * step, box["y"] + box["height"] - 8 - 6 * step)
    page.mouse.up()
    frames = page.evaluate("(window.stopped_ = window.frames_, window.frames_ = null, window.stopped_)")
    return statistics.median(later - sooner for sooner, later in itertools.pairwise(frames))


def measure(
    browser: Any, file: pathlib.Path, ready: str, network: str, canvas: str, wait: float
) -> tuple[Any, list[str]]:
    """The open page, and its size, seconds to usable, redraw and drag as texts."""
    page = browser.new_page(viewport={"width": 1360, "height": 820})
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    size = f"{file.stat().st_size / 1e6:.2f} MB"
    start = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")
    while not page.evaluate(ready):
        if time.perf_counter() - start > wait:
            return page, [size, f"> {wait:.0f} s", "", ""]
        time.sleep(0.02)
    page.evaluate(TWO_FRAMES)
    usable = time.perf_counter() - start
    box = page.locator(canvas).first.bounding_box()
    return page, [size, f"{usable:.1f} s", f"{redraw(page, network):.0f} ms", f"{drag(page, box):.0f} ms"]


def row(name: str, size: int, values: list[str]) -> None:
    """One line of the table."""
    print(f"| {size:,} | {name} | {' | '.join(values)} |", flush=True)


def bench(browser: Any, folder: pathlib.Path, size: int, options: argparse.Namespace) -> None:
    """The lines of one size: our page, our page with everything drawn, pyvis."""
    graph = generated(size)
    ours = folder / f"kg-{size}.html"
    start = time.perf_counter()
    ours.write_text(render(*graph), encoding="utf-8")
    written = time.perf_counter() - start
    page, values = measure(browser, ours, READY, "kg.network", "#canvas", options.wait)
    row(f"kg (written in {written:.1f} s)", size, values)
    start = time.perf_counter()
    page.evaluate("kg.change({ all: true, camera: null })")
    page.evaluate(TWO_FRAMES)
    drawn = time.perf_counter() - start
    box = page.locator("#canvas").bounding_box()
    row(
        "kg, all drawn",
        size,
        ["", f"+ {drawn:.1f} s", f"{redraw(page, 'kg.network'):.0f} ms", f"{drag(page, box):.0f} ms"],
    )
    page.close()
    if options.pyvis:
        theirs = folder / f"pyvis-{size}.html"
        theirs.write_text(pyvis_page(*graph), encoding="utf-8")
        page, values = measure(browser, theirs, SETTLED, "network", "#mynetwork", options.wait)
        row("pyvis", size, values)
        page.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 1000, 5000, 10000])
    parser.add_argument("--wait", type=float, default=120.0, help="seconds to wait for a page to become usable")
    parser.add_argument("--pyvis", action=argparse.BooleanOptionalAction, default=True, help="measure pyvis too")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| nodes | page | size | usable | redraw | drag |\n|---|---|---|---|---|---|", flush=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            browser = playwright.chromium.launch(
                executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            bench(browser, pathlib.Path(folder), size, options)
            browser.close()


if __name__ == "__main__":
    main()
