"""Braces are expanded as bash expands them: the points of a sweep are what QEMU would be given by a shell."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accelkit import AccelkitError, Fallback, Recipe, parse, recipes_of, render, sweep


def bash_words(texts: list[str]) -> list[list[str]]:
    """The words that bash makes of each text, unquoted, in one process."""
    script = "\n".join(f"printf '%s\\n' {text}; echo" for text in texts)
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [part.split("\n") for part in done.stdout.removesuffix("\n\n").split("\n\n")]


def points(text: str) -> list[list[str]] | None:
    """The argv of each point of the sweep; None if it is refused."""
    try:
        swept = sweep(text)
    except AccelkitError:
        return None
    return [render(swept)] if isinstance(swept, Recipe | Fallback) else list(swept.argvs())


def meant(words: list[str]) -> list[list[str]]:
    """The argv of each word, read as an ``-accel`` argument."""
    return [render(recipes_of(parse(word))) for word in words]


ACCEPTED = [
    "tcg,tb-size={8,64}0",
    "tcg,tb-size={8,64}1,thread={single,multi}",
    "tcg,x={1,2}y{3,4}",
    "tcg,x={a,{b,c}}",
    "tcg,x={{a,b},c{d,e}}f",
    "{tcg,kvm}",
    "tcg,x={a,b},,c",
    "tcg,x=a,,{b,c},,,y=d",
    "tcg,nofoo,x={a=b,c}",
    "x={1,2},accel=tcg",
    "tcg,x={a..b,c}",
    "tcg,tb-size={8,64},",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_a_sweep_is_what_bash_makes_of_it(text: str) -> None:
    assert points(text) == meant(bash_words([text])[0])


pieces = st.recursive(
    st.text("a1=,", min_size=1, max_size=3),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "{" + ",".join(parts) + "}"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=8,
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["x=", "tb-size=", "", "thread", "no"]), pieces), min_size=1, max_size=3).map(
    lambda writes: "tcg," + ",".join(key + value for key, value in writes)
), st.data())  # fmt: skip
def test_whatever_is_accepted_is_what_bash_makes_of_it(first: str, data: st.DataObject) -> None:
    texts = [first, *data.draw(st.lists(pieces.map("tcg,y={b,c},x=".__add__), min_size=30, max_size=30))]
    accepted = {text: argvs for text in texts if "{" in text and (argvs := points(text)) is not None}
    for (text, argvs), words in zip(
        accepted.items(), bash_words([*accepted]) if accepted else [], strict=True
    ):
        assert argvs == meant(words), text
