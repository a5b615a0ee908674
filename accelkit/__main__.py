"""``python -m accelkit`` is the ``accelkit`` command."""

from accelkit.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
