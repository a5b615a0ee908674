"""Without ipywidgets the pure modules work, and the others name the extra."""

from __future__ import annotations

import subprocess
import sys


def test_without_ipywidgets_the_message_names_the_extra():
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from accelkit import tb_size\nfrom accelkit.widgets import compare, control, explore\n"
        "for call in (explore, lambda: control(tb_size)):\n"
        "    try: call()\n"
        "    except ImportError as error: print(error)\n"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.count("pip install 'accelkit[notebook]'") == 2


def test_the_pure_modules_load_no_ipywidgets():
    code = (
        "import sys, accelkit.widgets, accelkit.widgets.outputs, accelkit.widgets.notes\n"
        "sys.exit('ipywidgets' in sys.modules or 'anywidget' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
