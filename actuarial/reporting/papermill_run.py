"""Runs report notebooks through papermill, each in a process of its own, several at a time.

1. A parameter the notebook does not have is an error (papermill alone only warns and uses the default).
2. Parameters are plain Python values; NumPy scalars, tuples and dates would silently arrive as text, so they are
   refused.
3. The kernel is the interpreter that runs this code, whatever kernels are or are not registered on the machine.
4. The kernel works in the run folder, so parameters and the kept notebook hold paths relative to it and name no
   machine.
5. A notebook that fails leaves no file; its error is raised with the failing cell's message.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from actuarial.basis.errors import InputError, nearest, shown

Plain: TypeAlias = str | int | float | bool | None

KERNEL: Final = "actuarial-report"
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]


class NotebookFailure(Exception):
    """A report notebook stopped with an error; the message names notebook, cell and error."""


@dataclass(frozen=True)
class NotebookJob:
    """One notebook to run.

    ``folder`` is the kernel's working directory; ``output`` is where the executed notebook is kept.
    """

    title: str
    notebook: Path
    parameters: Mapping[str, Plain]
    folder: Path
    output: Path


def check_job(job: NotebookJob) -> None:
    """Raise :class:`InputError` for a missing notebook or unknown parameter, ``TypeError`` for a value not plain."""
    import papermill

    if not job.notebook.is_file():
        raise InputError(f"missing notebook: {shown(job.notebook)}")
    known = list(papermill.inspect_notebook(str(job.notebook)))
    for name, value in job.parameters.items():
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean '{near}'?" if near else "."
            has = f"It has: {', '.join(known) or 'none'}"
            raise InputError(f"{shown(job.notebook)}: unknown parameter '{name}'{hint} {has}")
        if type(value) not in (str, int, float, bool, type(None)):
            raise TypeError(f"parameter {name}: {type(value).__name__} does not reach a notebook unchanged")


def run_notebooks(jobs: Sequence[NotebookJob], at_once: int, done: Callable[[NotebookJob], None] | None = None) -> None:
    """Run all jobs, ``at_once`` at a time; ``done`` is called in this thread after each.

    Every job is checked before the first starts. On the first failure no further notebook is started and
    :class:`NotebookFailure` is raised when those under way have ended. Raises ``ValueError`` when ``at_once`` is below 1.
    """
    if at_once < 1:
        raise ValueError(f"at least one notebook at a time, not {at_once}")
    for job in jobs:
        check_job(job)
    with own_kernel(), ThreadPoolExecutor(at_once, thread_name_prefix="notebook") as pool:
        running = {pool.submit(_run, job): job for job in jobs}
        try:
            for future in as_completed(running):
                future.result()
                if done is not None:
                    done(running[future])
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _run(job: NotebookJob) -> None:
    import nbformat
    import papermill
    from jupyter_core.utils import ensure_event_loop
    from papermill.exceptions import PapermillExecutionError

    job.output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = job.output.with_name(f".{job.output.name}")
    try:
        notebook = papermill.execute_notebook(
            str(job.notebook),
            str(unfinished),
            parameters=dict(job.parameters),
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            resources={"metadata": {"path": str(job.folder)}},
        )
        notebook.metadata.papermill.update(input_path=job.notebook.name, output_path=job.output.name)
        unfinished.write_text(nbformat.writes(notebook), encoding="utf-8")  # type: ignore[no-untyped-call]
        unfinished.replace(job.output)
    except PapermillExecutionError as error:
        raise NotebookFailure(
            f"{job.title}: {shown(job.notebook)} stopped in cell {error.exec_count}: {error.ename}: {error.evalue}"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
        ensure_event_loop().close()  # the loop Jupyter made for this thread and never closes


@contextmanager
def own_kernel() -> Iterator[None]:
    """Make the kernel ``actuarial-report``, this interpreter with this package, known to Jupyter within the block."""
    specification = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Reports",
        "language": "python",
        "env": {"PYTHONPATH": os.pathsep.join(filter(None, [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))},
        "metadata": {},
    }
    before = os.environ.get("JUPYTER_PATH")
    with tempfile.TemporaryDirectory(prefix="actuarial-kernel-") as folder:
        place = Path(folder) / "kernels" / KERNEL
        place.mkdir(parents=True)
        (place / "kernel.json").write_text(json.dumps(specification), encoding="utf-8")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [folder, before]))
        try:
            yield
        finally:
            if before is None:
                del os.environ["JUPYTER_PATH"]
            else:
                os.environ["JUPYTER_PATH"] = before


def notebooks_with_outputs(folder: Path) -> tuple[str, ...]:
    """Notebooks below ``folder`` that hold outputs or execution counts: ``name: cell 3, 7``."""
    found = []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        full = [str(i) for i, c in enumerate(cells, 1) if c.get("outputs") or c.get("execution_count") is not None]
        if full:
            found.append(f"{path.relative_to(folder).as_posix()}: cell {', '.join(full)}")
    return tuple(found)
