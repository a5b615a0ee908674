"""Text around braces: nothing stands for something else, so no text and no number is taken for a choice."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accelkit import AccelkitError, Space, sweep


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        ("tcg,tb-size={8,64}0", ["tcg,tb-size=80", "tcg,tb-size=640"]),
        (
            "tcg,tb-size={8,64}1,thread={single,multi}",
            [f"tcg,tb-size={size},thread={word}" for size in (81, 641) for word in ("single", "multi")],
        ),
        ("{8,64}1", ["81", "641"]),
        ("tcg,x=0{1,2}0{3,4}0", [f"tcg,x=0{a}0{b}0" for a in "12" for b in "34"]),
    ],
)
def test_digits_beside_a_brace_are_digits(text: str, argvs: list[str]) -> None:
    assert [argv[1] for argv in sweep(text).argvs()] == argvs  # type: ignore[union-attr]


@pytest.mark.parametrize("digits", ["1", "0" * 5000, "9" * 5000])
@pytest.mark.parametrize("pattern", ["tcg,x={{a,b}}{}", "tcg,x={}{{a,b}}", "tcg,x={{{},b}}", "{{a,b}}{}"])
def test_any_number_of_digits_is_text(pattern: str, digits: str) -> None:
    space = sweep(pattern.format(digits))
    assert isinstance(space, Space)
    texts = [argv[1] for argv in space.argvs()]
    assert len(texts) == 2
    assert all(text.removeprefix("tcg,x=").strip("ab") in {digits, ""} for text in texts)


@given(st.text("{},=\0ab01. '\\\n-", max_size=14))
@example("\0" + "0" + "\0{a,b}")
@example("tcg,x=\0001\0,y={a,b}")
@example("tcg,x={a\0,b}")
def test_any_text_is_a_sweep_or_an_error_of_accelkits(text: str) -> None:
    for whole in (text, "tcg," + text, "tcg,x={a,b}" + text):
        try:
            swept = sweep(whole)
        except AccelkitError as refusal:
            assert "\n" not in str(refusal)  # noqa: PT017
        else:
            assert "\0" not in repr(swept)
