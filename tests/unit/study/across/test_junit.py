"""JUnit's XML: against a golden file, and against what Jenkins' schema junit-10.xsd allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.golden import compare_with_golden
from support.stores import plan_of, records_for, write_store
from support.two_stores import known_comparison

from accelkit.study.across.compare import compare_stores
from accelkit.study.across.junit import junit

#: Of each element its attributes, those that it must have, and the elements in it (junit-10.xsd, xunit-plugin 3.1).
ALLOWED: Final = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package"},
        {"name", "tests", "failures", "errors"}, {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": (
        {"name", "time", "classname", "group"}, {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip


def checked(xml: str) -> ET.Element:
    root = ET.fromstring(xml.encode())  # our own
    for element in root.iter():
        attributes, needed, inside = ALLOWED[element.tag]
        assert needed <= set(element.attrib) <= attributes
        assert {child.tag for child in element} <= inside
    (suite,) = root
    for kind, tag in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        assert int(suite.attrib[kind]) == len(list(suite.iter(tag)))
    return root


def test_the_xml_is_that_of_the_golden_file(tmp_path: Path) -> None:
    xml = junit(known_comparison(tmp_path), 0.02)
    checked(xml)
    compare_with_golden("compare.xml", xml)


def test_a_test_fails_by_the_limit(tmp_path: Path) -> None:
    found = known_comparison(tmp_path)
    counts = [
        (suite.attrib["failures"], suite.attrib["errors"])
        for limit in (0.02, 9.0)
        for suite in checked(junit(found, limit))
    ]
    assert counts == [("1", "1"), ("0", "1")]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_reason_is_well_formed(tmp_path: Path, why: str) -> None:
    plan = plan_of()
    records = records_for(plan, {}, blocks=8)
    failing = [replace(record, cause="crashed", value=None, why=why) for record in records]
    for name, chosen in (("a", records), ("b", failing)):
        (tmp_path / name).unlink(missing_ok=True)
        write_store(tmp_path / name, plan, chosen)
    assert checked(junit(compare_stores(tmp_path / "a", tmp_path / "b")))[0].attrib["errors"] == "2"
