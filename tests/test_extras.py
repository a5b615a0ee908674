"""Without the extras, what needs them says which to install."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

WITHOUT_NUMPY = "import sys; sys.modules['numpy'] = None\n"


@pytest.mark.parametrize(
    "code",
    [
        "from accelkit.study import study",
        "from accelkit.cli import main; sys.exit(main(['study', 'tcg', '--store', 'never.sqlite']))",
        "from accelkit.cli import main; sys.exit(main(['report', 'never.sqlite']))",
    ],
)
def test_what_needs_numpy_names_the_extra_that_brings_it(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMPY + code], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode in (1, 2)
    assert "pip install 'accelkit[study]'" in done.stderr.splitlines()[-1]
    assert ("Traceback" in done.stderr) == ("from accelkit.study" in code)


def ran(code: str, *absent: str) -> str:
    """The last line that ``code`` prints, or of its traceback, where some packages are not installed."""
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in absent)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{blocked}{code}"], capture_output=True, text=True, timeout=600, check=False
    )
    return (done.stdout + done.stderr).splitlines()[-1]


@pytest.mark.parametrize(
    ("absent", "says", "extras"),
    [
        (("numpy",), "numpy", "study"),
        (("ipywidgets",), "ipywidgets", "notebook"),
        (("anywidget", "numpy"), "anywidget and numpy", "notebook,study"),
    ],
)
def test_a_dashboard_names_every_extra_that_it_misses(absent: tuple[str, ...], says: str, extras: str) -> None:
    said = ran("from accelkit.widgets import dashboard\ndashboard('s.sqlite')", *absent)
    assert said == (
        f"ImportError: dashboard needs {says}, not installed here; "
        f"install the extra: pip install 'accelkit[{extras}]'"
    )


def test_widgets_for_recipes_need_nothing_of_studies() -> None:
    code = """
        from accelkit import each, kvm, tb_size, tcg
        from accelkit.widgets import compare, control, explore
        print(explore(tcg() | tb_size(each(1, 64))), control(tb_size, 64), len(str(compare(kvm(), tcg()))) > 0)
    """
    said = ran(textwrap.dedent(code), "numpy", "altair", "vl_convert", "tqdm")
    assert said == "explore(tcg() | tb_size(each(1, 64))) control(tb_size, 64) True"


@pytest.mark.parametrize("absent", ["altair", "vl_convert"])
def test_a_dashboard_without_what_draws_runs_the_study_and_says_so_in_the_charts_place(absent: str) -> None:
    code = """
        from tempfile import TemporaryDirectory
        from accelkit.study import Build, Commission, Configuration, Record
        from accelkit.study.plan import Named, Plan
        from accelkit.widgets import dashboard
        points = [Configuration(name, ("-accel", name)) for name in ("tcg", "tcg,tb-size=1")]
        plan = Plan([Build("7.2", ("qemu",), "7.2.22")], points, [Named("cpu", "")], "tcg")
        with TemporaryDirectory() as folder:
            fake = lambda trial: Record(trial, "ok", figure=1.0)
            panel = dashboard(Commission(plan, fake, f"{folder}/s.sqlite", blocks=2, race=False))
            panel.start()
            assert panel.wait(300)
            panel.close()
        assert "Time beside the baseline" in panel.verdicts.value
        print(panel.state, panel.chart.value)
    """
    said = ran(textwrap.dedent(code), absent)
    assert said.startswith("finished")
    assert "not installed; pip install 'accelkit[study]'" in said.replace("&#x27;", "'")
