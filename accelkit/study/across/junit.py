"""A comparison of two stores as JUnit's XML, which CI systems read: a test for each configuration and guest. Pure.

The form is that of Jenkins' schema junit-10.xsd (github.com/jenkinsci/xunit-plugin), which GitLab, Azure and the usual
viewers read, too. That schema has properties of a suite and none of a test; what is known of a test is in its
``system-out``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from accelkit.errors import visible
from accelkit.study.across.change import Change, Ratio
from accelkit.study.across.comparison import Changes
from accelkit.study.report.phrases import amount, interval, percent, ratio

_FORBIDDEN: Final = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""


def junit(comparison: Changes, limit: float = 0.0) -> str:
    """The XML: a suite with what differs between the stores, and a test for each change.

    A test has a ``failure`` if the change is shown to be slower by more than the share ``limit``, an ``error`` if it fails
    now, and is ``skipped`` where it is undecided whether it is slower by more than that.
    """
    slower, failing = ({*map(id, changes)} for changes in (comparison.slower(limit), comparison.failing()))
    open_ = {*map(id, comparison.may_be_slower(limit))}
    suite = ET.Element("testsuite", {
        "name": _text(f"accelkit compare {comparison.old.label} {comparison.new.label}"),
        "tests": str(len(comparison.counted)), "failures": str(len(slower - failing)),
        "errors": str(len(failing)), "skipped": str(len(open_)),
        "hostname": _text(", ".join(host.name for host in comparison.new.circumstances.hosts)),
    })  # fmt: skip
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(comparison, limit):
        ET.SubElement(properties, "property", {"name": _text(name), "value": _text(value)})
    for change in comparison.counted:
        test = ET.SubElement(
            suite, "testcase", {"classname": _text(_class(change)), "name": _text(change.configuration)}
        )
        row = comparison.judged(change)
        if id(change) in failing:
            _outcome(test, "error", "fails", change.why_fails)
        elif id(change) in slower:
            _outcome(test, "failure", "slower", slower_words(change, row, limit))
        elif id(change) in open_:
            _outcome(test, "skipped", "undecided", _open(row, limit))
        ET.SubElement(test, "system-out").text = _text("\n".join(_facts(comparison, change)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _outcome(test: ET.Element, kind: str, type: str, message: str) -> None:
    outcome = ET.SubElement(test, kind, {"type": type, "message": _text(message)})
    outcome.text = _text(message)


def slower_words(change: Change, row: Ratio, limit: float) -> str:
    """Why a change is too slow, as a sentence without its end."""
    allowed = f", and {percent(limit)} is allowed" if limit else ""
    return (
        f"{change.configuration} on {change.guest} takes {ratio(row.ratio)} times as long as before,"
        f" {interval(row.low, row.high)}: at least {percent(round(row.low - 1, 4))} longer{allowed}"
    )


def _open(row: Ratio, limit: float) -> str:
    why = f": {row.why}" if row.why else ""
    return f"it may take more than {percent(limit)} longer{why}"


def _class(change: Change) -> str:
    builds = (
        change.new_build
        if change.old_build == change.new_build
        else f"{change.old_build} to {change.new_build}"
    )
    return f"{change.guest} on QEMU {builds}"


def _properties(comparison: Changes, limit: float) -> Iterator[tuple[str, str]]:
    yield "old", comparison.old.store
    yield "new", comparison.new.store
    yield "confidence", percent(comparison.confidence)
    yield "no difference below", percent(comparison.delta)
    yield "fails if slower by more than", percent(limit)
    for what, old, new in comparison.differences:
        yield f"{what}, old", old
        yield f"{what}, new", new


def _facts(comparison: Changes, change: Change) -> Iterator[str]:
    for name, row in (("time", change.time), ("beside the control", change.beside)):
        if row is not None:
            yield f"{name}: {ratio(row.ratio)} {interval(row.low, row.high)} {row.verdict}{f' ({row.why})' if row.why else ''}"
    yield f"judged by: {'beside the control' if comparison.judged(change) is change.beside else 'time'}"
    if change.runs[0] and change.runs[1]:
        yield f"median: {amount(change.old_value, change.unit)} before, {amount(change.new_value, change.unit)} now"
    yield f"runs: {change.runs[0]} before, {change.runs[1]} now"
    yield f"failed: {change.failed[0]} before, {change.failed[1]} now"


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", visible(text))
