"""Rows as explanations: facts, releases and values; the whole reference is golden/reference.md."""

from __future__ import annotations

from typing import Any

import pytest

import accelkit
from accelkit import ACCELERATORS, PROPERTIES, bundled, explain, notify, tb_size
from accelkit.explain.rows import MEANINGS, of_property, reference_table, summary
from accelkit.recipes.domains import Words
from accelkit.schemas import targets
from accelkit.schemas.releases import availability, lifetime
from accelkit.syntax.qemu_options import RELEASES

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


def test_text_has_a_heading_a_sentence_and_aligned_rows() -> None:
    title, ruler, blank, sentence, _, *rows = str(explain("tcg")).splitlines()
    assert (title, ruler, blank, sentence) == ("tcg", "---", "", accelkit.tcg.doc)
    assert [row[:12].strip() for row in rows] == ["Python", "Hosts", "Needs", "Properties", "QEMU", "Source"]
    assert {row[:12].endswith("  ") for row in rows} == {True}
    assert repr(explain("tcg")) == str(explain("tcg"))


def rows_of(subject: Any) -> dict[str, str]:
    return dict(explain(subject).rows)


def test_which_qemus_have_it_is_told_by_first_and_last_release_and_by_target_where_they_differ() -> None:
    assert rows_of("tb-size")["QEMU"] == "since 5.0"
    assert rows_of("one-insn-per-tb")["QEMU"] == "since 8.1"
    assert rows_of("honor-guest-pat")["QEMU"] == "since 11.0 (x86_64, i386)"
    assert rows_of("eager-split-size")["QEMU"] == "since 8.2 (aarch64)"
    assert rows_of("hvf")["QEMU"] == "since 2.12 (x86_64), since 6.2 (aarch64)"
    assert rows_of("hax")["QEMU"] == "2.9 to 8.1 (x86_64, i386)"
    assert (
        "whpx: since 6.0 (x86_64), 6.0 to 10.2 (i386), since 11.0 (aarch64)"
        in rows_of("kernel-irqchip")["QEMU"]
    )
    assert availability(["hvf"], "tb-size") == ""


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROPERTIES.values()])
def test_the_releases_are_those_of_the_bundled_schemas(row: Any) -> None:
    """A release that the row names as the first has the property, and the one before has it not."""
    for accel in row.accels:
        for target in targets():
            life = lifetime(accel, row.key, target)
            if life is None or life.first not in RELEASES:
                continue
            assert (
                f"since {life.first}" in rows_of(row)["QEMU"]
                or f"{life.first} to {life.last}" in rows_of(row)["QEMU"]
            )
            before = RELEASES[RELEASES.index(life.first) - 1]
            if life.first != RELEASES[0]:
                assert row.key not in bundled(before, target).accelerators.get(accel, ())


@pytest.mark.parametrize(
    ("key", "value", "meaning"),
    [
        ("tb-size", "64", "64 MiB: a plain number counts MiB"),
        ("tb-size", "0x40", "0x40 is 64 MiB: a plain number counts MiB"),
        ("tb-size", "0b101", "0b101 is 5 to a QEMU built with glibc 2.38 or newer; others refuse it: write tb-size=5"),
        ("tb-size", "64MiB", "QEMU refuses 64MiB: write tb-size=64, which counts MiB"),
        ("tb-size", "64MB", "QEMU refuses 64MB: write tb-size=64, which counts MiB"),
        ("tb-size", "64M", "QEMU refuses 64M: write tb-size=64, which counts MiB"),
        ("tb-size", "", "QEMU refuses '': it takes 0 to 4294967295 MiB: the number alone"),
        ("tb-size", "67108864", ("67108864 MiB, which is 64 TiB: a plain number counts MiB; it is more than the 2048 MiB to which QEMU clamps it "
         "on x86 hosts (ignored): write 2048 or less: the number counts MiB; if bytes were meant, write tb-size=64")),
        ("kvm-shadow-mem", "64MiB", "QEMU refuses 64MiB: write kvm-shadow-mem=67108864"),
        ("kvm-shadow-mem", "4096", ("4096 bytes; it is fewer than 64 pages of 4 KiB (QEMU keeps the number modulo 2^32) (refused): "
         "take 262144 (256 KiB) to 2147483647, or leave it out")),
        ("kvm-shadow-mem", "2147483648", "2147483648 bytes"),
        ("eager-split-size", "2M", "2M is 2097152 bytes, which is 2 MiB"),
        ("eager-split-size", "2MiB", "QEMU refuses 2MiB: write eager-split-size=2097152"),
        ("dirty-ring-size", "3000", "QEMU refuses 3000: write dirty-ring-size=4096"),
        ("dirty-ring-size", "64", ("64 entries a vCPU; it is a ring size that some kernels refuse (host): take 1024 to 65536 entries, "
         "or 0")),
        ("notify-window", "-1", "QEMU refuses -1: it takes a whole number, 0 to 4294967295 cycles; the nearest is 0"),
        ("notify-vmexit", "internal_error", "QEMU refuses internal_error: write notify-vmexit=internal-error"),
        ("kernel-irqchip", "Off", "QEMU refuses Off: write kernel-irqchip=off"),
        ("thread", "mutli", "QEMU refuses mutli: write thread=multi"),
        ("dirty-ring-size", "4096", "4096 entries a vCPU"),
        ("thread", "both", "QEMU refuses both: it takes single or multi"),
        ("rapl", "off", "off: switched off"),
        ("rapl", "1", "QEMU refuses 1: write rapl=on"),
        ("rapl", "y", ("on: switched on; it needs an Intel host with RAPL and a running qemu-vmsr-helper (host): start the helper, "
         "or write off")),
        ("honor-guest-pat", "auto", "auto: QEMU decides"),
        ("device", "/dev/kvm", "/dev/kvm"),
    ],
)  # fmt: skip
def test_a_value_is_told_as_qemu_reads_it(key: str, value: str, meaning: str) -> None:
    explained = of_property(PROPERTIES[key], value)
    assert explained.title == f"{key}={value}"
    assert explained.rows[0] == ("Value", meaning)
    assert explained.rows[1:] == of_property(PROPERTIES[key]).rows


