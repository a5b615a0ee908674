"""The layout of accelkit: its modules, their syntax trees, and the lines of the import rule."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import accelkit

ROOT: Final = Path(accelkit.__file__).parent

#: From the bottom up: a package imports only packages on lower lines. No exceptions; imports inside functions count.
LINES: Final[tuple[frozenset[str], ...]] = tuple(
    frozenset(line.split())
    for line in (
        "errors host",
        "syntax qemu document",
        "recipes schemas guests",
        "parsing explain measure",
        "checking comparing",
        "accelkit libvirt lint",  # accelkit itself: the words of the core, nothing else
        "study",
        "tuning",
        "widgets cli",
    )
)

#: Rooms of the listing that are still to be built.
PLANNED: Final[frozenset[str]] = frozenset()


def module_of(path: Path) -> str:
    """``study.plan`` for accelkit/study/plan.py; empty for the package itself."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


MODULES: Final = {module_of(path): path for path in sorted(ROOT.rglob("*.py"))}
TREES: Final = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
LINE_OF: Final = {package: number for number, packages in enumerate(LINES) for package in packages}


def room_of(module: str) -> str:
    """The package or module directly below accelkit that ``module`` lies in; accelkit for its own words."""
    return {"": "accelkit", "__main__": "cli"}.get(module) or module.split(".", maxsplit=1)[0]


def imports_of(tree: ast.AST) -> set[str]:
    """The modules of accelkit that are imported anywhere in ``tree``, functions included."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [
                name if name.removeprefix("accelkit.") in MODULES else str(node.module) for name in inside
            ]
        else:
            continue
        found |= {name for name in names if name.split(".")[0] == "accelkit"}
    return {name.removeprefix("accelkit").removeprefix(".") for name in found}
