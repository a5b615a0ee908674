"""The shape of the package: who imports whom, what importing costs, what is exported and documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from support.layout import LINE_OF, LINES, MODULES, PLANNED, ROOT, TREES, imports_of, room_of

import accelkit
import accelkit.lint
import accelkit.study
import accelkit.widgets
from accelkit import errors

TESTS: Final = Path(__file__).parents[1]


def test_every_room_has_its_line_and_every_line_its_rooms() -> None:
    rooms = {room_of(module) for module in MODULES}
    assert rooms == set(LINE_OF) - PLANNED
    assert len(LINES) <= 9
    assert len(LINE_OF) <= 20


def test_a_package_imports_only_packages_on_lower_lines() -> None:
    upward = [
        f"{module} (line {LINE_OF[own] + 1}) imports {target} (line {LINE_OF[room] + 1})"
        for module, tree in TREES.items()
        for own in [room_of(module)]
        for target in sorted(imports_of(tree))
        for room in [room_of(target)]
        if room != own and LINE_OF[room] >= LINE_OF[own]
    ]
    assert upward == []


def test_every_import_of_accelkit_names_a_module_that_is_there() -> None:
    imported = {target for tree in TREES.values() for target in imports_of(tree)}
    assert imported - set(MODULES) == set()


def circle_in(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """The names on a circle of arrows, the first of them again at the end; empty where there is none.

    >>> circle_in({"a": ["b"], "b": ["c"], "c": ["b"]})
    ['b', 'c', 'b']
    """
    try:
        tuple(TopologicalSorter(arrows).static_order())
    except CycleError as circle:
        return list(circle.args[1])
    return []


def test_modules_import_each_other_in_no_circle() -> None:
    assert circle_in({module: imports_of(tree) - {module} for module, tree in TREES.items()}) == []


FOLDERS: Final = sorted({module.rpartition(".")[0] for module in MODULES} - {""})


def test_inside_a_package_its_modules_and_folders_form_no_circle() -> None:
    """A folder counts as one room: study/store imports study/model, so study/model must not import study/store."""
    circles = {folder: circle for folder in FOLDERS if (circle := circle_in(arrows_inside(folder)))}
    assert circles == {}


def arrows_inside(folder: str) -> dict[str, set[str]]:
    """Which of the modules and folders directly in ``folder`` import which others there."""

    def child(module: str) -> str:
        return module.removeprefix(f"{folder}.").split(".")[0] if module.startswith(f"{folder}.") else ""

    arrows: dict[str, set[str]] = {}
    for module, tree in TREES.items():
        if own := child(module):
            arrows.setdefault(own, set()).update({child(target) for target in imports_of(tree)} - {"", own})
    return arrows


def test_no_module_imports_by_a_relative_or_star_import() -> None:
    imports = [
        (module, node)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    ]
    relative = [module for module, node in imports if node.level]
    star = [module for module, node in imports if "*" in [alias.name for alias in node.names]]
    assert relative + star == []


def test_the_package_itself_holds_nothing_but_its_words() -> None:
    """accelkit/__init__.py: docstring, imports, those of later with what makes them, __version__ and __all__."""
    docstring, *rest = TREES[""].body
    assert isinstance(docstring, ast.Expr)
    *first, checked, later, version, words, made = [
        node for node in rest if not isinstance(node, ast.ImportFrom)
    ]
    assert first == []
    assert [ast.unparse(test.test) for test in (checked, made) if isinstance(test, ast.If)] == [
        "TYPE_CHECKING", "not TYPE_CHECKING"
    ]  # fmt: skip
    assert {type(node) for node in checked.body} == {ast.ImportFrom}
    assert [node.name for node in made.body] == ["__getattr__", "__dir__"]
    assert later.target.id == "_LATER"
    assert [target.id for node in (version, words) for target in node.targets] == ["__version__", "__all__"]


def exported_imports(body: list[ast.stmt]) -> dict[str, str]:
    """The names that the import statements of ``body`` bind, and the modules of accelkit that these are in."""
    return {
        alias.asname or alias.name: node.module.removeprefix("accelkit.")
        for node in body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("accelkit.")
        for alias in node.names
    }


def later_imports() -> dict[str, str]:
    """What accelkit imports for checkers only: a name is bound when it is first used."""
    (checked,) = [
        node
        for node in TREES[""].body
        if isinstance(node, ast.If) and isinstance(node.body[0], ast.ImportFrom)
    ]
    return exported_imports(checked.body)


def test_what_is_imported_later_is_what_checkers_are_told() -> None:
    assert later_imports() == accelkit._LATER
    for name, module in later_imports().items():
        assert getattr(accelkit, name) is getattr(importlib.import_module(f"accelkit.{module}"), name)


#: Endings of the files that the package is made of: code, guests' and guards' sources and images, captured
#: schemas. A guard is called by its target and nothing else.
PARTS: Final = frozenset(".py .typed .json .tsv .js .css .S .ld .sh .bin .rom".split())
GUARDS: Final = frozenset({"qemu/guard/x86_64", "qemu/guard/aarch64"})


def test_the_package_has_no_file_that_is_no_part_of_it() -> None:
    """What an editor or a merge leaves behind would be installed everywhere."""
    files = (path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {str(path.relative_to(ROOT)) for path in files if path.suffix not in PARTS} == GUARDS


# ---- what may be called what ----


def test_no_module_has_the_name_of_an_exported_word() -> None:
    """Importing ``accelkit/run.py`` would put a module in the place of ``accelkit.run``.

    Harmless where importing accelkit imports the module before it binds the word: a second import binds nothing.
    """
    top = {module.split(".")[0] for module in MODULES if module}
    assert top & set(accelkit.__all__) <= imports_of(TREES[""])


# ---- what is exported ----


def test_all_names_each_exported_word_once() -> None:
    assert len(set(accelkit.__all__)) == len(accelkit.__all__)
    for name in accelkit.__all__:
        assert hasattr(accelkit, name), name
        assert not inspect.ismodule(getattr(accelkit, name)), name


def test_all_is_complete() -> None:
    assert exported_imports(TREES[""].body).keys() | later_imports().keys() == set(accelkit.__all__)


def test_a_star_import_gives_exactly_all() -> None:
    names: dict[str, Any] = {}
    exec("from accelkit import *", names)
    names.pop("__builtins__")
    assert set(names) == set(accelkit.__all__)


def test_every_error_and_warning_of_the_core_is_exported() -> None:
    """All that a user may want to catch; StudyError and its like live with what raises them."""
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception) and value.__module__ == "accelkit.errors"
    }
    assert defined - {"StudyError"} <= set(accelkit.__all__)


@pytest.mark.parametrize(
    "error",
    [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)],
)
def test_every_error_has_the_one_root_and_a_builtin(error: type[Exception]) -> None:
    if issubclass(error, Warning):
        assert issubclass(error, UserWarning)
    elif error is not errors.AccelkitError:
        builtin = [base for base in error.__bases__ if base is not errors.AccelkitError]
        assert issubclass(error, errors.AccelkitError)
        assert [base.__module__ for base in builtin] == ["builtins"]
        assert f"{error.__name__:<15}({builtin[0].__name__})" in str(errors.__doc__)


# ---- size and words ----

#: Lines a module may have at the most. The exceptions are data, or one thing that reads worse in two places.
MOST_LINES: Final = 300
LONGER: Final = {
    "recipes.table": "the table: a row for each accelerator and property, one place to look",
}


def test_a_module_can_be_read_in_one_go() -> None:
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: count for module, count in lines.items() if count > MOST_LINES}.keys() == LONGER.keys()


def test_every_public_thing_says_what_it_is() -> None:
    silent: list[str] = []
    for module, tree in TREES.items():
        if not ast.get_docstring(tree):
            silent.append(module)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                overload = any(
                    getattr(decorator, "id", "") == "overload" for decorator in node.decorator_list
                )
                if not overload and not ast.get_docstring(node):
                    silent.append(f"{module}.{node.name}")
    assert silent == []


def raised_in(node: ast.AST) -> set[str]:
    """Names of our errors that a ``raise`` in ``node`` names itself."""
    called = [raising.exc for raising in ast.walk(node) if isinstance(raising, ast.Raise)]
    named = {getattr(getattr(exc, "func", exc), "id", "") for exc in called}
    return {name for name in named if hasattr(errors, name)}


def public_functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods without an underscore, by the names that they are called by."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node


def test_a_public_function_that_raises_says_so() -> None:
    unsaid = [
        f"{module}.{name} raises {error}"
        for module, tree in TREES.items()
        for name, function in public_functions(tree)
        for error in raised_in(function)
        if error not in str(ast.get_docstring(function))
    ]
    assert unsaid == []


@pytest.mark.parametrize(
    "package",
    [accelkit, accelkit.lint, accelkit.study, accelkit.widgets],
    ids=lambda package: package.__name__,
)
def test_every_exported_function_has_an_example(package: ModuleType) -> None:
    functions = [name for name in package.__all__ if inspect.isfunction(getattr(package, name))]
    assert functions
    assert [name for name in functions if ">>>" not in str(getattr(package, name).__doc__)] == []


@pytest.mark.parametrize("name", accelkit.__all__)
def test_what_is_exported_and_raises_says_so(name: str) -> None:
    value = getattr(accelkit, name)
    if not (inspect.isfunction(value) or inspect.isclass(value)) or issubclass(
        value if inspect.isclass(value) else object, Exception
    ):
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]
    doc = str(ast.get_docstring(tree))
    if isinstance(tree, ast.FunctionDef):
        assert all(error in doc for error in raised_in(tree)), f"{name} raises {raised_in(tree)}"
        return
    assert isinstance(tree, ast.ClassDef)
    for method in tree.body:
        if isinstance(method, ast.FunctionDef) and method.name not in REFUSALS:
            both = doc + str(ast.get_docstring(method))
            missing = [error for error in raised_in(method) if error not in both]
            assert not missing, f"{name}.{method.name} raises {missing}"


#: Operators that are there only to refuse: what they say is their whole documentation.
REFUSALS: Final = {"__bool__", "__or__", "__ror__"}


# ---- words ----


def loop_variables(tree: ast.AST) -> set[str]:
    """The names that loops, comprehensions and lambdas in ``tree`` bind."""
    targets: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            targets.append(node.target)
        elif isinstance(node, ast.Lambda):
            targets += node.args.args
    return {getattr(name, "id", getattr(name, "arg", "")) for target in targets for name in ast.walk(target)}


def test_each_is_the_word_for_sweeps_and_names_nothing_else() -> None:
    paths = [*MODULES.values(), *TESTS.rglob("*.py")]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    assert sorted(path.name for path, tree in trees.items() if "each" in loop_variables(tree)) == []


# ---- where the tests lie ----

#: What a module's own test may need. The first that can hold it is the place for it.
KINDS_OF_TESTS: Final = ("unit", "slow", "system", "qemu")

#: Modules without a test of their own, each with its reason.
UNTESTED: Final = {
    "__main__": "one line, run by tests/system/cli",
}


def test_each_module_has_its_tests_at_its_own_path() -> None:
    missing = [
        module
        for module, path in MODULES.items()
        if path.name != "__init__.py"
        and not any((TESTS / kind / place_of_test(path)).exists() for kind in KINDS_OF_TESTS)
    ]
    assert missing == list(UNTESTED)


def place_of_test(path: Path) -> Path:
    """``study/test_plan.py`` for accelkit/study/plan.py."""
    inside = path.relative_to(ROOT)
    return inside.with_name(f"test_{inside.name.lstrip('_')}")


def test_tests_mirror_modules_that_are_there() -> None:
    """A test whose module has moved is looked for in vain."""
    places = {place_of_test(path) for path in MODULES.values()}
    folders = {folder.parent for folder in places}
    lost = [
        test.relative_to(TESTS)
        for kind in KINDS_OF_TESTS
        for test in (TESTS / kind).rglob("test_*.py")
        if (inside := test.relative_to(TESTS / kind)).parent not in folders
        or (kind == "unit" and inside.parent != Path() and inside not in places)
    ]
    assert lost == []


def modules_imported_by(path: Path) -> set[str]:
    """The modules that the file imports, functions included."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module))
    return modules


def test_tests_import_from_support_and_from_no_other_test() -> None:
    imports = {(test.name, module) for test in TESTS.rglob("*.py") for module in modules_imported_by(test)}
    assert sorted(row for row in imports if row[1].split(".")[-1].startswith("test_")) == []


def test_unit_tests_start_no_process() -> None:
    """A test that starts one belongs into tests/system."""
    starting = [
        test.name
        for test in (TESTS / "unit").rglob("*.py")
        if {"subprocess", "multiprocessing", "pty"} & modules_imported_by(test)
    ]
    assert starting == []


# ---- the map for newcomers ----

CONTRIBUTING: Final = (TESTS.parent / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_map_has_the_lines_of_the_import_rule() -> None:
    rows = re.findall(r"^\| (\d) \| ([^|]*) \|", CONTRIBUTING, flags=re.MULTILINE)
    assert {int(number): frozenset(re.findall(r"`(\w+)`", rooms)) for number, rooms in rows} == dict(
        enumerate(LINES, 1)
    )


def test_every_file_that_the_map_names_is_there() -> None:
    paths = set(re.findall(r"`((?:accelkit|tests)/[\w/.]+)`", CONTRIBUTING))
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not (TESTS.parent / path).exists()] == []
