"""Braces that a shell split."""

from __future__ import annotations

import shlex
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cli import ask

from accelkit.cli.parser import parser
from accelkit.cli.split_braces import refuse_split_braces, rejoined
from accelkit.errors import ArgvError

TOP = parser()
QUOTE = "quote it, your shell split the braces"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("study tcg,tb-size=8 tcg,tb-size=64 --guest cpu", "accelkit study 'tcg,tb-size={8,64}' --guest cpu"),
        ("study --guest cpu tcg,tb-size=8 tcg,tb-size=64", "accelkit study --guest cpu 'tcg,tb-size={8,64}'"),
        ("study tcg,a=1,b=x tcg,a=1,b=y tcg,a=2,b=x tcg,a=2,b=y", "accelkit study 'tcg,a={1,2},b={x,y}'"),
        ("tune tcg,tb-size=8 tcg,tb-size=64 --for 9s", "accelkit tune 'tcg,tb-size={8,64}' --for 9s"),
        ("run tcg,tb-size=8 tcg,tb-size=64 --guest smp", "accelkit study 'tcg,tb-size={8,64}' --guest smp"),
        ("run --qemu q tcg,tb-size=8 tcg,tb-size=64", "accelkit study 'tcg,tb-size={8,64}'"),
        ("check --version 7.2 -accel tcg,tb-size=8 tcg,tb-size=64 -m 1G", "accelkit check --version 7.2 'tcg,tb-size={8,64}'"),
        ("render -accel tcg,thread=single tcg,thread=multi", "accelkit render 'tcg,thread={single,multi}'"),
        ("parse -accel tcg,thread=single tcg,thread=multi", "accelkit parse 'tcg,thread={single,multi}'"),
    ],
)  # fmt: skip
def test_words_that_a_shell_made_of_one_are_refused_with_the_line_to_type(words: str, line: str) -> None:
    status, out, err = ask(*words.split())
    assert (status, out) == (2, "")
    assert QUOTE in err
    assert err.endswith(f": {line}\n")


@pytest.mark.parametrize(
    "words",
    [
        "check tcg,tb-size=8 tcg,tb-size=64", "check kvm tcg", "render tcg,tb-size=8 tcg,tb-size=64", "study kvm tcg",
        "study --baseline tcg,tb-size=8 tcg,tb-size=64", "study tcg,tb-size=8 tcg,thread=multi", "study tcg tcg",
        "check -accel tcg,tb-size=8 -accel tcg,tb-size=64", "check -accel tcg,tb-size=8 disk.img", "study tcg,tb-size=8",
        "explain tcg,tb-size=8 tcg,tb-size=64", "diff tcg,tb-size=8 tcg,tb-size=64", "no-such tcg,a=1 tcg,a=2", "--version",
        "study x,a=1 x,a=2",
    ],
)  # fmt: skip
def test_words_that_were_meant_are_left_alone(words: str) -> None:
    refuse_split_braces(words.split(), TOP)


def test_without_words_there_is_nothing_to_refuse() -> None:
    refuse_split_braces([], TOP)


KEYS = st.lists(st.sampled_from(["tb-size", "thread", "split-wx", "x"]), min_size=1, max_size=3, unique=True)


@given(KEYS, st.data())
def test_whatever_a_shell_splits_is_put_together_again(keys: list[str], data: st.DataObject) -> None:
    value = st.text("abc019.-", min_size=1, max_size=3)
    values = [data.draw(st.lists(value, min_size=1, max_size=3, unique=True)) for _ in keys]
    text = "tcg" + "".join(
        f",{key}={{{','.join(some)}}}" if len(some) > 1 else f",{key}={some[0]}"
        for key, some in zip(keys, values, strict=True)
    )
    words = [
        "tcg" + "".join(f",{key}={one}" for key, one in zip(keys, point, strict=True))
        for point in product(*values)
    ]
    assert rejoined(words) == (text if len(words) > 1 else None)
    if len(words) > 2:
        assert rejoined([*words[1:], words[0]]) != text
    if len(words) > 1:
        with pytest.raises(ArgvError, match=QUOTE) as caught:
            refuse_split_braces(["study", *words], TOP)
        line = str(caught.value)
        assert "…" in line or shlex.split(line.rpartition(": ")[2]) == ["accelkit", "study", text]


def test_a_thousand_words_are_quoted_in_part() -> None:
    with pytest.raises(ArgvError) as caught:
        refuse_split_braces(["study", *(f"tcg,tb-size={n}" for n in range(5000))], TOP)
    assert len(str(caught.value)) < 500
