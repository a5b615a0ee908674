"""Documents: one value, three renderings, and nothing in a name that a renderer could take for markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.document import (
    Bullets,
    Code,
    Folded,
    Heading,
    Mono,
    Paragraph,
    Picture,
    Table,
    TableCell,
    to_html,
    to_markdown,
    to_text,
)

NASTY = [
    Heading("A <b> *c*", 1),
    Paragraph(("x_y _z_ [a](b) ", Mono("`q` | <i>"), "\n# no heading")),
    Bullets((("one",), (Mono("two"), " & 3"))),
    Table(("a|b", "n"), ((Mono("p|q"), "1"), ("long cell", "22")), frozenset({1}), frozenset({1}), "caption"),
    Code("```\nlines <x>\n"),
]


def test_markdown_escapes_what_would_be_markup() -> None:
    assert to_markdown(NASTY) == (
        "## A \\<b> \\*c\\*\n\n"
        "x_y \\_z\\_ [a]\\(b) `` `q` | <i> `` \\# no heading\n\n"
        "- one\n- `two` & 3\n\n"
        "caption\n\n| a\\|b | n |\n| --- | ---: |\n| `p\\|q` | 1 |\n| **long cell** | **22** |\n\n"
        "````\n```\nlines <x>\n````\n"
    )


def test_html_is_escaped() -> None:
    page = to_html(NASTY)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<h1>A &lt;b&gt; *c*</h1>" in page
    assert "<code>`q` | &lt;i&gt;</code>" in page
    assert "<pre>```\nlines &lt;x&gt;</pre>" in page
    assert '<td style="text-align:right">22</td>' in page
    ET.fromstring(f"<div>{page}</div>")


def test_text_is_aligned_with_the_caption_above() -> None:
    assert to_text(NASTY[3:4]) == "caption\n\na|b         n\n---------  --\np|q         1\nlong cell  22\n"


def test_text_of_all_other_blocks() -> None:
    assert to_text([*NASTY[:3], NASTY[4], Picture("<svg/>", "a line")]) == (
        "A <b> *c*\n=========\n\n"
        "x_y _z_ [a](b) `q` | <i> # no heading\n\n"
        "- one\n- two & 3\n\n"
        "    ```\n    lines <x>\n"
    )


# ---- tables ----


def test_a_table_without_column_names_has_no_head_line() -> None:
    rows = (("Takes", "0 to 4 MiB"), ("Unit", "MiB"))
    for head in ((), ("", "")):
        table = Table(head, rows)
        assert to_text([table]) == "Takes  0 to 4 MiB\nUnit   MiB\n"
        assert to_markdown([table]).splitlines() == [
            "|  |  |", "| --- | --- |", "| Takes | 0 to 4 MiB |", "| Unit | MiB |",
        ]  # fmt: skip
        assert "<thead>" not in to_html([table])


def test_a_table_without_rows_is_its_head_alone() -> None:
    table = Table(("a", "b"), ())
    assert to_text([table]) == "a  b\n-  -\n"
    assert to_markdown([table]) == "| a | b |\n| --- | --- |\n"
    assert to_html([table]).count("<tr>") == 1
    assert to_text([Table((), ())]) == "\n"


def test_a_cell_of_several_words_is_one_cell_everywhere() -> None:
    table = Table(("x", "y"), (("1", TableCell(("see ", Mono("a|b"), " <c>"))),))
    assert to_text([table]) == "x  y\n-  -----------\n1  see a|b <c>\n"
    assert "| 1 | see `a\\|b` \\<c> |" in to_markdown([table])
    assert '<td style="text-align:left">see <code>a|b</code> &lt;c&gt;</td>' in to_html([table])


def test_title_and_style_of_a_cell_stand_in_html_alone_and_escaped() -> None:
    table = Table(("x",), ((TableCell(("ok",), title='"7" < 8', style="color:#fff"),),))
    assert '<td style="text-align:left;color:#fff" title="&quot;7&quot; &lt; 8">ok</td>' in to_html([table])
    assert to_text([table]) == "x\n--\nok\n"
    assert to_markdown([table]) == "| x |\n| --- |\n| ok |\n"


def test_headers_of_columns_and_rows_say_what_they_are_headers_of() -> None:
    root = ET.fromstring(to_html([Table(("option", "A"), (("thread", "multi"),), row_headers=True)]))
    assert [(cell.get("scope"), cell.text) for cell in root.iter("th")] == [
        ("col", "option"), ("col", "A"), ("row", "thread"),
    ]  # fmt: skip
    assert [cell.text for cell in root.iter("td")] == ["multi"]
    plain = ET.fromstring(to_html([Table(("option", "A"), (("thread", "multi"),))]))
    assert [cell.text for cell in plain.iter("td")] == ["thread", "multi"]


def test_strong_rows_are_bold_without_a_style_sheet() -> None:
    root = ET.fromstring(to_html([Table(("a",), (("1",), ("2",)), strong=frozenset({1}))]))
    assert [row.get("style") for row in root.iter("tr")] == [None, None, "font-weight:bold"]


def test_an_empty_cell_of_a_strong_row_has_no_stars() -> None:
    assert "| **1** |  |" in to_markdown([Table(("a", "b"), (("1", ""),), strong=frozenset({0}))])


@pytest.mark.parametrize("render", [to_text, to_markdown])
def test_a_line_break_in_a_cell_does_not_break_the_row(render) -> None:
    table = render([Table(("a", "b"), (("one\n  two", "3"),))])
    assert len(table.splitlines()) == 3
    assert "one two" in table


@pytest.mark.parametrize("render", [to_text, to_markdown, to_html])
def test_control_characters_are_shown_by_their_codes(render) -> None:
    page = render([Paragraph(("a\x1b[2Jb\u202ec",)), Code("\x07")]).replace(
        "\\\\", "\\"
    )  # in Markdown a backslash is escaped
    assert "a\\x1b" in page
    assert "\\u202ec" in page
    assert "\\x07" in page
    assert not {"\x1b", "\u202e", "\x07"} & set(page)


def test_a_picture_is_in_html_with_its_description() -> None:
    page = to_html([Picture("<svg></svg>", 'a "line"')])
    assert page == '<figure role="img" aria-label="a &quot;line&quot;"><svg></svg></figure>'
    assert to_markdown([Picture("<svg></svg>", "a line")]) == "\n"


# ---- folded parts ----


def test_folded_blocks_are_in_the_page_and_one_line_elsewhere() -> None:
    rows = tuple((str(number),) for number in range(3))
    folded = Folded(
        ("3 other ", Mono("<rows>")), (Table((), rows), Paragraph(("inside",))), ("3 more: see ", Mono("a*"))
    )
    assert to_text([folded]) == "3 more: see a*\n"
    assert to_markdown([folded]) == "3 more: see `a*`\n"
    page = to_html([folded])
    assert page.startswith("<details><summary>3 other <code>&lt;rows&gt;</code></summary>\n<table>")
    assert page.endswith("<p>inside</p>\n</details>")
    ET.fromstring(page)


NASTY_TEXT = st.text(st.sampled_from("\\|`*_<>&#[]()~$-+=1.a \n\t\r\x1b\u2028"), max_size=10)


def cells_of(line: str, *, counting: bool) -> list[str]:
    """The cells of a row. A | ends one unless a backslash is before it (cmark-gfm); of several some parsers count."""
    pattern = r"(?<!\\)(?:\\\\)*\|" if counting else r"(?<!\\)\|"
    return re.split(pattern, line)[1:-1]


@given(st.lists(st.tuples(*[NASTY_TEXT | NASTY_TEXT.map(Mono)] * 2), min_size=1, max_size=3), st.booleans())
def test_a_row_of_markdown_has_its_cells_whatever_they_hold(
    rows: list[tuple[str, str]], strong: bool
) -> None:
    table = Table(("a", "b"), tuple(rows), strong=frozenset(range(len(rows)) if strong else ()))
    lines = to_markdown([table]).removesuffix("\n").split("\n")
    assert len(lines) == 2 + len(rows)
    for line in lines:
        for counting in (True, False):
            assert len(cells_of(line, counting=counting)) == 2, line


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("> a", r"\> a"),
        ("    code", "code"),
        ("[a]: b", r"[a]\: b"),
        ("&lt;", r"\&lt;"),
        ("$x$", r"\$x\$"),
        ("a\nb", "a b"),
        ("R&D", r"R\&D"),
        ("0.98 [0.97, 0.99]", "0.98 [0.97, 0.99]"),
    ],
)
def test_a_paragraph_of_markdown_begins_nothing_else(text: str, marked: str) -> None:
    assert to_markdown([Paragraph((text,))]) == f"{marked}\n"


def test_a_bar_behind_a_backslash_is_quoted_so_that_every_parser_keeps_the_row() -> None:
    page = to_markdown([Table(("a",), ((Mono("x|y"),), (Mono("x\\|y"),)))])
    assert page.splitlines()[2:] == [r"| `x\|y` |", r"| <code>x\\\|y</code> |"]
