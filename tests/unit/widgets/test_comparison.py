"""Recipes side by side."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from support.strategies import (
    recipes,
)

from accelkit import (
    ComposeError,
    SchemaError,
    bundled,
    each,
    first_of,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    one_insn_per_tb,
    parse,
    render,
    split,
    tb_size,
    tcg,
)
from accelkit.widgets import compare

GOLDEN = """\
kvm                          kvm() | honor_guest_pat(on)
tcg with one-insn-per-tb on  tcg() | one_insn_per_tb(on)
tcg                          tcg()

           option           kvm  tcg with one-insn-per-tb on  tcg
---------  ---------------  ---  ---------------------------  ---
≠ differs  accel            kvm  tcg                          tcg
≠ differs  one-insn-per-tb  –    on                           –
≠ differs  honor-guest-pat  on   –                            –

                             QEMU 5.2 to 7.2  QEMU 8.2 to 10.0  QEMU 11.1
---------------------------  ---------------  ----------------  -----------------
kvm                          ✗ refused        ✗ refused         ▲ if the host can
tcg with one-insn-per-tb on  ✗ refused        ✓ accepted        ✓ accepted
tcg                          ✓ accepted       ✓ accepted        ✓ accepted

Asked: QEMU 5.2.0, 7.2.22, 8.2.2, 10.0.13, 11.1.3 (x86_64).

✗ refused              5.2 to 10.0, kvm: kvm,honor-guest-pat=on: kvm has no property 'honor-guest-pat'
                       → take QEMU 11.0 or newer, or leave it out
▲ depends on the host  11.1, kvm: kvm,honor-guest-pat=on: on needs a kernel that can switch off the ignore-guest-PAT quirk
                       → write auto or off
✗ refused              5.2 to 7.2, tcg with one-insn-per-tb on: tcg,one-insn-per-tb=on: tcg has no property 'one-insn-per-tb'
                       → take QEMU 8.1 or newer, or leave it out"""


def test_compare_marks_differences_and_judges_every_version():
    table = compare(kvm() | honor_guest_pat("on"), tcg() | one_insn_per_tb(True), tcg())
    assert table.names == ("kvm", "tcg with one-insn-per-tb on", "tcg")
    assert table.different == ("accel", "one-insn-per-tb", "honor-guest-pat")
    assert [[answer.accepted for answer in row] for row in table.verdicts] == [
        [False, False, False, False, True], [False, False, True, True, True], [True, True, True, True, True],
    ]  # fmt: skip
    assert str(table) == GOLDEN


def test_compare_takes_fallbacks_and_command_lines():
    table = compare(first_of(kvm() | kernel_irqchip(split), tcg()), "kvm", parse("-accel tcg"))
    assert table.names == ("kvm else tcg", "kvm", "tcg")
    assert tuple((row.name, row.texts) for row in table.rows) == (
        ("kvm", ("1st", "1st", None)),
        ("kvm: kernel-irqchip", ("split", None, None)),
        ("tcg", ("2nd", None, "1st")),
    )


def test_two_recipes_are_a_diff_with_the_names_that_their_user_gave():
    table = compare(old=tcg() | tb_size(64), new=tcg() | tb_size(1024), schemas=[])
    assert table.names == ("old", "new")
    assert str(table) == (
        "old  tcg() | tb_size(64)\nnew  tcg() | tb_size(1024)\n\n"
        "           option   old     new\n---------  -------  ------  ------------\n"
        "≠ changed  tb-size  64 MiB  1 GiB (1024)\n\n1 option is the same: accel tcg"
    )
    assert "✓ no difference: QEMU gets the same options" in str(compare(a=tcg(), b=tcg(), schemas=[]))


def test_names_come_from_keywords_from_a_dict_and_else_from_what_the_recipes_are():
    table = compare(tcg(), {"with a blank": kvm(), "schemas": tcg()}, kvm=tcg(), schemas=[])
    assert table.names == ("tcg", "with a blank", "schemas", "kvm")


@pytest.mark.parametrize(
    ("recipes", "named", "why"),
    [
        (({"old": kvm()},), {"old": tcg()}, "got the name 'old' twice"),
        (({3: kvm()},), {}, "got the name 3; takes text of 1 to 60 characters"),
        (({" ": kvm()},), {}, "got the name ' '; takes text"),
        (({"x" * 61: kvm()},), {}, "takes text of 1 to 60 characters, as in {'old': kvm()}"),
    ],
)
def test_a_name_that_is_none_is_refused(recipes, named, why):
    with pytest.raises(ComposeError, match=re.escape(why)):
        compare(*recipes, **named)


def test_names_and_values_of_any_kind_are_shown_and_not_obeyed():
    table = compare(
        {"<b>": kvm(), "a\x1b[2J": "kvm,device=<i>", "two\nlines": kvm()}, schemas=[bundled("10.0")]
    )
    assert not {"\x1b"} & set(str(table) + table._repr_html_() + table.markdown())
    assert "<b>" not in table._repr_html_()
    assert "<i>" not in table._repr_html_()
    assert str(table).splitlines()[2].startswith("two lines  ")


def test_anything_but_schemas_is_refused():
    with pytest.raises(SchemaError, match=r"compare: got '7\.2' for a schema; write bundled"):
        compare(kvm(), schemas=["7.2"])


@pytest.mark.parametrize(
    ("line", "badge"),
    [
        ("kvm", "✓ accepted"),
        ("kvm,x=1", "✗ refused"),
        ("hvf", "✗ not in this build"),
        ("kvm,rapl=on", "▲ if the host can"),
        ("kvm,kernel-irqchip=off", "▲ if the machine can"),
        ("kvm,kernel-irqchip=off,rapl=on", "▲ if the machine and host can"),
        ("-accel $A", "? not known"),
        ("tcg,tb-size=4096", "● with a note"),
    ],
)
def test_each_verdict_is_a_badge_with_a_mark_and_words(line, badge):
    table = compare(line, schemas=[bundled("10.0")])
    assert badge in str(table)
    assert f">{badge}</span>" in table._repr_html_()


def test_one_recipe_is_all_that_it_sets_and_needs_no_name_beside_its_problems():
    assert "tb-size  64 MiB" in str(compare(tcg() | tb_size(64), schemas=[]))
    assert "✗ refused  7.2: tcg,one-insn-per-tb=on: tcg has no property" in str(
        compare(tcg() | one_insn_per_tb(True), schemas=[bundled("7.2")])
    )


def test_it_is_markdown_too():
    assert (
        "| new | ✗ refused |"
        in compare(old=tcg(), new=tcg() | one_insn_per_tb(True), schemas=[bundled("7.2")]).markdown()
    )


def test_compare_refuses_no_recipes_and_spaces():
    with pytest.raises(ComposeError, match="nothing to compare"):
        compare()
    with pytest.raises(ComposeError, match="check its points"):
        compare(tcg() | tb_size(each(1, 2)))


@given(recipes(), recipes())
def test_compare_marks_exactly_what_renders_differently(one, other):
    table = compare(one, other, schemas=[bundled()])
    assert (table.different == ()) == (render(one) == render(other))
