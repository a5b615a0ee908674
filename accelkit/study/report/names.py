"""What tells the configurations of a study from each other: the properties that vary, and what all of them have. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from accelkit.study.model import SIMULATED, Build
from accelkit.study.plan import Plan
from accelkit.study.swept import ABSENT


def row_names(plan: Plan) -> dict[str, str]:
    """For each configuration, by name, the properties that it sets of those that vary, as QEMU reads them.

    One that sets none of them has its whole name. So has each, if two would have the same name.

    >>> from accelkit import each, multi, single, split_wx, tb_size, tcg, thread
    >>> from accelkit.study.model import SIMULATED, Build, Configuration
    >>> from accelkit.study.plan import StoredGuest
    >>> points = [Configuration(tcg()), *map(Configuration, tcg() | tb_size(8) | thread(each(single, multi)))]
    >>> plan = Plan([Build("7.2", ("qemu",), "")], points, [StoredGuest("smp", "")], "tcg")
    >>> list(row_names(plan).values())
    ['tcg', 'tb-size=8,thread=single', 'tb-size=8,thread=multi']
    """
    names = {name: _said(settings) or name for name, settings in plan.settings.items()}
    return names if len(set(names.values())) == len(names) else {name: name for name in names}


def common(plan: Plan) -> str:
    """What all configurations set to the same, as QEMU reads it; empty if that is nothing.

    >>> from accelkit import each, split_wx, tb_size, tcg
    >>> from accelkit.study.model import SIMULATED, Build, Configuration
    >>> from accelkit.study.plan import StoredGuest
    >>> points = [*map(Configuration, tcg() | split_wx(True) | tb_size(each(8, 64)))]
    >>> common(Plan([Build("7.2", ("qemu",), "")], points, [StoredGuest("smp", "")], points[0].name))
    'tcg,split-wx=on'
    """
    first, *others = [point.settings for point in plan.configurations]
    same = {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}
    return _said(same)


def _said(settings: Mapping[str, str]) -> str:
    parts = {key: value for key, value in settings.items() if value != ABSENT}
    return ",".join(value if key == "accel" else f"{key}={value}" for key, value in parts.items())


def short_version(build: Build) -> str:
    """A build as in ``QEMU 7.2.22``: its version without the package, and its name if the version does not contain it.

    >>> short_version(Build("7.2.22", ("qemu",), "7.2.22 (Debian 1:7.2+dfsg-7)"))
    'QEMU 7.2.22'
    >>> short_version(Build("patched", ("qemu",), "7.2.22"))
    'QEMU patched (7.2.22)'
    >>> short_version(Build("simulated", (), "simulated")), short_version(Build("11.1", (), "11.1"))
    ('a simulated QEMU', 'a simulated QEMU 11.1')
    """
    if build.is_simulated:
        return "a simulated QEMU" if build.name == SIMULATED else f"a simulated QEMU {build.name}"
    version = (build.version.split() or [""])[0]
    if version in build.name:
        return f"QEMU {build.name}"
    return f"QEMU {version}" if version.startswith(f"{build.name}.") else f"QEMU {build.name} ({version})"
