"""The problems beside the code."""

from __future__ import annotations

from accelkit import bundled, check
from accelkit.widgets.look import Look
from accelkit.widgets.problems_box import ProblemsBox

PROBLEMS = check("kvm,dirty-ring-size=1000", bundled("11.1"))


def test_a_problem_with_a_fix_has_a_button_that_names_it():
    clicked = []
    box = ProblemsBox(Look(), clicked.append)
    box.show(PROBLEMS, lambda problem: bool(problem.fix))
    assert [len(line.children) for line in box.children] == [2, 1]
    [button] = box.buttons()
    assert button.tooltip == "take the next power of two, or 0 to switch it off"
    button.click()
    assert clicked == [PROBLEMS[0]]


def test_lines_are_used_again_and_nothing_is_left_over():
    box = ProblemsBox(Look(), lambda _: None)
    box.show(PROBLEMS, lambda _: True)
    first = box.children[0]
    box.show(PROBLEMS[1:], lambda _: False)
    assert box.children == (first,)
    assert "some kernels refuse" in first.children[0].value
    assert box.buttons() == ()
    box.show((), lambda _: False, "<why>")
    assert [child.value for child in box.children] == [
        '<div class="ak-problem ak-refused">✗ &lt;why&gt;</div>'
    ]
    box.show((), lambda _: False)
    assert box.children == ()