@pytest.mark.parametrize(
    ("key", "value", "mark"),
    [
        ("tb-size", "64MB", "✗"), ("thread", "both", "✗"), ("dirty-ring-size", "1000", "✗"), ("kvm-shadow-mem", "4096", "✗"),
        ("notify-window", "0b11", "▲"),
        ("tb-size", "64", None), ("kernel-irqchip", "split", None), ("rapl", "on", None),
    ],
)  # fmt: skip
def test_a_value_that_qemu_refuses_is_marked(key: str, value: str, mark: str | None) -> None:
    explained = of_property(PROPERTIES[key], value)
    assert explained.mark == mark
    if mark is not None:
        assert f"\nValue    {mark} {explained.rows[0][1]}\n" in str(explained)
        assert f">{mark}</span> " in explained._repr_html_()


def test_every_word_of_a_property_of_words_has_a_meaning_and_no_other_has() -> None:
    words = {
        (key, word)
        for key, row in PROPERTIES.items()
        if isinstance(row.domain, Words)
        for word in row.domain.words
        if set(row.domain.words) != {"on", "off", "auto"}
    }
    assert set(MEANINGS) == words


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROPERTIES.values()])
def test_a_property_shows_range_default_notes_rules_and_source(row: Any) -> None:
    shown = rows_of(row)
    assert row.domain.allowed.startswith(shown["Takes"].partition(": the number")[0])
    assert ", or text such as" not in shown["Takes"]  # that is Python's: QEMU takes no 64MiB
    assert "True" not in shown["Takes"]
    assert shown["Python"].startswith(f"{row.name}(")
    assert shown["Default"] == row.default
    assert shown["Notes"] == row.detail
    assert shown["Source"].startswith(f"{row.source} (QEMU)")
    assert row.not_captured in shown["Source"]
    assert shown["For"].split("; guests: ")[0].split(", ") == [accel.name for accel in row.accelerators]
    assert ("Unit" in shown) == hasattr(row.domain, "unit")
    assert ("Rules" in shown) == bool(row.rules)
    for rule in row.rules:
        assert rule.remedy in shown["Rules"]
    assert all(shown.values())


def test_a_rule_names_the_values_that_break_it() -> None:
    assert rows_of("kernel-irqchip")["Rules"].startswith(
        "split is not supported under whpx (refused): write on or off; split is not supported under hvf (refused)"
    )
    assert rows_of("rapl")["Rules"].startswith("on needs an Intel host")
    assert rows_of("thread")["Rules"].startswith("another word is not a thread setting")
    assert rows_of("device")["Rules"].startswith("a path that is not /dev/kvm")
    assert rows_of("dirty-ring-size")["Rules"].startswith("a number that is not a power of two")
    assert rows_of("xen-version")["Rules"].startswith("any number but 0 needs a host kernel")


def test_an_accelerator_lists_its_properties() -> None:
    assert rows_of("tcg")["Properties"] == (
        "one-insn-per-tb (since 8.1), split-wx (since 6.0), tb-size (since 5.0), thread (since 5.0)"
    )
    assert rows_of("whpx")["Properties"].startswith("kernel-irqchip (since 6.0), hyperv (since 11.0), ")
    assert rows_of("nvmm")["Properties"] == "none"
    assert rows_of("tcg")["Needs"] == "nothing"
    assert rows_of("kvm")["Needs"] == "/dev/kvm, readable and writable"


def test_the_table_of_the_readme_has_a_line_for_each_property() -> None:
    head, rule, *rows = reference_table().splitlines()
    assert head.count("|") == rule.count("|") == 5
    assert [row.split("`")[1] for row in rows] == [row.name for row in PROPERTIES.values()]
    assert {row.count("|") for row in rows} == {5}


def test_the_summary_has_a_line_for_each_accelerator_and_property() -> None:
    rows = summary().rows
    assert [row[0] for row in rows] == [*ACCELERATORS, *PROPERTIES]
    assert rows[len(ACCELERATORS) :][list(PROPERTIES).index("tb-size")][1] == f"(tcg) {tb_size.doc}"
