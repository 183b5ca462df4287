"""Runs report notebooks through papermill, one after another in a few worker processes.

1. A parameter the notebook does not have is an error (papermill alone only warns and uses the default).
2. Parameters are plain Python values; NumPy scalars, tuples and dates would silently arrive as text, so they are
   refused.
3. A worker is this interpreter, whatever kernels are or are not registered on the machine; it runs the cells itself
   (:mod:`actuarial.reporting.notebook_shell`), each notebook with names of its own.
4. The notebook works in the run folder, so parameters and the kept notebook hold paths relative to it and name no
   machine.
5. A notebook that fails leaves no file; its error is raised with the failing cell's message.
6. The kept notebook holds no times and no random names of cells: the same input gives the same bytes.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from actuarial.basis.errors import InputError, nearest, shown

Plain: TypeAlias = str | int | float | bool | None

_LANGUAGE: Final = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
_TIMES: Final = ("start_time", "end_time", "duration")
_SLOW: Final = "rfc3987_syntax"
"""Builds a grammar of web addresses for a second when it is imported; the checks of notebooks do without it."""


class NotebookFailure(Exception):
    """A report notebook stopped with an error; the message names notebook, cell and error."""


@dataclass(frozen=True)
class NotebookJob:
    """One notebook to run.

    ``folder`` is its working directory; ``output`` is where the executed notebook is kept.
    """

    title: str
    notebook: Path
    parameters: Mapping[str, Plain]
    folder: Path
    output: Path


def check_job(job: NotebookJob) -> None:
    """Raise :class:`InputError` for a missing notebook or unknown parameter, ``TypeError`` for a value not plain."""
    if not job.notebook.is_file():
        raise InputError(f"missing notebook: {shown(job.notebook)}")
    known = _parameters(job.notebook)
    for name, value in job.parameters.items():
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean '{near}'?" if near else "."
            has = f"It has: {', '.join(known) or 'none'}"
            raise InputError(f"{shown(job.notebook)}: unknown parameter '{name}'{hint} {has}")
        if type(value) not in (str, int, float, bool, type(None)):
            raise TypeError(f"parameter {name}: {type(value).__name__} does not reach a notebook unchanged")


def _parameters(notebook: Path) -> list[str]:
    """Names given a value in the cell with the tag ``parameters`` (read here, since papermill takes a second to import)."""
    try:
        cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = ["".join(c["source"]) for c in cells if "parameters" in c.get("metadata", {}).get("tags", ())]
        lines = ast.parse(tagged[0]).body if tagged else []
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise InputError(f"{shown(notebook)}: its parameters cannot be read ({error})") from None
    targets = [t for line in lines for t in (line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)])]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def run_notebooks(
    jobs: Sequence[NotebookJob],
    at_once: int,
    done: Callable[[NotebookJob], None] | None = None,
    then: Callable[[NotebookJob], None] | None = None,
) -> None:
    """Run all jobs in ``at_once`` processes; ``done`` is called in this process after each.

    ``then``, a function of a module, is called after each notebook in the process that ran it: what also belongs to a report.
    Every job is checked before the first starts. On the first failure the processes are stopped and :class:`NotebookFailure` is raised (any
    other error that ``then`` raised as it is). Raises ``ValueError`` when ``at_once`` is below 1.
    """
    from actuarial.execution.processes import Processes

    if at_once < 1:
        raise ValueError(f"at least one notebook at a time, not {at_once}")
    for job in jobs:
        check_job(job)
    pool = Processes(max(1, min(at_once, len(jobs))))
    try:
        running = {pool.submit(_run, job, then): job for job in jobs}
        for future in as_completed(running):
            future.result()
            if done is not None:
                done(running[future])
    except BrokenExecutor as error:
        pool.abandon()
        raise NotebookFailure("a process that writes reports ended by itself, perhaps for want of memory; try --jobs 1") from error
    except BaseException:
        pool.abandon()
        raise
    pool.shutdown()


def _run(job: NotebookJob, then: Callable[[NotebookJob], None] | None) -> None:
    nbformat, papermill, engine = _notebook_tools()
    output, notebook = job.output.absolute(), job.notebook.absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}")
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(unfinished),
            parameters=dict(job.parameters),
            engine_name=engine,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(job.folder),
        )
        executed.metadata.papermill.update(input_path=job.notebook.name, output_path=job.output.name)
        _forget_times(executed)
        executed.metadata.setdefault("language_info", _LANGUAGE)
        unfinished.write_text(nbformat.writes(executed), encoding="utf-8")
        unfinished.replace(output)
    except papermill.PapermillExecutionError as error:
        raise NotebookFailure(
            f"{job.title}: {shown(job.notebook)} stopped in cell {error.exec_count}: {error.ename}: {error.evalue}"
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    if then is not None:
        then(job)


def _forget_times(notebook: Any) -> None:
    """Take out what differs between two runs of one notebook: when each cell ran, and random names of cells."""
    for holder in (notebook, *notebook.cells):
        for name in _TIMES:
            holder.metadata.get("papermill", {}).pop(name, None)
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number}"


def _notebook_tools() -> tuple[Any, Any, str]:
    """nbformat, papermill and the name of the engine, imported without what only costs time."""
    hidden = _SLOW not in sys.modules
    if hidden:
        sys.modules[_SLOW] = None  # type: ignore[assignment]  # importing it now fails, which its importer expects
    try:
        import nbformat
        import papermill

        from actuarial.reporting.notebook_shell import ENGINE
    finally:
        if hidden:
            del sys.modules[_SLOW]
    return nbformat, papermill, ENGINE


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
