"""The shape of the package: who imports whom, what importing costs, what is exported and documented."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

import accelkit
import accelkit.study
import accelkit.widgets
from accelkit import errors

ROOT: Final = Path(accelkit.__file__).parent

# From the bottom up. A module imports from lower levels only, or, below accelkit's own folder, from its
# own folder at its own level. "folder.*" is every module of the folder that is not named itself.
LEVELS: Final[tuple[tuple[str, ...], ...]] = (
    ("errors", "literals", "problem", "rules", "switches"),
    ("grammar", "domains", "schema"),
    ("options", "icount", "schemas", "domain_xml"),
    ("shape",),
    ("recipe",),
    ("fallback", "sweep"),
    ("argv",),
    ("space",),
    ("prop",),
    ("choices", "table"),
    ("expression", "commandline", "properties", "reference"),
    ("reading", "lines", "machines"),
    ("parsing", "check"),
    ("braces", "libvirt"),
    ("live",),
    ("",),  # accelkit itself: the words of the core, nothing else
    ("guests", "guests.*"),
    # The pure part of studies, then pictures, then what is on disk, then what is made of both.
    ("study.*",),
    ("plots",),
    ("study.attempt", "study.store", "study.store_connection", "study.store_errors", "study.store_lock",
     "study.store_rows", "study.store_schema", "study.stored", "study.progress", "study.conduct"),
    ("study.pictures", "study.report_tables"),
    ("study.report",),
    ("study.results",),
    ("qemu", "qemu.*"),
    ("study.factors", "study.commissioning"),
    ("study",),
    ("widgets", "widgets.*"),
    ("cli", "cli.*"),
    ("__main__",),
)  # fmt: skip

#: Imports of a higher level, inside a function, each with its reason.
LAZY: Final = {
    ("live", "qemu.binary"): "probe is the one door of the core to a real QEMU",
    ("live", "qemu.capture"): "probe is the one door of the core to a real QEMU",
}


def module_of(path: Path) -> str:
    """``study.plan`` for accelkit/study/plan.py; empty for the package itself."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


MODULES: Final = {module_of(path): path for path in sorted(ROOT.rglob("*.py"))}
TREES: Final = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
PLACES: Final = {entry: level for level, row in enumerate(LEVELS) for entry in row}
EVERY_MODULE: Final = pytest.mark.parametrize(
    "module", [pytest.param(m, id=m or "accelkit") for m in MODULES]
)


def level_of(module: str) -> int | None:
    """The level of a module: its own, or that of the rest of its folder."""
    return PLACES.get(module, PLACES.get(f"{module.rpartition('.')[0]}.*"))


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


@EVERY_MODULE
def test_every_module_has_its_level(module: str) -> None:
    assert level_of(module) is not None, f"give {module} a place in LEVELS"


@EVERY_MODULE
def test_a_module_imports_only_what_is_below_it_or_beside_it_in_its_folder(module: str) -> None:
    own, folder = level_of(module), module.rpartition(".")[0]
    assert own is not None
    for target in sorted(imports_of(TREES[module])):
        level = level_of(target)
        assert level is not None, f"{module} imports {target}, which is not there"
        beside = level == own and bool(folder) and folder in (target, target.rpartition(".")[0])
        within = level == own and target.rpartition(".")[0] == module  # a package's own words
        assert level < own or beside or within or (module, target) in LAZY, (
            f"{module} (level {own}) imports {target} (level {level})"
        )


def test_the_lazy_exceptions_are_in_use_and_inside_functions() -> None:
    for module, target in LAZY:
        assert target in imports_of(TREES[module])
        at_top = ast.Module(
            [node for node in TREES[module].body if isinstance(node, ast.Import | ast.ImportFrom)], []
        )
        assert target not in imports_of(at_top)


def test_every_level_names_modules_that_are_there_or_planned() -> None:
    planned = {"libvirt"}
    for entry in PLACES:
        assert entry in MODULES or entry.removesuffix(".*") in MODULES or entry in planned, entry


@EVERY_MODULE
def test_no_module_reaches_for_another_by_a_relative_or_star_import(module: str) -> None:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert "*" not in [alias.name for alias in node.names]


def test_the_package_itself_holds_nothing_but_its_words() -> None:
    """accelkit/__init__.py: docstring, imports, __version__ and __all__."""
    docstring, *rest = TREES[""].body
    assert isinstance(docstring, ast.Expr)
    kinds = [type(node) for node in rest]
    assert set(kinds) == {ast.ImportFrom, ast.Assign}
    assigned = [target.id for node in rest if isinstance(node, ast.Assign) for target in node.targets]
    assert assigned == ["__version__", "__all__"]


