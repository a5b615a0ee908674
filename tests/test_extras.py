"""Without the extras, what needs them says which to install."""

from __future__ import annotations

import subprocess
import sys

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
        [sys.executable, "-c", WITHOUT_NUMPY + code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (1, 2)
    assert "pip install 'accelkit[study]'" in done.stderr.splitlines()[-1]
    assert ("Traceback" in done.stderr) == ("from accelkit.study" in code)
