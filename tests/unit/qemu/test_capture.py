"""The bundled captures are files as capture() writes them."""

from __future__ import annotations

import json
from pathlib import Path

import accelkit

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


def test_the_bundled_captures_are_as_capture_writes_them() -> None:
    for path in SCHEMAS.glob("qemu-*.json"):
        document = json.loads(path.read_text())
        assert path.name == f"qemu-{document['version']}-{document['target']}.json"
        assert path.read_text() == json.dumps(document, indent=1, sort_keys=True) + "\n"
