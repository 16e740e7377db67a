"""Which words of the trade stand on a page without their meaning, by the one table that the pages take it from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TABLE = Path(__file__).parents[2] / "ui" / "src" / "lib" / "terms.ts"
ROW = re.compile(r'\{ forms: "([^"]+)", means: (?:"([^"]+)"|LIKELY)(, whole: true)? \}')
PLACES = "h1, h2, h3, h4, th, caption, label, legend, dt, summary, nav[aria-label=Questions] a"
# A place explains a word when the word itself, what it stands in, or what is inside carries its meaning.
BARE = """([forms, places]) => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const carried = (node) => [node, ...node.querySelectorAll("*")]
    .concat(node.closest("[data-term]") ?? [])
    .flatMap((one) => (one.getAttribute("data-term") ?? "").split(", "));
  const found = [];
  for (const node of document.querySelectorAll(places)) {
    if (!shown(node)) continue;
    const text = node.innerText.replace(/[*↓↑]/g, "").trim();
    for (const { name, form, whole } of forms) {
      const said = whole
        ? text.toLowerCase() === form
        : new RegExp(`(?<![\\\\p{L}\\\\p{N}_-])${form}(?![\\\\p{L}\\\\p{N}_-])`, "iu").test(text);
      if (said && !carried(node).includes(name)) found.push(`${form}: ${node.tagName} ${text.slice(0, 80)}`);
    }
  }
  return found;
}"""


def terms() -> list[dict[str, Any]]:
    rows = ROW.findall(TABLE.read_text())
    assert len(rows) == TABLE.read_text().count("{ forms:"), "every row of the table is read"
    return [
        {"name": names.split(", ")[0], "form": form, "whole": bool(whole)}
        for names, _, whole in rows
        for form in names.split(", ")
    ]


def bare(page: Page) -> list[str]:
    return page.evaluate(BARE, [terms(), PLACES])
