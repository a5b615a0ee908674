"""Explanation: as text, as Markdown and as HTML, with its parts below."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from accelkit.explain.explanation import Explanation

AWKWARD = Explanation("a<b", "x & y | z", (("<i>", "on|off|split"), ("Q", '"quoted" <b>')))


def test_markdown_escapes_what_would_end_a_cell() -> None:
    assert AWKWARD.markdown() == (
        "### `a<b`\n\nx & y | z\n\n|  |  |\n| --- | --- |\n"
        '| \\<i> | on\\|off\\|split |\n| Q | "quoted" \\<b> |'
    )


class Cells(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.data.append(data)


def test_html_escapes_everything_and_closes_its_tags() -> None:
    html = Cells(AWKWARD._repr_html_())
    assert [text for text in html.data if text.strip()] == [
        "a<b", "x & y | z", "<i>", "on|off|split", "Q", '"quoted" <b>'
    ]  # fmt: skip
    row = ["tr", "th", "/th", "td", "/td", "/tr"]
    table = ["table", "tbody", *row, *row, "/tbody", "/table"]
    assert html.tags == ["div", "h2", "/h2", "p", "/p", *table, "/div"]


def test_the_parts_stand_below_in_every_form() -> None:
    whole = Explanation("a,b", "In its parts:", parts=(AWKWARD, Explanation("b", "more", (("Q", "1"),))))
    text = str(whole)
    assert text.startswith("a,b\n---\n\nIn its parts:\n\na<b\n---")
    assert text.endswith("b\n-\n\nmore\n\nQ  1")
    assert whole.markdown().count("### ") == 3
    assert whole._repr_html_().count("<h2>") == 3
    assert whole._repr_html_().count("<table>") == 2
