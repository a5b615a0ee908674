"""The table against the captured schemas, and against itself."""

from __future__ import annotations

import copy
import doctest
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    Accelerator,
    ComposeError,
    Each,
    OptionMap,
    Property,
    Schema,
    check,
    render,
)
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.schemas import all_bundled
from accelkit.schemas.releases import TARGETS
from accelkit.syntax.option_map import ORDER, RANK

FILES = sorted((Path(accelkit.__file__).parent / "schemas").glob("*.json"))
CAPTURED = [
    (path.stem, accel, key, info["type"])
    for path in FILES
    for accel, properties in json.loads(path.read_text())["accelerators"].items()
    for key, info in properties.items()
]
ROWS = [pytest.param(row, id=row.name) for row in PROPERTIES.values()]
ACCELERATOR_ROWS = [pytest.param(row, id=row.name) for row in ACCELERATORS.values()]


def test_which_real_qemus_were_captured() -> None:
    assert [path.stem for path in FILES] == [
        *(
            f"qemu-{version}-{target}"
            for version in ("10.0.13", "11.1.3", "5.2.0", "7.2.22")
            for target in sorted(TARGETS)
        ),
        "qemu-8.2.2-x86_64",
    ]


@pytest.mark.parametrize(("file", "accel", "key", "qom"), CAPTURED)
def test_each_captured_property_has_a_row_of_the_same_type(file: str, accel: str, key: str, qom: str) -> None:
    row = PROPERTIES[key]
    assert accel in row.accels
    assert qom in row.domain.qom
    target = file.rpartition("-")[2]
    assert not row.targets or target in row.targets


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_captured_somewhere_or_says_why_not(row: Property[Any, Any]) -> None:
    captured = {accel for _, accel, key, _ in CAPTURED if key == row.key}
    assert captured <= row.accels
    assert bool(captured) != bool(row.not_captured)


def test_each_accelerator_of_a_schema_has_a_row() -> None:
    known = {accel for target in TARGETS for schema in all_bundled(target) for accel in schema.accelerators}
    assert known == ACCELERATORS.keys()


# What each domain stands for among QOM types; string: a text that QEMU compares or opens itself.
QOM = {
    OnOff: {"bool"},
    Words: {"string", "on|off|split", "OnOffAuto", "NotifyVMexitOption"},
    Int: {"uint16", "uint32", "uint64"},
    Size: {"int", "uint32", "size"},
    Text: {"string"},
}


@pytest.mark.parametrize("row", ROWS)
def test_the_domain_of_a_row_fits_its_qom_types(row: Property[Any, Any]) -> None:
    assert row.domain.qom
    assert set(row.domain.qom) <= QOM[type(row.domain)]


@pytest.mark.parametrize("row", ROWS)
def test_the_range_of_a_number_fits_the_type_that_qemu_keeps_it_in(row: Property[Any, Any]) -> None:
    match row.domain:
        case Int(qom=qom, low=low, high=high) | Size(qom=qom, low=low, high=high):
            limits = {
                "uint16": 1 << 16,
                "uint32": 1 << 32,
                "uint64": 1 << 64,
                "size": 1 << 64,
                "int": 1 << 63,
            }
            assert 0 <= low < high < min(limits[name] for name in qom)
        case _:
            assert not hasattr(row.domain, "high")


@pytest.mark.parametrize(("file", "accel", "key", "qom"), CAPTURED)
def test_a_qemu_that_has_a_property_refuses_no_value_that_the_row_takes(
    file: str, accel: str, key: str, qom: str
) -> None:
    schema = Schema.from_json(json.loads((FILES[0].parent / f"{file}.json").read_text()))
    row = PROPERTIES[key]
    values: list[Any]
    match row.domain:
        case Words(words):
            values = list(words)
        case Int(low=low, high=high, power_of_two=power) | Size(low=low, high=high, power_of_two=power):
            values = [low, 1024, 1 << (high.bit_length() - 1)] if power else [low, low + 1, high]
        case OnOff():
            values = [True, False]
        case Text():
            values = ["", "/x,y"]
    for value in values:
        problems = check(ACCELERATORS[accel]() | row(value), schema)
        assert not [problem for problem in problems if problem.kind == "refused"], qom


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_found_under_its_names(row: Property[Any, Any]) -> None:
    assert PROPERTIES[row.key] is row
    assert getattr(accelkit, row.name) is row
    assert row.name in accelkit.__all__
    prefix = {f"{name}-" for name in row.accels if row.key.startswith(f"{name}-")}
    plain = row.key.removeprefix(prefix.pop() if prefix else "")
    assert row.name == plain.replace("-", "_")
    assert row.name.isidentifier()
    assert repr(row) == row.name


@pytest.mark.parametrize("row", ACCELERATOR_ROWS)
def test_an_accelerator_is_found_under_its_name(row: Accelerator[Any]) -> None:
    assert ACCELERATORS[row.name] is row
    assert getattr(accelkit, row.name) is row
    assert row.name in accelkit.__all__
    assert repr(row) == row.name
    assert render(row()) == ["-accel", row.name]
    assert row() is row()
    assert row().accels == {row.name}


