"""Opens files that a person named, without trusting what stands there.

1. Only regular files are opened, also through links: a pipe would be waited for, a device may never end.
2. No more is read than the reader can use (``most``); the message says the limit.
3. Whatever the system says of a name (too long, a circle of links, no permission) becomes an :class:`InputError`.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from actuarial.basis.errors import InputError, shown

LARGEST_YAML: Final = 1_000_000
"""Bytes of a YAML file: the largest shipped one has 33,000."""
LARGEST_TABLE: Final = 20_000_000
"""Bytes of a CSV table: the largest shipped one has 630,000, for eight countries."""
LARGEST_RECORD: Final = 20_000_000
"""Bytes of ``manifest.json``, ``SHA256SUMS`` or a notebook: those of a regional run have a few hundred thousand."""
_KINDS: Final = (
    (stat.S_ISDIR, "is a folder"), (stat.S_ISFIFO, "is a pipe"), (stat.S_ISSOCK, "is a socket"), (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)  # fmt: skip


def is_file(path: Path) -> bool:
    """Whether a regular file stands there; ``False`` for a name that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder stands there; ``False`` for a name that none can have."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_plain(path: Path, most: int) -> bytes:
    """Content of a regular file of at most ``most`` bytes. Raises :class:`InputError` that says what stands there instead."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = next((words for test, words in _KINDS if test(mode)), "is no file")
            raise InputError(f"{shown(path)}: {what}, not a file that can be read")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = b"" if size > most else file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{shown(path)}: no such file") from None
    except ValueError as error:  # a name with a zero byte
        raise InputError(f"{shown(path)}: not the name of a file ({error})") from None
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror or error})") from None
    if max(size, len(content)) > most:
        raise InputError(f"{shown(path)}: the file has {max(size, len(content)):,} bytes; allowed are {most:,}")
    return content


def read_plain_text(path: Path, most: int) -> str:
    """Text of a regular file in UTF-8, with or without a byte order mark. Raises :class:`InputError`."""
    content = read_plain(path, most)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"byte {content[error.start]:#04x} at position {error.start:,}"
        hint = "; it looks like UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        raise InputError(f"{shown(path)}, line {line}: cannot be read as UTF-8 text ({found}{hint}); save it as UTF-8") from None
