"""The lab in a browser: open the explorer, run all, move a slider, see another chart, and no error on the page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from actuarial.lab.kept import Inputs
from actuarial.lab.model_files import write_model
from actuarial.reporting.study_cache import keep
from tests.lab.models import model

ROOT = Path(__file__).parents[2]
BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge") if (path := shutil.which(name))), None)
TOKEN = "for-this-test-only"
WAIT = 60.0
CHART = "img.widget-image, .widget-image img"
BYTES = "async img => Array.from(new Uint8Array(await (await fetch(img.src)).arrayBuffer())).join()"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A lab server on a copy of the notebook, its model prepared, nothing of the user's settings touched."""
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    write_model(model(), tmp_path / "model")
    assert keep(Inputs.read(ROOT, "base", "eac-directive").model_key, tmp_path / "model")
    notebooks = tmp_path / "work" / "notebooks"
    notebooks.mkdir(parents=True)
    for name in ("start.ipynb", "explore.ipynb"):
        shutil.copy(ROOT / "notebooks" / name, notebooks)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"), "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings")}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    log = tmp_path / "server.log"
    with log.open("wb") as heard:
        server = subprocess.Popen(
            [sys.executable, "-m", "actuarial", "lab", *options, f"--notebook-dir={notebooks.parent}"],
            cwd=ROOT, env={**os.environ, **own}, stdout=heard, stderr=heard, start_new_session=True,
        )  # fmt: skip
        try:
            _until_up(f"http://127.0.0.1:{port}/api?token={TOKEN}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _shut_down(port, server)


def _until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + WAIT
    while time.monotonic() < last:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer\n{log.read_text()}")


def _shut_down(port: int, server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, kernels and all; kill what does not."""
    try:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/shutdown?token={TOKEN}", method="POST", data=b"")
        urllib.request.urlopen(request, timeout=5).close()
        server.wait(20)
    except (URLError, OSError, subprocess.TimeoutExpired):
        server.kill()
        server.wait()


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge on this machine")
def test_a_moved_slider_draws_another_chart(address: str) -> None:
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
        page.set_default_timeout(1000 * WAIT)
        page.on("pageerror", lambda error: said.append(f"page: {error}"))
        page.on("console", lambda message: said.append(f"console: {message.text}") if _ours(message) else None)
        page.goto(f"{address}/lab/tree/notebooks/explore.ipynb?token={TOKEN}")
        page.get_by_text("| Idle").wait_for()  # cells run before the kernel is there are not run at all
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        chart = page.locator(CHART).first
        chart.wait_for()
        first, shown = chart.evaluate(BYTES), chart.get_attribute("src")  # of before the move: the chart may be there at once
        readout = page.locator(".widget-slider", has_text="People who will move").locator(".widget-readout")
        readout.click()
        readout.press("Control+a")
        readout.press_sequentially("2.0")
        readout.press("Enter")
        page.wait_for_function("([img, before]) => img.src !== before", arg=[chart.element_handle(), shown])
        second, shown = chart.evaluate(BYTES), chart.get_attribute("src")
        assert second != first
        page.locator(".widget-checkbox", has_text="Export").locator("input").uncheck()
        page.wait_for_function("([img, before]) => img.src !== before", arg=[chart.element_handle(), shown])
        assert chart.evaluate(BYTES) not in (first, second)
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        assert page.locator(".jp-OutputArea-output.jp-mod-error, [data-mime-type='application/vnd.jupyter.error']").count() == 0
        browser.close()
    assert not said, said


def _ours(message: Any) -> bool:
    """Errors of the console, without what the browser says of addresses that do not exist."""
    return message.type == "error" and "Failed to load resource" not in message.text
