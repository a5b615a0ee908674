"""explain: by row or by name, as text, Markdown and HTML; the whole reference is golden/reference.md."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

import accelkit
from accelkit import ACCELERATORS, PROPERTIES, SchemaError, explain, kvm, notify, tb_size
from accelkit.explain import Explanation, reference_table, summary

EVERY = [*ACCELERATORS.values(), *PROPERTIES.values()]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in EVERY])
def test_a_row_and_all_its_names_have_the_same_explanation(row: Any) -> None:
    key = getattr(row, "key", row.name)
    explained = explain(row)
    assert explained.title == key
    assert explained.summary == row.doc
    for name in {row.name, key, key.replace("-", "_"), row.name.replace("_", "-")}:
        assert explain(name) == explained


def test_notify_is_explained_as_the_property_that_it_begins_with() -> None:
    assert explain(notify) == explain("notify") == explain("notify-vmexit")


def test_every_exported_word_that_makes_a_recipe_can_be_explained() -> None:
    for row in EVERY:
        assert explain(getattr(accelkit, row.name)).title in str(explain(row.name))


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("tb_sise", "explain: got 'tb_sise'; did you mean 'tb-size'?"),
        ("KVM", "explain: got 'KVM'; did you mean 'kvm'?"),
        ("shadow", "explain: got 'shadow'; did you mean 'shadow-mem'?"),
        (kvm(), "explain: got Recipe; takes a property or accelerator (uncalled), or a name"),
        (tb_size(64), "explain: got Recipe; takes a property or accelerator (uncalled), or a name"),
        (None, "explain: got NoneType; takes a property or accelerator (uncalled), or a name"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(subject: Any, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        explain(subject)
    assert str(caught.value) == message


def test_a_name_that_is_near_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(SchemaError) as caught:
        explain("zzzzzz")
    assert str(caught.value).startswith("explain: got 'zzzzzz'; one of ")
    for row in EVERY:
        assert getattr(row, "key", row.name) in str(caught.value)


def test_text_has_a_heading_a_sentence_and_aligned_rows() -> None:
    title, ruler, blank, sentence, _, *rows = str(explain("tcg")).splitlines()
    assert (title, ruler, blank, sentence) == ("tcg", "---", "", accelkit.tcg.doc)
    assert [row[:12].strip() for row in rows] == ["Python", "Hosts", "Needs", "Properties", "QEMU", "Source"]
    assert {row[:12].endswith("  ") for row in rows} == {True}
    assert repr(explain("tcg")) == str(explain("tcg"))


def rows_of(subject: Any) -> dict[str, str]:
    return dict(explain(subject).rows)


def test_which_qemus_have_it_comes_from_the_captured_schemas() -> None:
    assert rows_of("tb-size")["QEMU"] == "x86_64: 5.2, 7.2, 10.0, 11.1; aarch64: 5.2, 7.2, 10.0, 11.1"
    assert rows_of("honor-guest-pat")["QEMU"] == "x86_64: 11.1"
    assert rows_of("kvm")["QEMU"] == "x86_64: 5.2, 7.2, 10.0, 11.1"
    assert rows_of("qtest")["QEMU"] == "x86_64: 5.2, 11.1; aarch64: 5.2, 11.1"
    assert rows_of("hvf")["QEMU"] == "none of those captured"
    assert rows_of("eager-split-size")["QEMU"] == PROPERTIES["eager-split-size"].not_captured


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROPERTIES.values()])
def test_a_property_shows_range_default_notes_rules_and_source(row: Any) -> None:
    shown = rows_of(row)
    assert shown["Takes"] == row.domain.allowed
    assert shown["Default"] == row.default
    assert shown["Notes"] == row.detail
    assert shown["Source"] == f"{row.source} (QEMU)"
    assert shown["For"].split("; guests: ")[0].split(", ") == [accel.name for accel in row.accelerators]
    assert ("Unit" in shown) == hasattr(row.domain, "unit")
    assert ("Rules" in shown) == bool(row.rules)
    for rule in row.rules:
        assert rule.remedy in shown["Rules"]
    assert all(shown.values())


def test_an_accelerator_lists_its_properties() -> None:
    assert rows_of("tcg")["Properties"] == "one-insn-per-tb, split-wx, tb-size, thread"
    assert rows_of("nvmm")["Properties"] == "none"
    assert rows_of("tcg")["Needs"] == "nothing"
    assert rows_of("kvm")["Needs"] == "/dev/kvm, readable and writable"


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
    assert html.tags == ["h2", "/h2", "p", "/p", *table]


def test_the_table_of_the_readme_has_a_line_for_each_property() -> None:
    head, rule, *rows = reference_table().splitlines()
    assert head.count("|") == rule.count("|") == 5
    assert [row.split("`")[1] for row in rows] == [row.name for row in PROPERTIES.values()]
    assert {row.count("|") for row in rows} == {5}


def test_the_summary_has_a_line_for_each_accelerator_and_property() -> None:
    lines = summary().splitlines()
    assert [line.split()[0] for line in lines] == [*ACCELERATORS, *PROPERTIES]
    assert lines[len(ACCELERATORS) :][list(PROPERTIES).index("tb-size")].endswith(f"(tcg) {tb_size.doc}")
