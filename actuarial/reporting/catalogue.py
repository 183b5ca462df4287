"""Catalogues of translations: what must be in them, and how they are brought up to date.

``python -m actuarial.reporting.catalogue extract [FILE]`` writes the template of all messages of the code (default: to standard output);
``python -m actuarial.reporting.catalogue update`` brings every catalogue up to the code and the data files, keeping what is translated;
``python -m actuarial.reporting.catalogue missing [LANGUAGE]`` counts what is not translated.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, Final

from actuarial.basis.errors import shown
from actuarial.reporting.language import KEYWORDS, PREPARED, RELEASED, SOURCE, catalogue_path

PACKAGE: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = ("reporting", "input_workbook", "commands")
"""Folders of the package whose texts readers of reports and workbooks see."""

_LEFT_OUT: Final = tuple(
    f'"{field}' for field in ("POT-Creation", "PO-Revision", "Report-Msgid", "Last-Translator", "Language-Team", "Generated-By", "Project-Id")
)
"""Fields of the header that hold clocks, people or versions."""


def messages() -> Any:
    """A Babel catalogue of every text that the code marks, with the files it stands in.

    The code is read as a syntax tree: the extractor of Babel loses marks inside the arguments of other marks.
    """
    from babel.messages.catalog import Catalog

    found = Catalog(project="portable-social-security", charset="utf-8", fuzzy=False)
    for path in sorted(p for folder in FOLDERS for p in (PACKAGE / folder).rglob("*.py")):
        place = [(path.relative_to(PACKAGE.parent).as_posix(), 0)]
        for text, context in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(text, locations=place, context=context)
    return found


def _marked(tree: ast.AST) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Text (or both forms of a plural) and context of every marked literal; a name in its place was marked where it was defined."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            wanted = KEYWORDS[node.func.id]
            if len(texts) < wanted:
                continue
            match node.func.id:
                case "plural":
                    yield (texts[0], texts[1]), None
                case "in_context":
                    yield texts[1], texts[0]
                case _:
                    yield texts[0], None


def places(text: str) -> set[str]:
    """Names of the places of a template."""
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def read(code: str, domain: str) -> Any:
    """The Babel catalogue of a language."""
    from babel.messages.pofile import read_po

    with catalogue_path(code, domain).open("rb") as file:
        return read_po(file, locale=code, domain=domain)


def untranslated(catalogue: Any, wanted: Any) -> list[str]:
    """Texts of ``wanted`` that ``catalogue`` does not translate, or only in doubt."""
    missing = []
    for message in wanted:
        if not message.id:
            continue
        found = catalogue.get(_first(message.id), context=message.context)
        texts = () if found is None else found.string if isinstance(found.string, tuple) else (found.string,)
        if not texts or found.fuzzy or not all(texts):
            missing.append(_first(message.id))
    return missing


def unequal_places(catalogue: Any) -> list[str]:
    """Translations that have other places than their text; a plural form may leave out a number that it says in words."""
    wrong = []
    for message in catalogue:
        if not message.id or not message.string:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = [places(text) for text in ids]
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            try:
                same = not text or places(text) in allowed
            except ValueError:
                same = False
            if not same:
                wrong.append(f"{_first(message.id)!r}: {text!r}")
    return wrong


def write(catalogue: Any, path: Path) -> None:
    """Write a catalogue, sorted by text, without dates and line numbers, which would change with every edit of the code."""
    from babel.messages.pofile import write_po

    catalogue.header_comment = "# Texts of the reports; licence of the project. Update: python -m actuarial.reporting.catalogue update"
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, omit_header=False, no_location=True, ignore_obsolete=True)
    lines = [line for line in buffer.getvalue().decode("utf-8").splitlines() if not line.startswith(_LEFT_OUT)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def update(codes: Iterable[str] = (*RELEASED[1:], *PREPARED)) -> None:
    """Bring the catalogues up to the texts of code and data, keeping translations; a text that changed is translated anew, not guessed."""
    from babel.messages.catalog import Catalog

    from actuarial.reporting.catalogue_data import data_messages

    for code in codes:
        for domain, wanted in (("messages", messages()), ("data", data_messages())):
            held = read(code, domain) if catalogue_path(code, domain).exists() else Catalog(locale=code, domain=domain)
            renewed = Catalog(locale=code, domain=domain, project=wanted.project, charset="utf-8", fuzzy=False)
            for message in wanted:
                if message.id:
                    old = held.get(_first(message.id), context=message.context)
                    text = old.string if old is not None and not old.fuzzy else None
                    if text is not None and isinstance(text, tuple) != isinstance(message.id, tuple):
                        text = None
                    renewed.add(message.id, text, auto_comments=message.auto_comments, context=message.context)
            write(renewed, catalogue_path(code, domain))


def main(arguments: list[str]) -> int:
    """Run one of the commands of the module's docstring; 2 for anything else."""
    match arguments:
        case ["extract", *target]:
            template = Path(target[0]) if target else None
            if template is not None:
                write(messages(), template)
            else:
                sys.stdout.write("\n".join(_first(m.id) for m in messages() if m.id) + "\n")
        case ["update"]:
            update()
        case ["missing", *codes]:
            from actuarial.reporting.catalogue_data import data_messages

            for code in codes or [c for c in RELEASED if c != SOURCE]:
                for domain, wanted in (("messages", messages()), ("data", data_messages())):
                    lacking = untranslated(read(code, domain), wanted)
                    sys.stdout.write(f"{shown(catalogue_path(code, domain))}: {len(lacking)} of {sum(bool(m.id) for m in wanted)} not translated\n")
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


def _first(text: str | tuple[str, ...]) -> str:
    return text[0] if isinstance(text, tuple) else text


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
