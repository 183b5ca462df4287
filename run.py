#!/usr/bin/env python3
"""Start the toolkit on a machine that has nothing but Python 3.11 or newer.

    python run.py reports|template|compare|price|sensitivity|ensemble|entitlement|microsimulate|validate|test|lab|bench|
                  verify|reproduce|advisories|fuzz|interrupt|check [options]

1. The first call makes ``.venv`` from ``requirements.lock`` (every file checked against its hash) with uv when that is
   installed, otherwise with ``venv`` and pip. It needs the network once.
2. A stamp in ``.venv`` remembers the lock it was made from. As long as it agrees, a call starts at once; a changed
   lock, version or folder makes ``.venv`` anew. The stamp is written last, so half an installation never counts.
3. The project itself is not built: a path file makes it importable, a small launcher gives the command ``actuarial``.
4. Everything after the verb goes to ``actuarial`` unchanged.

Standard library only.
"""

from __future__ import annotations

import hashlib
import locale
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
VERBS = {
    "reports": "compute the study and write PDF, HTML and Excel reports",
    "template": "write a country's figures as a workbook to fill in",
    "compare": "set scenarios and instruments side by side in one report",
    "price": "price every legal step of an instrument, compare its variants",
    "sensitivity": "change one assumption at a time and say what that does",
    "ensemble": "say how sure the results are, over many random paths",
    "trace": "trace a figure to its inputs, or an input to the results it can move",
    "diff": "analyse the change between two runs: data, assumptions, law, method",
    "entitlement": "answer one person's case, with and without the instrument",
    "microsimulate": "hold the projection against persons lived one by one",
    "validate": "hold the toolkit against published figures and second implementations",
    "test": "run the tests",
    "mutate": "change the code in small ways and count what the tests notice",
    "coverage": "run the tests and measure which branches of the code they reach",
    "lab": "open JupyterLab on the notebooks",
    "bench": "run the benchmarks",
    "fuzz": "try many damaged files of every kind; each must be refused with a message, or accepted",
    "interrupt": "kill real commands at random moments; outputs must stay whole, reruns the same",
    "verify": "hash a finished run again and say what was changed",
    "reproduce": "make a finished run again and compare figures and bytes",
    "advisories": "hold the locked packages against a file of known advisories",
    "check": "lint, types, notebooks without outputs",
}
DISTRIBUTION = "portable_social_security"
STAMP = "actuarial.stamp"
RECIPE = "1"
"""Raise it when the way the environment is made changes."""

Call = Callable[[Sequence[str]], int]


class EnvironmentFailure(Exception):
    """The environment could not be made; the message says what to do."""


def venv_path(venv: Path, kind: str) -> Path:
    """Folder of a virtual environment: ``kind`` is ``purelib`` (site-packages) or ``scripts``."""
    return Path(sysconfig.get_path(kind, "venv", vars={"base": str(venv), "platbase": str(venv)}))


def venv_python(venv: Path) -> Path:
    """The interpreter of a virtual environment on this system."""
    return venv_path(venv, "scripts") / ("python.exe" if sys.platform == "win32" else "python")


def project_version(root: Path) -> str:
    """``version`` of pyproject.toml."""
    import tomllib

    return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def fingerprint(root: Path) -> str:
    """What an environment was made from: recipe, project version, folder (scripts hold it), SHA-256 of the lock."""
    lock = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    return f"recipe {RECIPE}\nversion {project_version(root)}\nfolder {root}\nlock {lock}\n"


def state(root: Path) -> str:
    """``ready``, ``missing`` or ``stale``."""
    venv = root / ".venv"
    if not venv_python(venv).exists():
        return "missing"
    stamp = venv / STAMP
    return "ready" if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint(root) else "stale"


def call(command: Sequence[str]) -> int:
    """Run a command with its output on standard error, so that standard output stays the toolkit's own."""
    return subprocess.run(list(command), stdout=sys.stderr, check=False).returncode


def find_uv(run: Call = call) -> str | None:
    """Path of a uv that works, or None."""
    uv = shutil.which("uv")
    return uv if uv is not None and run([uv, "--version"]) == 0 else None


