"""What can go wrong in carrying work out; the command line prints the message and ends with ``exit_code``."""

from __future__ import annotations

from typing import ClassVar


class ExecutionError(Exception):
    """Work could not be finished; the message says what was lost and what to do."""

    exit_code: ClassVar[int] = 1


class ExecutionInputError(ExecutionError):
    """An option (workers, cluster, checkpoint) cannot be used; nothing has been computed."""

    exit_code: ClassVar[int] = 2
