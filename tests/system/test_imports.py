"""What importing accelkit loads and binds, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from support.layout import LINE_OF, MODULES, room_of


def python(code: str) -> str:
    """The output of ``code`` in a fresh interpreter, where warnings are errors."""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_importing_every_other_module_rebinds_no_exported_word() -> None:
    assert (
        python(f"""
        import importlib, warnings
        import accelkit
        before = {{name: getattr(accelkit, name) for name in accelkit.__all__}}
        warnings.simplefilter("ignore")  # those of other people's packages
        for module in {[module for module in MODULES if module not in ("", "__main__")]}:
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
        import toolz  # which loads json itself before 1.1
        before = set(sys.modules)
        import accelkit
        print(*sorted(set(sys.modules) - before))
    """).split()
    assert "accelkit.recipes.recipe" in loaded
    assert set(heavy.split()) & set(loaded) == set()
    ours = {name.removeprefix("accelkit.") for name in loaded if name.startswith("accelkit.")}
    assert {room for name in ours if LINE_OF[room := room_of(name)] > LINE_OF["accelkit"]} == set()
    assert not {"qemu", "measure", "guests", "host", "libvirt"} & {room_of(name) for name in ours}
