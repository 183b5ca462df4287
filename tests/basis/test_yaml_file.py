"""Reading YAML strictly: traps of YAML 1.1 that change a figure, lines, and one message for all problems."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from actuarial.basis.errors import InputError, Problem, nearest, raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Multiplier, RateChange, Share
from actuarial.basis.yaml_file import StrictModel, dotted, lay_over, read_yaml, validate
from actuarial.basis.yaml_nodes import load


class Inner(StrictModel):
    share: Share
    name: str = "x"


class Outer(StrictModel):
    inner: Inner
    items: tuple[Inner, ...] = ()
    factor: Multiplier = 1.0
    add: RateChange = 0.0
    on: bool = True
    count: int = 1


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 0.001), ("NO", "NO"), ("on", "on"), ("012", 12), ("12:30", "12:30"), ("~", None), ("true", True)],
)
def test_yaml_1_2_scalars(tmp_path: Path, text: str, value: Any) -> None:
    read = read_yaml(write(tmp_path, f"a: {text}\n")).data["a"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", ["line 3", "duplicate key", '"a"']),
        ("a: [1\n", ["line 2", "expected"]),
        ("- 1\n", ["a mapping", "a list"]),
        ("", ["a mapping", "nothing"]),
    ],
)
def test_what_is_not_one_mapping_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml(write(tmp_path, text))
    assert all(w in str(caught.value) for w in ["a.yaml", *words])


def test_missing_file_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_yaml(tmp_path / "latin.yaml")


def test_one_message_lists_every_problem_with_its_line(tmp_path: Path) -> None:
    text = "inner:\n  share: 30\n  nmae: y\nitems:\n  - {share: 0.5}\n  - {share: -1}\n"
    text += "factor: '2'\nadd: 2\non: NO\ncount: 1.5\n"
    with pytest.raises(InputError) as caught:
        validate(read_yaml(write(tmp_path, text)), Outer)
    message = str(caught.value)
    assert "7 problems" in message
    for words in [
        "line 2, inner.share: a share is a fraction of a whole; found 30, allowed 0 to 1; for 30 % write 0.3",
        "line 3, inner.nmae: unknown key; did you mean 'name'? Allowed here: share, name",
        "line 6, items[1].share: a share is a fraction of a whole; found -1, allowed 0 to 1",
        "line 7, factor: must be a number; found '2' (text)",
        "line 8, add: a change of a yearly rate is a fraction; found 2, allowed -0.2 to 0.2; for 2 % write 0.02",
        "line 9, on: must be true or false; found 'NO' (text)",
        "line 10, count:",
    ]:
        assert words in message


def test_limits_are_told_in_plain_words(tmp_path: Path) -> None:
    class Limited(StrictModel):
        name: Annotated[str, Field(min_length=1)]
        pair: Annotated[tuple[int, ...], Field(min_length=2)]
        way: Annotated[str, Field(pattern=r"^[A-Z]{3}-[A-Z]{3}$")]
        factor: Multiplier

    with pytest.raises(InputError) as caught:
        validate(read_yaml(write(tmp_path, "name: ''\npair: []\nway: ab\nfactor: 1e9\n")), Limited)
    message = str(caught.value)
    assert "line 1, name: found an empty text" in message
    assert "line 2, pair: found no entries; at least 2 must stand here" in message
    assert "line 3, way: found 'ab' (text); it must be two codes of three capital letters with a hyphen between them" in message
    assert "line 4, factor: " in message
    assert "% write" not in message  # a hundredth of it is not allowed either


def test_missing_key_and_scalar_for_mapping(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 1, inner\.share: this key is missing"):
        validate(read_yaml(write(tmp_path, "inner: {name: a}\n")), Outer)
    with pytest.raises(InputError, match="line 1, inner: found '3'; expected keys with values: share, name"):
        validate(read_yaml(write(tmp_path, "inner: 3\n")), Outer)


def test_models_cannot_be_changed() -> None:
    model = Inner(share=0.5)
    with pytest.raises(ValueError, match="frozen"):
        model.share = 0.6  # type: ignore[misc]


def test_lay_over_keeps_the_place_of_every_value(tmp_path: Path) -> None:
    text = "inner:\n  share: 0.1\n  name: low\nitems: [{share: 1}, {share: 1}]\n"
    lower = read_yaml(write(tmp_path, text, "low.yaml"))
    upper = read_yaml(write(tmp_path, "# comment\ninner:\n  name: up\nitems: []\n", "up.yaml"))
    merged = lay_over(lower, upper)
    assert merged.data == {"inner": {"share": 0.1, "name": "up"}, "items": ()}
    assert (merged.where(("inner", "share")).file.name, merged.where(("inner", "share")).line) == ("low.yaml", 2)
    assert (merged.where(("inner", "name")).file.name, merged.where(("inner", "name")).line) == ("up.yaml", 3)
    assert merged.where(("items", 1, "share")).file.name == "up.yaml"


KEYS = st.text("abc", min_size=1, max_size=2)
TREES = st.dictionaries(
    KEYS, st.recursive(st.integers(), lambda t: st.dictionaries(KEYS, t, max_size=3), max_leaves=6), max_size=4
)


@given(TREES, TREES)
def test_lay_over_is_a_merge(
    tmp_path_factory: pytest.TempPathFactory, lower: dict[str, Any], upper: dict[str, Any]
) -> None:
    """Upper wins key by key; laying a document over itself changes nothing; every value has a place."""
    folder = tmp_path_factory.mktemp("merge")
    low = read_yaml(write(folder, f"top: {lower}\n", "low.yaml"))
    up = read_yaml(write(folder, f"top: {upper}\n", "up.yaml"))

    def merge(a: Any, b: Any) -> Any:
        if isinstance(a, dict) and isinstance(b, dict):
            return {k: merge(a[k], b[k]) if k in a and k in b else (b if k in b else a)[k] for k in {**a, **b}}
        return b

    merged = lay_over(low, up)
    assert merged.data["top"] == merge(lower, upper)
    assert lay_over(up, up).data == up.data

    def paths(tree: Any, at: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return [at] + [p for k, v in tree.items() for p in paths(v, (*at, k))] if isinstance(tree, dict) else [at]

    assert all(p in merged.origins for p in paths(merged.data["top"], ("top",)))


def test_nearest_name() -> None:
    assert nearest("Uganda", ["UGA", "KEN"]) == "UGA"
    assert nearest("kne", ["UGA", "KEN"]) == "KEN"
    assert nearest("zzz", ["UGA", "KEN"]) is None


def test_another_word_is_no_misspelt_name() -> None:
    marks, answers = ["verified", "partial", "recalled", "derived", "assumed"], ["yes", "no"]
    assert [nearest(word, marks) for word in ("sure", "known", "estimated")] == [None, None, None]
    assert [nearest(word, answers) for word in ("maybe", "guess")] == [None, None]
    assert nearest("asumd", marks) == "assumed" and nearest("yess", answers) == "yes"


PROBLEMS = st.builds(Problem, st.sampled_from(["a", "b"]), st.integers(0, 9), st.just("f"), st.text("xyz", min_size=1))


@given(st.lists(PROBLEMS, max_size=6))
def test_all_problems_are_told_in_order(problems: list[Problem]) -> None:
    if not problems:
        raise_problems(problems)
        return
    with pytest.raises(InputError) as caught:
        raise_problems(problems)
    message = str(caught.value)
    assert all(str(p) in message for p in problems)
    assert caught.value.exit_code == 2


def test_dotted_path_shows_years_and_positions() -> None:
    assert dotted(("a", 0, "b", 2026)) == "a[0].b.2026"


def test_figures_are_taken_apart(tmp_path: Path) -> None:
    text = "a:\n  value: 3\n  unit: months\n  source: law\n  confidence: verified\nb: {c: 5}\n"
    document, figures, problems = take_figures(read_yaml(write(tmp_path, text)), required_below=("b",))
    assert document.data == {"a": 3, "b": {"c": 5}}
    assert figures == {("a",): Figure(value=3, unit="months", source="law", confidence="verified")}
    assert [str(p) for p in problems] == [
        "line 6, b.c: found the bare value 5; write it as {value, unit, source, year, confidence, reason}"
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("confidence: assumed", "must give its 'reason'"),
        ("confidence: sure\n  reason: r", "Allowed: verified, partial, recalled, derived, assumed"),
        ("confidence: verified\n  raeson: r", "did you mean 'reason'?"),
    ],
)
def test_a_figure_must_be_explained(tmp_path: Path, lines: str, words: str) -> None:
    _, _, problems = take_figures(read_yaml(write(tmp_path, f"a:\n  value: 3\n  source: law\n  {lines}\n")))
    assert any(words in str(p) and str(p).count("a") for p in problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0o17", 15), ("0x1F", 31), ("-.inf", float("-inf")), ("1_000", "1_000"), ("0b1", "0b1"), (".5", 0.5), ("5.", 5.0), ("+1E3", 1000.0),
        ("'1'", "1"), ("!!str 1", "1"), ("!!float 1", 1.0), ("2025-12-31", date(2025, 12, 31)), ("2025-12-31 10:00", "2025-12-31 10:00"),
        ("NULL", None), ("", None), ("TRUE", True), ("Yes", "Yes"), ("1e", "1e"), ("|\n  x\n  y\n", "x\ny\n"), ("<<", "<<"), ("=", "="),
    ],
)  # fmt: skip
def test_scalars_of_the_core_schema(tmp_path: Path, text: str, value: Any) -> None:
    """YAML 1.2.2, §10.3.2, and dates."""
    read = read_yaml(write(tmp_path, f"a: {text}\n")).data["a"]
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x {b: *x}\n", ["line 1", "own anchor"]),
        ("a: 1\nb: !python/object:os.system x\n", ["line 2", "is not read here"]),
        ("? [a, b]\n: 1\n", ["line 1", "a key must be"]),
        ("a: 1\n<<: 3\n", ["line 2", "<< takes"]),
        ("a: 1\n---\nb: 2\n", ["line 2", "another document"]),
        ("a: 2025-02-30\n", ["line 1", "'2025-02-30' is not a value of the kind timestamp"]),
        ("a: !!int x\n", ["line 1", "'x' is not a value of the kind int"]),
        ("a: \x01\n", ["a.yaml", "not allowed"]),
    ],
)
def test_what_this_project_does_not_read_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml(write(tmp_path, text))
    assert all(w in str(caught.value) for w in words)


def test_lines_of_lists_and_merged_mappings(tmp_path: Path) -> None:
    text = "base: &b\n  x: 1\n  y: 2\nlist:\n  -\n    - 1\n  - z: 3\nown:\n  y: 5\n  <<: *b\n"
    document = read_yaml(write(tmp_path, text))
    assert document.data["list"] == ((1,), {"z": 3}) and document.data["own"] == {"y": 5, "x": 1}
    lines = {dotted(at): origin.line for at, origin in document.origins.items() if at}
    assert lines == {
        "base": 1, "base.x": 2, "base.y": 3, "list": 4, "list[0]": 6, "list[0][0]": 6, "list[1]": 7, "list[1].z": 7, "own": 8, "own.y": 9, "own.x": 2,
    }  # fmt: skip


TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_subnormal=False) | TEXTS
NAMES = st.text("abc019.-", min_size=1)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(NAMES, v, max_size=3), max_leaves=8)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_json_is_read_as_it_was_written(tree: dict[str, Any]) -> None:
    """JSON is a part of YAML 1.2: every value comes back with its type, every place with a line."""
    found, lines = load(json.dumps(tree, ensure_ascii=False).replace("Infinity", ".inf"))

    def listed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: listed(inner) for key, inner in value.items()}
        return [listed(inner) for inner in value] if isinstance(value, tuple) else value

    assert repr(listed(found)) == repr(tree)
    assert set(lines.values()) <= {1}
