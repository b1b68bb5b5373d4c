"""A test that cannot fail is no test: each one asserts, expects or counts something."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
SAYS = {"raises", "fail", "expect", "warns", "django_assert_num_queries", "django_assert_max_num_queries"}
AT_ONCE = {"is_visible", "is_hidden", "is_checked", "inner_text", "text_content", "input_value"}
OF_EVERYBODY = {"start", "stop", "close", "kill", "wait", "leave"}  # names that pages and processes have as well

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Helpers:
    """Functions and methods of the tests that assert, themselves or by calling one that does."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        """trees: by file, as "tests/web/test_x.py"."""
        self._known = {name: names_in(tree) for name, tree in trees.items()}
        methods = {
            f for tree in trees.values() for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for f in functions(c)
        }
        self.functions: set[tuple[str, str]] = set()  # (file, name)
        self.methods: set[str] = set()
        known = -1
        while known < (known := len(self.functions) + len(self.methods)):
            for name, tree in trees.items():
                for each in functions(tree):
                    if each.name.startswith("test_") or not self.speaks(each, name):
                        continue
                    if each not in methods:
                        self.functions.add((name, each.name))
                    elif each.name not in OF_EVERYBODY:
                        self.methods.add(each.name)

    def speaks(self, function: Function, file: str) -> bool:
        return any(isinstance(node, ast.Assert) or self._is_said(node, file) for node in ast.walk(function))

    def _is_said(self, node: ast.AST, file: str) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            return name in SAYS or (self._known[file].get(name, file), name) in self.functions
        return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SAYS | self.methods


def names_in(tree: ast.Module) -> dict[str, str]:
    """The file each imported name of the tests comes from."""
    return {
        alias.name: node.module.replace(".", "/") + ".py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tests.")
        for alias in node.names
    }


def functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def silent_tests(sources: dict[str, str]) -> list[str]:
    """As "file::test" for each test that could not fail but by breaking."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    helpers = Helpers(trees)
    return [
        f"{name}::{function.name}"
        for name, tree in trees.items()
        for function in functions(tree)
        if function.name.startswith("test_") and not helpers.speaks(function, name)
    ]


def hasty_asserts(sources: dict[str, str]) -> list[str]:
    """As "file:line" for each assertion about a live page that does not wait for it, as `expect` does."""
    return [
        f"{name}:{node.lineno}"
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
        for call in ast.walk(node.test)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in AT_ONCE
    ]


@pytest.fixture(scope="module")
def sources():
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(HERE.rglob("*.py"))}


def test_every_test_says_what_must_be(sources):
    assert len(sources) > 50
    assert silent_tests(sources) == []


def test_pages_are_waited_for(sources):
    assert hasty_asserts(sources) == []


@pytest.mark.parametrize(
    ("line", "hasty"),
    [
        ("assert page.get_by_text('Kept').is_visible()", True),
        ("assert not page.locator('#it').is_hidden(), 'why'", True),
        ("assert page.locator('#it').inner_text().split() == ['8']", True),
        ("expect(page.get_by_text('Kept')).to_be_visible()", False),
        ("assert told == 'Kept'", False),
    ],
)
def test_haste_is_found(line, hasty):
    assert hasty_asserts({"tests/a.py": line}) == (["tests/a.py:1"] if hasty else [])


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        ("page.goto('/')", True),
        ("page.locator('h1').is_visible()", True),
        ("page.check('#box')", True),
        ("look(page)", True),
        ("check(page)", False),
        ("twice(page)", False),
        ("Visitor().sees(page)", False),
        ("expect(page).to_have_title('x')", False),
        ("with pytest.raises(ValueError):\n        int('x')", False),
        ("assert page", False),
    ],
)
def test_silence_is_found_also_behind_helpers(body, silent):
    helpers = """
def check(p):
    assert p

def twice(p):
    check(p)

class Visitor:
    def sees(self, p):
        twice(p)
"""
    source = f"{helpers}\ndef test_it(page):\n    {body}\n"
    elsewhere = "def look(page):\n    assert page\n"
    found = silent_tests({"tests/a.py": source, "tests/b.py": elsewhere})
    assert (found == ["tests/a.py::test_it"]) == silent


@pytest.mark.parametrize(("imported", "silent"), [("from tests.b import look", False), ("look = print", True)])
def test_a_helper_counts_where_it_comes_from(imported, silent):
    sources = {
        "tests/a.py": f"{imported}\n\ndef test_it(page):\n    look(page)\n",
        "tests/b.py": "def look(page):\n    assert page\n",
    }
    assert (silent_tests(sources) == ["tests/a.py::test_it"]) == silent


def test_each_file_of_tests_has_a_name_of_its_own():
    """Folders are no packages here: of two files with one name pytest reads the first, and stops at the second."""
    names = Counter(path.name for path in HERE.rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.xdist_group("kept together")
def test_what_shares_a_server_stays_on_one_worker(request):
    """pytest-xdist groups by a suffix of the test's name; where pytest keeps the name elsewhere, it groups nothing."""
    grouping = hasattr(request.config, "workerinput") and request.config.getvalue("loadgroup")
    assert request.node.nodeid.endswith("@kept together") == bool(grouping)
