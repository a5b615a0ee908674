"""``python -m accelkit`` is the ``accelkit`` command."""

from accelkit.cli import main

raise SystemExit(main())
