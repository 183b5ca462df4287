"""A real command on a failing machine, each condition in a forked process of its own.

``python -m tests.interrupted.conditions FOLDER`` writes a workbook, then writes it again over an earlier file under every condition, and prints as
JSON what became of it: exit code, what was said, whether the earlier file is as it was, what is left beside it. Linux and macOS.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from actuarial.cli import main

EARLIER = b"filled in over three weeks"
NOBODY = 65534
BOOK = "Angaben für Ägypten 東.xlsx"


def nothing(folder: Path) -> None:
    """The machine is sound."""


def files_are_limited(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # Python ignores the signal, so the write fails


def no_more_open_files(folder: Path) -> None:
    lowest = os.open(os.devnull, os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 1, lowest + 1))


def answer_cannot_be_written(folder: Path) -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def nobody_reads_the_answer(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    os.dup2(write, 1)


def another_user(folder: Path) -> None:
    """Files of somebody else. Root may write everywhere, so it becomes another user; anybody else only loses the right."""
    folder.chmod(0o555)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def mounted(folder: Path, options: str) -> None:
    """A disk of its own in place of the folder, with the earlier file."""
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    for name, bytes_ in content.items():
        (folder / name).write_bytes(bytes_)


def disk_is_small(folder: Path) -> None:
    mounted(folder, "size=16k")


def disk_is_read_only(folder: Path) -> None:
    mounted(folder, "size=64k")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def can_mount(folder: Path) -> bool:
    """Whether this machine lets the tests have a disk of their own."""
    place = folder / "mount"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(place)], check=True, capture_output=True)
        subprocess.run(["umount", str(place)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


CONDITIONS: dict[str, Callable[[Path], None]] = {
    "sound": nothing,
    "files are limited": files_are_limited,
    "no more open files": no_more_open_files,
    "answer cannot be written": answer_cannot_be_written,
    "nobody reads the answer": nobody_reads_the_answer,
    "another user": another_user,
}
DISKS: dict[str, Callable[[Path], None]] = {"disk is small": disk_is_small, "disk is read-only": disk_is_read_only}


def under(condition: Callable[[Path], None], folder: Path) -> dict[str, object]:
    """Write the workbook over an earlier one under a condition, in a forked process."""
    folder.mkdir()
    target, told = folder / BOOK, folder.with_suffix(".told")
    target.write_bytes(EARLIER)
    child = os.fork()
    if child == 0:
        os.dup2(os.open(told, os.O_WRONLY | os.O_CREAT), 2)
        try:
            condition(folder)
            code = main(["template", "RWA", "--replace", "--out", str(target)])
        except BaseException as error:
            os.write(2, f"Traceback: {error!r}".encode())
            code = 99
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        return {
            "code": code,
            "told": told.read_text(encoding="utf-8"),
            "earlier": target.read_bytes() == EARLIER,
            "beside": sorted(path.name for path in folder.iterdir() if path != target),
        }
    finally:
        if os.path.ismount(folder):
            subprocess.run(["umount", str(folder)], check=True)
        folder.chmod(0o755)


def everything(folder: Path) -> dict[str, dict[str, object]]:
    """What became of each condition that this machine can have."""
    folder.mkdir(mode=0o755)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    assert main(["template", "RWA", "--out", str(folder / "first.xlsx")]) == 0  # and everything it needs is imported
    conditions = CONDITIONS | (DISKS if can_mount(folder) else {})
    return {name: under(condition, folder / name.replace(" ", "-")) for name, condition in conditions.items()}


if __name__ == "__main__":
    answer = os.dup(1)
    os.write(answer, json.dumps(everything(Path(sys.argv[1]))).encode())
