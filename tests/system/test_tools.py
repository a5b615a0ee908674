"""A test whose tool is missing is skipped with the package that has it, and fails in CI."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import tools

ROOT = Path(__file__).parents[2]
SOURCES = [path for path in sorted(ROOT.glob("tests/**/*.py")) if path != Path(tools.__file__)]

MISSING = {
    "strace is not installed: apt-get install strace": lambda: tools.tool("strace"),
    "qemu-img is not installed: apt-get install qemu-utils": lambda: tools.tool("qemu-img"),
    "no_such.so is not installed: apt-get install no-such-package": lambda: tools.library("no_such.so"),
    "no_such_module is not installed: pip install 'accelkit[study]'": lambda: tools.module(
        "no_such_module", "study"
    ),
    "user namespaces are refused": lambda: tools.unavailable("user namespaces are refused"),
}


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tools.PACKAGES, "no_such.so", "no-such-package")
    monkeypatch.setattr(shutil, "which", lambda _: None)


@pytest.mark.parametrize(("reason", "needs"), MISSING.items(), ids=list(MISSING))
@pytest.mark.parametrize("ci", [None, "", "false"])
def test_a_missing_tool_skips_the_test_and_names_its_package(
    reason: str, needs: Callable[[], object], ci: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception) as skipped:
        needs()
    assert str(skipped.value) == reason


@pytest.mark.parametrize(("reason", "needs"), MISSING.items(), ids=list(MISSING))
def test_a_missing_tool_fails_the_test_in_ci(
    reason: str, needs: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception) as failed:
        needs()
    assert str(failed.value) == reason


@pytest.mark.parametrize("ci", ["true", "false"])
def test_what_nobody_can_install_skips_the_test_in_ci_too(ci: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception, match="sid is broken"):
        tools.out_of_reach("sid is broken")


@pytest.mark.parametrize("ci", ["true", "false"])
def test_an_installed_tool_is_returned(ci: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(shutil, "which", {"strace": "/usr/bin/strace"}.get)
    assert tools.tool("strace") == "/usr/bin/strace"
    tools.library("libc.so.6")
    assert tools.module("accelkit") is sys.modules["accelkit"]


def test_a_program_without_a_known_package_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-program"):
        tools.tool("no-such-program")


def test_the_readme_installs_every_program_that_tests_run() -> None:
    """chromium, which the tests with a browser run, is installed by ``.ci/run``."""
    readme, ci = ((ROOT / name).read_text("utf-8") for name in ("README.md", ".ci/run"))
    line = next(line for line in readme.splitlines() if line.startswith("apt-get") and "-m pytest" in line)
    installed = {
        word
        for text in (line, ci)
        for words in re.findall(r"apt-get install ([^&\n]*)", text)
        for word in words.split()
    }
    # On the host that the line is for, an assembler for x86_64 is gcc's own.
    needed = set(tools.PACKAGES.values()) - {"binutils-x86-64-linux-gnu", "no-such-package"}
    assert needed - installed == set()


def test_only_support_tools_skips_tests() -> None:
    """Any other skip would stay a skip in CI. ``skipif`` is for what the platform or the user decides."""
    ways = re.compile(r"""pytest\.skip\(|importorskip|environ(\.get\(|\[)["']CI["']""")
    own_ways = [
        path.name for path in SOURCES if ways.search(path.read_text("utf-8")) and path != Path(__file__)
    ]
    assert own_ways == []


def test_only_the_platform_and_the_user_decide_in_a_skipif() -> None:
    condition = re.compile(r"skipif\(\s*(.*?), reason=")
    conditions = {text for path in SOURCES for text in condition.findall(path.read_text("utf-8"))} - {"(.*?)"}
    asked = re.compile(
        r"(sys\.platform|os\.uname\(\)\.\w+|os\.environ\.get\(\"ACCELKIT_\w+\"\)) (!=|not in) .*"
    )
    assert conditions
    assert [text for text in sorted(conditions) if asked.fullmatch(text) is None] == []
