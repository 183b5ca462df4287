"""The language of reports and workbooks.

1. Texts stand in the code in English and are marked where they are used: :func:`_`, :func:`phrase`, :func:`plural`, :func:`in_context`; a constant of
   a module is marked with :func:`marked` and translated when shown. ``blocks.say`` translates its template.
2. Catalogues are gettext files, ``catalogues/<language>/messages.po`` for texts of the code and ``data.po`` for texts of data files; they are read as
   they stand, so that no step of compilation can be forgotten.
3. The active language belongs to the running context (:func:`use_language`), so that two reports may be written side by side.
4. A language is *released* when nothing is missing from its catalogues; only released ones can be asked for. A text of a data file that a user added
   since has no translation and is shown as it was written.
5. ``qps`` is no language: it sets every translated text between brackets, so that a text without them was not marked.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final

from actuarial.basis.errors import InputError, unknown_name

SOURCE: Final = "en"
RELEASED: Final = ("en", "fr", "sw")
PREPARED: Final = ("pt",)
"""Languages whose catalogue is begun; they cannot be asked for yet."""
UNREVIEWED: Final = ("sw",)
"""Languages whose texts no actuary who speaks them has reviewed; reports in them say so."""
PSEUDO: Final = "qps"
KEYWORDS: Final = {"_": 1, "phrase": 1, "say": 1, "marked": 1, "plural": 2, "in_context": 2}
"""Functions whose first arguments are texts to translate, and how many of them are."""
_BRACKETS: Final = ("⟦", "⟧")

_active: ContextVar[str] = ContextVar("language", default=SOURCE)
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)


def language() -> str:
    """Code of the active language (ISO 639-1)."""
    return _active.get()


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Make ``code`` the active language until the block ends. Raises :class:`InputError` for a language that is not released."""
    mark = _active.set(check_language(code))
    try:
        yield
    finally:
        _active.reset(mark)


def set_language(code: str) -> None:
    """Make ``code`` the active language of this context from now on: for notebooks, whose cells are no block."""
    _active.set(check_language(code))


def check_language(code: str) -> str:
    """The code itself. Raises :class:`InputError`, naming the released languages, for any other."""
    if code not in (*RELEASED, PSEUDO):
        raise InputError(unknown_name("language", code, RELEASED))
    return code


def _(text: str) -> str:
    """``text`` in the active language."""
    return _bracketed(text) if _is_pseudo() else _catalogue(language(), "messages").gettext(text)


def phrase(template: str, /, **values: str) -> str:
    """A translated template with its named places filled; values are shown as they are given.

    Raises ``KeyError`` for a place without a value and ``ValueError`` for a value without a place.

    >>> phrase("{part} of {whole} corridors", part="3", whole="14")
    '3 of 14 corridors'
    """
    return filled(_(template), values)


def plural(one: str, many: str, count: float, /, **values: str) -> str:
    """The form that ``count`` asks for in the active language, with its places filled.

    >>> plural("{n} corridor", "{n} corridors", 1, n="1"), plural("{n} corridor", "{n} corridors", 2, n="2")
    ('1 corridor', '2 corridors')
    """
    # Grammar asks for the whole number a reader sees; 1.5 takes the form of many in English and Swahili, of one in French.
    number = int(abs(count)) if language() == "fr" or count == int(count) else 2
    if _is_pseudo():
        return filled(_bracketed(one if number == 1 else many), values)
    return filled(_catalogue(language(), "messages").ngettext(one, many, number), values)


def in_context(context: str, text: str) -> str:
    """A word with two meanings in English, told apart by ``context``."""
    return _bracketed(text) if _is_pseudo() else _catalogue(language(), "messages").pgettext(context, text)


def marked(text: str) -> str:
    """The text unchanged: marks a constant, which is translated by :func:`_` where it is shown."""
    return text


def data_text(text: str) -> str:
    """A text of a data file in the active language; one that its catalogue lacks stays as written."""
    if not text.strip():
        return text
    if (heard := _heard.get()) is not None:
        heard.add(text)
    return _bracketed(text) if _is_pseudo() else _catalogue(language(), "data").gettext(text)


@contextmanager
def hearing() -> Iterator[set[str]]:
    """The texts of data files that are shown until the block ends: what a catalogue of them must hold."""
    texts: set[str] = set()
    mark = _heard.set(texts)
    try:
        yield texts
    finally:
        _heard.reset(mark)


def data_path(name: str) -> str:
    """The dotted name of a field of a data file in words, each part translated by itself.

    >>> data_path("old_age.special_ages")
    'old age · special ages'
    """
    return " · ".join(data_text(part.replace("_", " ")) for part in name.split("."))


def filled(template: str, values: dict[str, str]) -> str:
    """``template`` with its named places filled; nothing in values is read as a place. Raises as :func:`phrase`."""
    parts, used = [], set()
    for literal, name, _spec, _conversion in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            parts.append(values[name])
            used.add(name)
    if unused := set(values) - used:
        raise ValueError(f"no place for {sorted(unused)} in {template!r}")
    return "".join(parts)


def catalogue_path(code: str, domain: str) -> Path:
    """Where the catalogue of a language lies; ``domain`` is ``messages`` or ``data``."""
    return Path(str(resources.files("actuarial.reporting") / "catalogues" / code / f"{domain}.po"))


@cache
def _catalogue(code: str, domain: str) -> gettext.NullTranslations:
    if code == SOURCE:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalogue_path(code, domain).open("rb") as file:
        catalogue = read_po(file, locale=code, domain=domain)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _is_pseudo() -> bool:
    return language() == PSEUDO


def _bracketed(text: str) -> str:
    return text.join(_BRACKETS)

