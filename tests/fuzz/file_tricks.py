"""What may stand under a name instead of a file, and names that no file should have."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random
from typing import Final

NAMES: Final = (
    "../../x",
    "/",
    "//",
    "..",
    ".",
    "",
    " ",
    "con",
    "nul.yaml",
    "x.",
    "x ",
    "a\nb.yaml",
    "a\x1b[31m.yaml",
    "a\u202egpj.yaml",
    "-x",
    "--scenario",
    "a" * 300,
    "a/" * 3000,
    "~",
    "$HOME",
    "%TEMP%",
    "*",
    "?",
    "a\\b",
    "file:///etc/passwd",
    "http://e.x/a.yaml",
    "\\\\h\\s\\x",
    "base.yaml",
    "base.yml",
    "BASE",
    "bаse",
    "base\u00a0",
    "base/../base",
    "instruments",
    "eac-directive/",
    "./eac-directive",
    ".hidden",
    "\ud800",
    "a\0b",
    "é.yaml",
    "🙂",
)


def replace(rng: Random, path: Path) -> str:
    """Put something else in the place of the file; return what."""
    tricks = ["folder", "nothing", "empty"]
    if sys.platform != "win32":
        tricks += ["pipe", "endless device", "circle", "link to nothing", "link to a folder", "link to a link", "unreadable"]
    trick = rng.choice(tricks)
    other = path.with_name("other")
    content = path.read_bytes()
    path.unlink()
    match trick:
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "pipe":
            os.mkfifo(path)
        case "endless device":
            path.symlink_to("/dev/zero")
        case "circle":
            path.symlink_to(other)
            other.symlink_to(path)
        case "link to nothing":
            path.symlink_to(path.with_name("nowhere"))
        case "link to a folder":
            path.symlink_to(path.parent)
        case "link to a link":
            path.with_name("whole").write_bytes(content)
            other.symlink_to(path.with_name("whole"))
            path.symlink_to(other)
        case "unreadable":
            path.write_bytes(content)
            path.chmod(0)
    return trick
