"""Without an extra, everything that needs it names the extra to install."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

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
def test_whatever_needs_numpy_names_the_extra_that_installs_it(code: str) -> None:
    process = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMPY + code], capture_output=True, text=True, timeout=600, check=False
    )
    assert process.returncode in (1, 2)
    assert "pip install 'accelkit[study]'" in process.stderr.splitlines()[-1]
    assert ("Traceback" in process.stderr) == ("from accelkit.study" in code)


def last_line(code: str, *absent: str) -> str:
    """The last line that ``code`` prints, or of its traceback, with some packages hidden."""
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in absent)
    process = subprocess.run(
        [sys.executable, "-c", f"import sys\n{blocked}{code}"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return (process.stdout + process.stderr).splitlines()[-1]


@pytest.mark.parametrize(
    ("absent", "names", "extras"),
    [
        (("numpy",), "numpy", "study"),
        (("ipywidgets",), "ipywidgets", "notebook"),
        (("anywidget", "numpy"), "anywidget and numpy", "notebook,study"),
    ],
)
def test_a_dashboard_names_every_missing_extra(absent: tuple[str, ...], names: str, extras: str) -> None:
    line = last_line("from accelkit.widgets import dashboard\ndashboard('s.sqlite')", *absent)
    assert line == (
        f"ImportError: dashboard needs {names}, not installed here; "
        f"install the extra: pip install 'accelkit[{extras}]'"
    )


def test_widgets_for_recipes_need_no_package_of_studies() -> None:
    code = """
        from accelkit import each, kvm, tb_size, tcg
        from accelkit.widgets import compare, control, explore
        print(explore(tcg() | tb_size(each(1, 64))), control(tb_size, 64), len(str(compare(kvm(), tcg()))) > 0)
    """
    line = last_line(textwrap.dedent(code), "numpy", "altair", "vl_convert", "tqdm")
    assert line == "explore(tcg() | tb_size(each(1, 64))) control(tb_size, 64) True"


@pytest.mark.parametrize("absent", ["tree_sitter", "tree_sitter_bash"])
def test_lint_without_a_grammar_names_the_extra_and_reads_what_needs_none(
    absent: str, tmp_path: Path
) -> None:
    script, unit = tmp_path / "a.sh", tmp_path / "a.service"
    script.write_text("qemu-kvm -accel kvm\n")
    unit.write_text("[Service]\nExecStart=qemu-kvm -accel kvm\n")
    call = "from accelkit.cli import main; print(main(['lint', '--version', '10.0', {!r}]))"
    assert last_line(call.format(str(unit)), absent).endswith(
        "1 command of QEMU in 1 file; asked QEMU 10.0.13 (x86_64)"
    )
    code = f"import contextlib, io\nwith contextlib.redirect_stderr(io.StringIO()) as err:\n {call.format(str(script))}"
    line = last_line(f"{code}\nprint(err.getvalue().splitlines()[0])", absent)
    assert line == (
        f"accelkit: to read whole scripts lint needs {absent}, not installed here; "
        "install the extra: pip install 'accelkit[lint]'"
    )


@pytest.mark.parametrize("absent", ["altair", "vl_convert"])
def test_a_dashboard_without_charts_runs_the_study_and_says_what_is_missing(absent: str) -> None:
    code = """
        from tempfile import TemporaryDirectory
        from accelkit import tb_size, tcg
        from accelkit.study import Build, PreparedStudy, Configuration, Record
        from accelkit.study.plan import StoredGuest, Plan
        from accelkit.widgets import dashboard
        points = [Configuration(tcg()), Configuration(tcg() | tb_size(1))]
        plan = Plan([Build("7.2", ("qemu",), "7.2.22")], points, [StoredGuest("cpu", "")], "tcg")
        with TemporaryDirectory() as folder:
            fake = lambda trial: Record(trial, "ok", value=1.0)
            panel = dashboard(PreparedStudy(plan, fake, f"{folder}/s.sqlite", blocks=2, race=False))
            panel.start()
            assert panel.wait(300)
            panel.close()
        assert "Time beside the baseline" in panel.verdicts.value
        print(panel.state, panel.chart.value)
    """
    line = last_line(textwrap.dedent(code), absent)
    assert line.startswith("finished")
    assert "not installed; pip install 'accelkit[study]'" in line.replace("&#x27;", "'")
