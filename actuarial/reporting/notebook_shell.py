"""Runs the cells of a notebook in this process, as a kernel would, and keeps what they show.

1. Starting a kernel, importing everything and talking to it takes longer than a report; a process that has run one notebook runs the next at once.
2. Every notebook has names of its own; what it changes in imported modules stays for the next one in this process.
3. Printed text, shown objects, results and errors are kept in the order in which they came, in the notebook format.
"""

from __future__ import annotations

import io
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Final

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

ENGINE: Final = "same-process"
"""Name by which papermill finds the engine below."""


class _Stream(io.TextIOBase):
    """Standard output or error of a cell; text printed in one go is one output."""

    def __init__(self, name: str, outputs: list[Any]) -> None:
        self._name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self._outputs[-1] if self._outputs else None
        if last is not None and last.output_type == "stream" and last.name == self._name:
            last.text += text
        elif text:
            self._outputs.append(nbformat.v4.new_output("stream", name=self._name, text=text))  # type: ignore[no-untyped-call]
        return len(text)


class _Publisher(DisplayPublisher):
    """Keeps what ``display`` shows."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        shell = self.shell
        assert isinstance(shell, NotebookShell)
        shell.keep("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        shell = self.shell
        assert isinstance(shell, NotebookShell)
        shell.outputs.clear()


class _Result(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        shell = self.shell
        assert isinstance(shell, NotebookShell)
        shell.keep("execute_result", format_dict, md_dict, execution_count=self.prompt_count)


class NotebookShell(InteractiveShell):
    """IPython without a terminal and without a kernel; ``outputs`` are those of the running cell."""

    outputs: list[Any]

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window."""

    def keep(self, kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any] | None, **more: Any) -> None:
        """Keep one thing shown, pictures as text."""
        written = {mime: b64encode(value).decode("ascii") if isinstance(value, bytes) else value for mime, value in data.items()}
        output = nbformat.v4.new_output(kind, data=written, metadata=dict(metadata or {}), **more)  # type: ignore[no-untyped-call]
        self.outputs.append(output)

    def run(self, source: str, outputs: list[Any]) -> bool:
        """Run a cell, adding what it shows to ``outputs``; return whether it ended without an error."""
        self.outputs = outputs
        with redirect_stdout(_Stream("stdout", outputs)), redirect_stderr(_Stream("stderr", outputs)):
            done = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        return bool(done.success)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        error = nbformat.v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))  # type: ignore[no-untyped-call]
        self.outputs.append(error)


@contextmanager
def notebook_shell() -> Iterator[NotebookShell]:
    """A fresh shell with names of its own, which ``display`` and magics find while it lasts."""
    before = sys.modules.get("__main__")
    NotebookShell.clear_instance()
    settings = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = NotebookShell.instance(config=settings, display_pub_class=_Publisher, displayhook_class=_Result)
    try:
        yield shell
    finally:
        shell.user_ns.clear()  # reset() would look through all memory for a quarter of a second
        NotebookShell.clear_instance()
        if before is not None:
            sys.modules["__main__"] = before


class SameProcessEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Lets papermill run a notebook in its own process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
        """Run the cells one after the other until one fails; papermill then reads its error from the notebook."""
        with notebook_shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip():
                    done = shell.run(cell.source, cell.outputs)
                    cell.execution_count = shell.execution_count - 1
                    if not done:
                        nb_man.cell_exception(cell, cell_index=index)
                        break
                nb_man.cell_complete(cell, cell_index=index)


papermill_engines.register(ENGINE, SameProcessEngine)
