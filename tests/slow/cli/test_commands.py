"""Whatever is typed: no traceback."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.cli import ask, lines

from accelkit.cli.completion import SHELLS
from accelkit.cli.parser import parser
from accelkit.recipes.table import ACCELERATORS, PROPERTIES

#: Without notebooks, which would write them into any folder named.
COMMANDS = [name for name in parser().commands if name != "notebooks"]


WORDS = [
    *COMMANDS, *ACCELERATORS, *PROPERTIES, *SHELLS, "-", "--", "-h", "--help", "--version",
    "--target", "--json", "--libvirt", "--markdown", "--guest", "--timeout", "--qemu", "7.2", "9.9", "x86_64",
    "aarch64",
    "-accel", "-machine", "q35,accel=kvm", "-m", "1G", "kvm,kernel-irqchip=split", "tcg,tb-size=" + "9" * 5000,
    "tcg()", "tcg() | tb_size(each(1, 2))", "kvm() | tb_size(1)", "first_of(kvm(), tcg())", "tb_size",
    "tb_size(0x" + "f" * 5000 + ")", "doubling(1, 4)", "(" * 300, "tcg()" + "|tcg()" * 3000, "'", '"', "\\", "",
    " ", "\n", "\0", "\udcff", "€", "{8,64}", "tcg,tb-size={8,64}", "/", "/dev/null", "/proc/self/mem", "cpu", "hang",
]  # fmt: skip


@pytest.fixture(scope="module")
def nothing_to_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No program on PATH, and a home that may be written to."""
    home = str(tmp_path_factory.mktemp("home"))
    changes = {"PATH": "", "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
    with mock.patch.dict(os.environ, changes), contextlib.chdir(home):
        yield


#: Without a slash: ``lint /`` reads all files of the machine, and says a line for each that it cannot read.
texts = st.text(st.characters(exclude_characters="/"), max_size=20)
argument_lists = st.lists(st.sampled_from(WORDS) | texts, max_size=6)


@pytest.mark.usefixtures("nothing_to_start")
@given(
    st.sampled_from([*COMMANDS]).flatmap(lambda name: argument_lists.map(lambda rest: [name, *rest]))
    | argument_lists.filter(bool)  # of nothing the answer is the help
)
@settings(max_examples=300)
@example(["render", "tcg() | tb_size(" + "9" * 5000 + ")"])
@example(["render", "1" + "*9" * 5000])
@example(["probe", "'"])
@example(["parse", "tcg,tb-size=" + "9" * 5000])
def test_no_arguments_end_in_a_traceback(words: list[str]) -> None:
    status, out, err = ask(*words, stdin=b"kvm\n\xff\n")
    assert status in (0, 1, 2)
    assert "Traceback" not in out + err
    # Two notes about versions and the error; or a note for each line parsed.
    assert len(lines(err)) <= max(2, len(words))
    assert all(line.startswith("accelkit") for line in err.split("\n")[:-1])
    if status == 2:
        assert err
