"""Values that no honest file holds: numbers beyond all bounds, texts that other programs take for commands, look-alikes, bombs."""

from __future__ import annotations

from random import Random
from typing import Any, Final

NUMBERS: Final = (
    "nan",
    ".nan",
    "NaN",
    "inf",
    ".inf",
    "-.inf",
    "1e400",
    "-1e400",
    "1e308",
    "-1e308",
    "5e-324",
    "0",
    "-0.0",
    "-1",
    "1",
    "2",
    "100",
    "1000000",
    "1e18",
    "9007199254740993",
    "99999999999999999999",
    "1" + "0" * 300,
    "0x" + "f" * 5000,
    "0o777",
    "1_000",
    "1,5",
    "1.234,5",
    "12%",
    "１２",
    "٣",
    "½",
    "1/0",
    "1/3",
    "0/5",
    "1e",
    "--1",
    "+-1",
    " 7 ",
    "7\u00a0000",
    "0b1",
    "1e-400",
    "2025-12-31",
    "9999-12-31",
    "0001-01-01",
    "2025-02-30",
    "12:30:00",
)
WORDS: Final = (
    "",
    "~",
    "null",
    "true",
    "false",
    "yes",
    "NO",
    "on",
    "none",
    "base",
    "KEN",
    "all",
    "{}",
    "[]",
    "- -",
    ": ",
    "#",
    "&a",
    "*a",
    "!!python/object:os.system x",
)
MARKUP: Final = (
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1",
    '=HYPERLINK("http://e.x","a")',
    "<script>alert(1)</script>",
    "</style><script>",
    "</title>",
    "]]>",
    "<![CDATA[",
    "<!--",
    '"onmouseover="alert(1)',
    "' onfocus='x",
    "javascript:alert(1)",
    "[a](javascript:alert(1))",
    "![x](http://e.x/y.png)",
    '#image("/etc/passwd")',
    '#read("/etc/passwd")',
    "#panic()",
    '#eval("1")',
    "$x^2$",
    "{{7*7}}",
    "{% raw %}",
    "{{ ''.__class__ }}",
    "${7*7}",
    "%s%n%x",
    "\\input{/etc/passwd}",
    "`id`",
    "$(id)",
    "; rm -rf x",
    "../../../../etc/passwd",
    "\\u0000",
    "&lt;b&gt;",
    "&#0;",
    "&xxe;",
    "*b* _i_ ~s~",
    "<a href='x'>y</a>",
)
CONTROLS: Final = (
    "\x00",
    "\x07",
    "\x08",
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\x9b31m",
    "\u2028",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\ufffe",
    "\r",
)
INVISIBLE: Final = ("\u200b", "\u00a0", "\u00ad", "\u200d", "\u3000", "e\u0301", "\U0001f600", "\U000e0041", "ﷺ")
LOOKALIKES: Final = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "K": "Κ",
    "E": "Е",
    "N": "Ν",
    "A": "А",
    "1": "１",
    "0": "Ο",
    "-": "‐",
    ":": "：",
    " ": "\u00a0",
}


def number(rng: Random) -> str:
    """A number, or what only looks like one."""
    return rng.choice(NUMBERS) if rng.random() < 0.8 else repr(rng.choice((1, -1)) * 10 ** rng.uniform(-12, 30))


def text(rng: Random) -> str:
    """A text of some length that may hold anything."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice(MARKUP)
    if kind == 1:
        return rng.choice(WORDS)
    if kind == 2:
        return "x" + rng.choice(CONTROLS) + "y"
    if kind == 3:
        return rng.choice(INVISIBLE) * rng.choice((1, 3, 200))
    if kind == 4:
        return rng.choice(("a", "ab ", "é", "W", "[", "{", "(", "'", '"', "\\", "\n")) * rng.choice((10, 300, 20_000))
    return "".join(
        chr(rng.choice((rng.randrange(32, 127), rng.randrange(160, 0xD800), rng.randrange(0x10000, 0x10FFFF)))) for _ in range(rng.randrange(1, 30))
    )


def lookalike(rng: Random, given: str) -> str:
    """The text with one sign replaced by another that looks the same."""
    places = [i for i, sign in enumerate(given) if sign in LOOKALIKES]
    if not places:
        return given + rng.choice(INVISIBLE)
    at = rng.choice(places)
    return given[:at] + LOOKALIKES[given[at]] + given[at + 1 :]


def value(rng: Random, depth: int = 0) -> Any:
    """A value of any kind, for a tree that is written as YAML or JSON."""
    kind = rng.randrange(9 if depth < 3 else 6)
    match kind:
        case 0:
            return text(rng)
        case 1:
            return rng.choice((0, 1, -1, 2, 10, 100, 2025, 2026, 2100, 10**9, 10**18, 2**63, 10**30, -(10**25)))
        case 2:
            return rng.choice((0.0, -0.0, 0.5, 1.0, 1.5, -0.3, 1e-300, 1e300, float("inf"), float("-inf"), float("nan"), 1e16))
        case 3:
            return rng.choice((True, False, None))
        case 4:
            return rng.choice(("KEN", "KEN-UGA", "ZZZ", "none", "base", "eac-directive", "1/0", "5/0", "2/3", "10000000000000000000/3", "2026", "-1"))
        case 5:
            return rng.choice((rng.uniform(-2, 2), rng.uniform(-1e6, 1e6), rng.randrange(-5, 3000)))
        case 6:
            return [value(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 5)))]
        case 7:
            return {str(value(rng, 9))[:40]: value(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 4)))}
        case _:
            return {"value": value(rng, depth + 1), "source": text(rng), "confidence": "verified", "unit": text(rng)}
