"""Documents: one value, three renderings."""

from __future__ import annotations

import copy
import pickle
from xml.etree import ElementTree as ET

import pytest

from accelkit.document import (
    BREAK,
    Badge,
    Code,
    Folded,
    Mono,
    Paragraph,
    Table,
    TableCell,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.document.html import TONE_COLOURS
from accelkit.document.model import lines_of


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


def test_the_title_of_a_cell_stands_in_html_alone_and_escaped() -> None:
    table = Table(("x",), ((TableCell(("ok",), title='"7" < 8'),),))
    assert '<td style="text-align:left" title="&quot;7&quot; &lt; 8">ok</td>' in to_html([table])
    assert to_text([table]) == "x\n--\nok\n"
    assert to_markdown([table]) == "| x |\n| --- |\n| ok |\n"


def test_a_badge_is_its_words_everywhere_and_on_the_ground_of_its_tone_in_a_page() -> None:
    badge = Badge("✗ <refused>", "bad")
    table = Table((), ((TableCell((badge, " by x")),),))
    assert to_text([table, Paragraph((badge,))]) == "✗ <refused> by x\n\n✗ <refused>\n"
    assert to_markdown([table]).splitlines()[2] == "| ✗ \\<refused> by x |"
    assert f'background:{TONE_COLOURS["bad"]}">✗ &lt;refused&gt;</span> by x</td>' in to_html([table])


@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])
def test_a_copy_of_a_badge_has_its_tone(again) -> None:
    copied = again(Badge("ok", "good"))
    assert (copied, type(copied), copied.tone) == ("ok", Badge, "good")


def test_a_break_begins_a_line_of_a_cell_in_every_form() -> None:
    table = Table(("a", "b"), ((TableCell(("one", BREAK, "and ", Mono("two"))), "3"), ("four", "5")))
    assert to_text([table]) == "a        b\n-------  -\none      3\nand two\nfour     5\n"
    assert "| one<br>and `two` | 3 |" in to_markdown([table])
    page = to_html([table])
    assert "one<br>and <code>two</code></td>" in page
    assert page.count("vertical-align:top") == 4


def test_a_line_feed_that_is_quoted_is_no_break() -> None:
    assert lines_of(TableCell((Mono("\n"), "x"))) == [("\n", "x")]
    assert to_text([Table((), ((TableCell(("a", Mono("\n"), "x")), "b"),))]) == "a x  b\n"


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


def test_groups_of_rows_have_their_titles_in_every_form() -> None:
    table = Table(
        ("a", "b"),
        (("1", "x"), ("2", "y")),
        groups={0: ("on ", Mono("p|q")), 1: ("on r",)},
        numbers=frozenset({1}),
    )
    assert to_text([table]) == "a    b\n---  -\non p|q\n  1  x\non r\n  2  y\n"
    assert to_markdown([table]).splitlines()[2:] == [
        "| **on `p\\|q`** |  |",
        "| 1 | x |",
        "| **on r** |  |",
        "| 2 | y |",
    ]
    page = ET.fromstring(to_html([table]))
    titles = [cell for cell in page.iter("th") if cell.get("scope") == "rowgroup"]
    assert [(title.get("colspan"), "".join(title.itertext())) for title in titles] == [
        ("2", "on p|q"),
        ("2", "on r"),
    ]
