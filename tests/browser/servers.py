"""JupyterLab or Voilà on loopback, with separate settings: they neither read nor write those of the user."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOKEN = "loopback"
BIN = Path(sys.executable).parent
TESTS = Path(__file__).parents[1]


class Server(NamedTuple):
    base: str
    folder: Path

    def page(self, notebook: str) -> str:
        """The address of a notebook in JupyterLab, with a fresh workspace."""
        return f"{self.base}/doc/tree/{notebook}?token={TOKEN}&reset"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[Server]:
    """JupyterLab over ``folder``."""
    port = free_port()
    command = [
        str(BIN / "jupyter-lab"), "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
        f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}",
        "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with _running(command, folder, f"http://127.0.0.1:{port}/api/status?token={TOKEN}"):
        yield Server(f"http://127.0.0.1:{port}", folder)


@contextlib.contextmanager
def voila(notebook: Path, theme: str = "light") -> Iterator[Server]:
    """Voilà showing one notebook."""
    port = free_port()
    command = [
        str(BIN / "voila"), str(notebook), "--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}",
        f"--theme={theme}",
    ]  # fmt: skip
    with _running(command, notebook.parent, f"http://127.0.0.1:{port}/voila/favicon.ico"):
        yield Server(f"http://127.0.0.1:{port}", notebook.parent)


@contextlib.contextmanager
def _running(command: list[str], folder: Path, ready: str) -> Iterator[None]:
    """A block during which the process answers; at its end the whole process group is ended."""
    with tempfile.TemporaryDirectory(prefix="accelkit-jupyter-", ignore_cleanup_errors=True) as own:
        news = Path(own, "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings")
        news.parent.mkdir(parents=True)
        news.write_text('{"fetchNews": "false", "checkForUpdates": false}')
        places = {
            "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython", "HOME": "home",
        }  # fmt: skip
        environment = os.environ | {name: f"{own}/{place}" for name, place in places.items()}
        # The accelkit of this checkout; some notebooks take what they show from support.
        environment["PYTHONPATH"] = os.pathsep.join((str(TESTS.parent), str(TESTS)))
        log = Path(own, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _await(process, ready, log)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await(process: subprocess.Popen[bytes], address: str, log: Path, patience: float = 90) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text()}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return  # noqa: TRY300  # any answer will do
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer in {patience} s:\n{log.read_text()}")
