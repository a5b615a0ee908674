"""Comparisons and builtins of a shell."""

from __future__ import annotations

import pytest

from accelkit.lint.bash_meaning import counts, holders, pattern, special
from accelkit.lint.script import Assign, End, Forget, Parts, Text, Use


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        (b"echo a", False),
        (b"/usr/bin/rm -f x", False),
        (b"qemu-kvm", True),
        (b"echo QEMU", True),
        (b"$X a", True),
        (b'"$X" a', True),
        (b"read a", True),
        (b"f a", True),
        (b'eval "$A"', True),
        (b"sudo ${B[@]}", True),
        (b"sudo $C", False),
        (b"sudo $AB", False),
        (b'sudo "$@"', True),
        (b"a\nb", True),
        (b"\xff", True),
    ],
)
def test_a_command_counts_if_it_may_start_qemu_or_set_something(code: bytes, counted: bool) -> None:
    assert counts(code, {b"f"}, holders(b"A=qemu\nB=$A\nC=x")) == counted


def words(text: str) -> list[Parts]:
    return [(Text(word, 1, 1, quoted=False),) for word in text.split()]


def test_builtins_change_variables() -> None:
    assert special(words("read -r A B")) == [Forget(("A", "B"))]
    assert special(words("printf %s x")) is None
    assert special(words("set -- a")) == [Assign("@", tuple(words("a")), array=True)]
    assert special(words("set -e")) is None
    assert special(words("exit")) == [End()]
    use = Use("A", "${A:=k}", 1, 1, otherwise=(Text("k", 1, 1),))
    assert special([*words(":"), (use,)]) == [Assign("A", ((use,),))]


def test_quoted_text_is_no_pattern() -> None:
    assert pattern((Text("a*", 1, 1, quoted=False), Text("*?[", 1, 1)), glob=True) == "a*[*][?][[]"
    assert pattern((Text("a*", 1, 1, quoted=False),), glob=False) == "a[*]"
    assert pattern((Use("A", "$A", 1, 1),), glob=True) is None