def install(root: Path, run: Call) -> None:
    """Make ``.venv`` and install the locked packages into it. Raises :class:`EnvironmentFailure`."""
    venv, lock = root / ".venv", str(root / "requirements.lock")
    uv = find_uv(run)
    if uv is not None:
        remove(venv)
        hashed = ["--require-hashes", "--compile-bytecode", "-r", lock]
        made = run([uv, "venv", "--quiet", "--python", sys.executable, str(venv)]) == 0
        if made and run([uv, "pip", "install", "--quiet", "--python", str(venv_python(venv)), *hashed]) == 0:
            return
        tell("uv did not succeed (its message is above); now with pip.")
    remove(venv)
    if run([sys.executable, "-m", "venv", str(venv)]) != 0:
        raise EnvironmentFailure(
            "python -m venv failed. On Debian and Ubuntu: apt install python3-venv. "
            "Or install uv (https://docs.astral.sh/uv)."
        )
    pip = [str(venv_python(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if run([*pip, "install", "--quiet", "--require-hashes", "-r", lock]) != 0:
        raise EnvironmentFailure(
            "pip could not install the packages of requirements.lock; its message is above. The network is needed once."
        )


def add_project(root: Path) -> None:
    """Make the project importable in ``.venv`` and give it a name, a version and the command ``actuarial``."""
    venv, version = root / ".venv", project_version(root)
    site = venv_path(venv, "purelib")
    encoding = "utf-8" if sys.version_info >= (3, 13) else locale.getencoding()  # what site.py reads path files with
    (site / f"{DISTRIBUTION}.pth").write_text(f"{root}\n", encoding=encoding)
    info = site / f"{DISTRIBUTION}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    name = DISTRIBUTION.replace("_", "-")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "INSTALLER").write_text("run.py\n", encoding="utf-8")
    recorded = [f"{DISTRIBUTION}.pth", *(f"{info.name}/{file}" for file in ("METADATA", "INSTALLER", "RECORD"))]
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in recorded), encoding="utf-8")
    python = venv_python(venv)
    if sys.platform == "win32":
        (python.parent / "actuarial.cmd").write_text('@"%~dp0python.exe" -m actuarial %*\n', encoding="ascii")
    else:
        launcher = python.parent / "actuarial"
        launcher.write_text(f'#!/bin/sh\nexec "{python}" -m actuarial "$@"\n', encoding="utf-8")
        launcher.chmod(0o755)


def remove(venv: Path) -> None:
    """Delete an environment; refuse a folder that is not one."""
    if not venv.exists() and not venv.is_symlink():
        return
    if venv.is_symlink() or (any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file()):
        raise EnvironmentFailure(f"{venv} is not a virtual environment; move it away and start again.")
    try:
        shutil.rmtree(venv)
    except OSError as error:
        message = f"{venv} is in use ({error}); close programs started from it and start again."
        raise EnvironmentFailure(message) from error


def build(root: Path, run: Call = call) -> None:
    """Make the environment if it is missing or stale; two calls at once wait for each other."""
    with only_one(root / ".venv.lock"):
        before = state(root)
        if before == "ready":
            return
        why = "is missing" if before == "missing" else "is older than requirements.lock or was made elsewhere"
        tell(f".venv {why}: installing the packages of requirements.lock (about a minute; needs the network once).")
        install(root, run)
        add_project(root)
        (root / ".venv" / STAMP).write_text(fingerprint(root), encoding="utf-8")
        tell("Done.")


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on ``path``; the system frees it even when the process is killed."""
    with path.open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def tell(message: str) -> None:
    """One line on standard error."""
    print(message, file=sys.stderr, flush=True)


def usage() -> str:
    """The verbs."""
    lines = [f"  python run.py {verb:<13} {text}" for verb, text in VERBS.items()]
    last = "python run.py VERB --help shows the options of a verb."
    return "\n".join(["usage: python run.py VERB [options]", "", *lines, "", last])


def main(arguments: Sequence[str]) -> int:
    """Check the verb, have an environment, hand over to it."""
    if sys.version_info < OLDEST:  # noqa: UP036
        here = ".".join(str(part) for part in sys.version_info[:2])
        tell(f"Python 3.11 or newer is needed; this is {here} ({sys.executable}).")
        return 2
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return 0 if arguments else 2
    if arguments[0] not in VERBS:
        tell(f"unknown verb {arguments[0]!r}; there are: {', '.join(VERBS)}")
        return 2
    try:
        if state(ROOT) != "ready":
            build(ROOT)
    except EnvironmentFailure as failure:
        tell(f"run.py: {failure}")
        return 1
    return hand_over([str(venv_python(ROOT / ".venv")), "-m", "actuarial", *arguments])


def hand_over(command: list[str]) -> int:
    """Become the command (Windows cannot: run it and pass its exit code on)."""
    if sys.platform == "win32":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)
    return 1  # never reached: execv replaces this process or raises


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
