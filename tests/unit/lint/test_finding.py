"""Findings: how they are shown, added, and what status they make."""

from __future__ import annotations

import pickle

import pytest

from accelkit.lint import Finding, Findings

FINDING = Finding("a.sh", 3, 5, "refused", "tcg: x", "leave it out", True, "QEMU 10.0.13 (x86_64)")


def test_a_finding_is_a_line_as_compilers_print_them() -> None:
    assert str(FINDING) == "a.sh:3:5: refused: tcg: x; leave it out"
    assert str(FINDING._replace(when="if x", path="\x1b")) == "\\x1b:3:5: refused: if x: tcg: x; leave it out"


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], 0),
        ([FINDING], 1),
        ([FINDING._replace(kind="unknown", rejects=False)], 3),
        ([FINDING._replace(kind="unknown", rejects=False), FINDING], 1),
        ([FINDING._replace(kind="deprecated", rejects=False)], 0),
    ],
)
def test_the_status_is_that_of_the_worst(findings: list[Finding], status: int) -> None:
    assert Findings(findings).status == status


def test_findings_are_a_tuple_with_what_was_read() -> None:
    one, two = Findings([FINDING], 2, 1, ["A"]), Findings((), 1, 1, ["B", "A"])
    both = one + two
    assert both == (FINDING,)
    assert (both.commands, both.files, both.qemus) == (3, 2, ("A", "B"))
    assert str(both) == str(FINDING)
    assert repr(Findings((), 2)) == "Findings(2 commands, nothing to say)"
    again = pickle.loads(pickle.dumps(both))
    assert (again, again.commands, again.qemus) == (both, 3, ("A", "B"))
    with pytest.raises(TypeError):
        one + (FINDING,)  # noqa: RUF005  # the addition is what is refused