@pytest.mark.parametrize("row", ROWS + ACCELERATOR_ROWS)
def test_a_row_pickles_and_copies_to_itself(row: Any) -> None:
    assert pickle.loads(pickle.dumps(row)) is row
    assert copy.deepcopy(row) is row
    assert copy.copy(row) is row


@pytest.mark.parametrize("row", ROWS)
def test_each_property_is_documented_with_range_default_unit_and_source(row: Property[Any, Any]) -> None:
    for text in (row.doc, row.default, row.detail, row.source):
        assert text
        assert text == text.strip()
    assert row.doc.endswith(".")
    assert row.detail.endswith(".")
    assert row.accelerators
    doc = str(row.__doc__)
    for part in (row.key, row.doc, row.domain.allowed, row.default, row.detail, row.source, f"{row.name}("):
        assert part in doc
    for rule in row.rules:
        assert rule.why.split()[0] in ("is", "are", "has", "needs")  # it is put after the value
        assert rule.remedy
        assert not rule.accels or rule.accels <= row.accels


@pytest.mark.parametrize("row", ROWS)
def test_the_example_in_a_docstring_works(row: Property[Any, Any]) -> None:
    example = str(row.__doc__).split("``")[1]
    if "…" not in example:
        eval(example, {}, vars(accelkit))


@pytest.mark.parametrize("row", ACCELERATOR_ROWS)
def test_each_accelerator_is_documented_with_host_needs_and_source(row: Accelerator[Any]) -> None:
    for text in (row.doc, row.hosts, row.source):
        assert text
        assert text in str(row.__doc__)
    assert f"Needs: {row.needs or 'nothing'}." in str(row.__doc__)


def test_every_row_has_its_place_in_the_order_of_rendering() -> None:
    assert list(ORDER) == ["accel", *PROPERTIES]
    assert len(set(ORDER)) == len(ORDER)
    assert sorted(RANK.values()) == list(RANK.values())


@pytest.mark.parametrize("row", ROWS)
def test_the_same_value_in_two_spellings_is_refused(row: Property[Any, Any]) -> None:
    twice: tuple[Any, ...]
    match row.domain:
        case Words(words):
            twice = (words[0], words[0])
        case OnOff():
            twice = (True, "on")
        case Int() | Size():
            twice = (0x400, "0x400") if row.key != "kvm-shadow-mem" else (1 << 20, "1MiB")
        case Text():
            twice = ("/x", Path("/x"))
    with pytest.raises(ValueError, match=f"^{row.name}: .* has the same value in two spellings"):
        row(Each(twice))


@pytest.mark.parametrize("row", ROWS + ACCELERATOR_ROWS)
def test_a_row_that_is_not_called_is_named_where_it_is_composed(row: Any) -> None:
    with pytest.raises(ComposeError, match=rf"^{row.name} \| …: "):
        row | accelkit.tcg()
    with pytest.raises(ComposeError, match=rf"^… \| {row.name}: "):
        accelkit.tcg() | row
    with pytest.raises(ComposeError, match=rf"^… \| {row.name}: "):
        (accelkit.tcg() | accelkit.tb_size(accelkit.each(1, 2))) | row


@pytest.mark.parametrize("row", ROWS)
def test_read_returns_the_typed_value_or_none_if_unset_and_refuses_nonsense(
    row: Property[Any, Any],
) -> None:
    assert row.read(OptionMap({"accel": "tcg"})) is None
    if isinstance(row.domain, Text):
        assert row.read(OptionMap({row.key: "x"})) == "x"
        return
    with pytest.raises(ValueError, match=f"^{row.key}: got 'nonsense'; takes "):
        row.read(OptionMap({row.key: "nonsense"}))


@pytest.mark.parametrize(
    ("row", "text", "value"),
    [
        (accelkit.tb_size, "0x40", 64), (accelkit.rapl, "yes", True), (accelkit.rapl, "off", False),
        (accelkit.shadow_mem, "-1", -1), (accelkit.xen_version, "0x40011", 0x40011),
        (accelkit.eager_split_size, "2M", 2 << 20), (accelkit.kernel_irqchip, "split", "split"),
    ],
)  # fmt: skip
def test_read_reads_every_spelling_that_qemu_reads(row: Property[Any, Any], text: str, value: Any) -> None:
    assert row.read(OptionMap({row.key: text})) == value
    assert type(row.read(OptionMap({row.key: text}))) is type(value)


def test_notify_sets_both_properties_or_one() -> None:
    kvm, notify = accelkit.kvm, accelkit.notify
    both = kvm() | notify("run", window=1000)
    assert both == kvm() | accelkit.notify_vmexit("run") | accelkit.notify_window(1000)
    assert kvm() | notify("disable") == kvm() | accelkit.notify_vmexit("disable")
    space = notify(accelkit.each("run", "disable"), accelkit.each(0, 1000))
    assert len(space) == 4
    assert render(kvm() | space[1]) == ["-accel", "kvm,notify-vmexit=run,notify-window=1000"]


@pytest.mark.parametrize("row", [*ACCELERATORS.values(), *PROPERTIES.values()], ids=str)
def test_the_example_of_a_row_runs(row: Any) -> None:
    examples = doctest.DocTestParser().get_doctest(row.__doc__, dict(vars(accelkit)), row.name, None, None)
    assert examples.examples
    messages: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(examples, out=messages.append)
    assert result.failed == 0, "".join(messages)
