"""Dashboards in a fresh interpreter, and of a study that another process runs."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from contextlib import closing

from support.fake_study import PLAN, fake
from support.paced import PATIENCE
from support.processes import soon

from accelkit.study.prepared import PreparedStudy
from accelkit.study.store.lock import SUFFIX, writer_of
from accelkit.widgets import dashboard


def test_the_modules_that_draw_are_loaded_and_used_before_the_first_trial(tmp_path):
    code = f"""
        import sys, vl_convert
        sys.path[:0] = {sys.path!r}
        from support.fake_study import PLAN
        from accelkit.study import PreparedStudy, Record
        from accelkit.widgets import dashboard
        packages = lambda: {{name.partition(".")[0] for name in sys.modules}}
        order, loaded = [], []
        draw = vl_convert.vegalite_to_svg
        def drawing(*arguments, **named):
            order.append("draws")
            return draw(*arguments, **named)
        vl_convert.vegalite_to_svg = drawing
        def measure(trial):
            order.append("measures")
            loaded.append(packages())
            return Record(trial, "ok", value=1.0 + trial.block / 100)
        prepared = PreparedStudy(PLAN, measure, {str(tmp_path / "s.sqlite")!r}, blocks=5, race=False)
        panel = dashboard(prepared, every=0.001)
        assert "altair" not in sys.modules
        panel.start()
        assert panel.wait(60)
        assert "altair" in loaded[0], "before the first trial"
        assert order.index("draws") < order.index("measures")
        assert "<svg" in panel.chart.value
        print(sorted(packages() - loaded[0]))
    """
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.strip() == "[]", "no other package is loaded once trials are measured"


def test_a_study_in_another_process_is_watched(tmp_path):
    prepared = PreparedStudy(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=5, race=False)
    code = f"""
        import sys
        sys.path[:0] = {sys.path!r}
        from accelkit.study.store.writer import open_store
        from support.fake_study import PLAN, fake
        with open_store({prepared.store!r}, PLAN) as store:
            for trial in PLAN.block(0):
                store.append(fake(trial))
            print("stored", flush=True)
            input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "stored\n"
        assert writer_of(prepared.store) == process.pid
        with closing(dashboard(prepared.store, 0.02)) as panel, closing(dashboard(prepared, 0.02)) as other:
            assert panel.state == "running elsewhere"
            assert "3 trials" in panel.progress.value
            other.start()
            assert other.wait(PATIENCE)
            assert soon(lambda: f"process {process.pid}" in other.message.value)
            process.kill()
            assert soon(lambda: panel.state == "not running")
            assert os.path.exists(prepared.store + SUFFIX), "the killed process has left its lock file"
            assert writer_of(prepared.store) is None
            other.start()
            assert other.wait(PATIENCE)
            assert soon(lambda: other.state == "finished")