#: Endings of the files that the package is made of: code, guests' and guards' sources and images, captured
#: schemas. A guard is called by its target and nothing else.
PARTS: Final = frozenset(".py .typed .json .js .css .S .ld .sh .bin .rom".split())
GUARDS: Final = frozenset({"qemu/guard/x86_64", "qemu/guard/aarch64"})


def test_the_package_has_no_file_that_is_no_part_of_it() -> None:
    """What an editor or a merge leaves behind would be installed everywhere."""
    files = (path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {str(path.relative_to(ROOT)) for path in files if path.suffix not in PARTS} == GUARDS


# ---- what may be called what ----

#: Modules with the name of an exported word. Harmless where importing accelkit imports them, before it binds
#: the word: importing them again binds nothing.
SHARED: Final = {"check"}


def test_no_module_has_the_name_of_an_exported_word() -> None:
    """Importing ``accelkit/run.py`` would put a module in the place of ``accelkit.run``."""
    top = {module.split(".")[0] for module in MODULES if module}
    assert top & set(accelkit.__all__) == SHARED
    assert imports_of(TREES[""]) >= SHARED


def python(code: str) -> str:
    """What ``code`` prints in a fresh interpreter; warnings are errors there."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_every_other_module_rebinds_no_exported_word() -> None:
    assert (
        python(f"""
        import importlib, warnings
        import accelkit
        before = {{name: getattr(accelkit, name) for name in accelkit.__all__}}
        warnings.simplefilter("ignore")  # those of other people's packages
        for module in {[m for m in MODULES if m and m != "__main__"]}:
            try:
                importlib.import_module("accelkit." + module)
            except ImportError as error:
                assert not str(error.name).startswith("accelkit"), error  # an extra that is not installed
        print([name for name in before if getattr(accelkit, name) is not before[name]])
    """)
        == "[]\n"
    )


def test_importing_accelkit_loads_nothing_heavy() -> None:
    heavy = (
        "ipywidgets anywidget IPython dask distributed numpy scipy pandas altair matplotlib sqlite3 subprocess "
        "asyncio socket ssl http urllib multiprocessing concurrent threading argparse json shlex difflib random "
        "importlib.resources importlib.metadata pathlib tempfile logging decimal statistics"
    )
    loaded = python("""
        import sys
        before = set(sys.modules)
        import accelkit
        print(*sorted(set(sys.modules) - before))
    """).split()
    assert "accelkit.recipe" in loaded
    assert set(heavy.split()) & set(loaded) == set()
    ours = {name.removeprefix("accelkit.") for name in loaded if name.startswith("accelkit.")}
    assert {level for name in ours if (level := level_of(name)) is not None and level > PLACES[""]} == set()


# ---- what is exported ----


def test_all_names_each_exported_word_once() -> None:
    assert len(set(accelkit.__all__)) == len(accelkit.__all__)
    for name in accelkit.__all__:
        assert hasattr(accelkit, name), name
        assert not inspect.ismodule(getattr(accelkit, name)), name


def test_all_is_complete() -> None:
    imported = {
        alias.asname or alias.name
        for node in TREES[""].body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == set(accelkit.__all__)


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
    "table": "the table: a row for each accelerator and property, one place to look",
}


@EVERY_MODULE
def test_a_module_can_be_read_in_one_go(module: str) -> None:
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    if module in LONGER:
        assert lines > MOST_LINES, f"{module} is no exception any more"
    else:
        assert lines <= MOST_LINES, f"{module} has {lines} lines"


@EVERY_MODULE
def test_every_public_thing_says_what_it_is(module: str) -> None:
    tree = TREES[module]
    assert ast.get_docstring(tree), f"{module} has no docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            overload = any(getattr(decorator, "id", "") == "overload" for decorator in node.decorator_list)
            assert overload or ast.get_docstring(node), f"{module}.{node.name}"


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


@EVERY_MODULE
def test_a_public_function_that_raises_says_so(module: str) -> None:
    for name, function in public_functions(TREES[module]):
        doc = str(ast.get_docstring(function))
        missing = [error for error in raised_in(function) if error not in doc]
        assert not missing, f"{module}.{name} raises {missing}"


@pytest.mark.parametrize("package", [accelkit, accelkit.study, accelkit.widgets], ids=lambda each: each.__name__)
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
