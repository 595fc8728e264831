"""House rules that a linter cannot know. Limits only ever go down."""

import ast
import re
import subprocess
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted([*Path(ROOT / "src").rglob("*.py"), *Path(ROOT / "workers").rglob("*.py")])
ALL_PYTHON = sorted([*CODE, *Path(ROOT / "tests").rglob("*.py"), *Path(ROOT / "migrations").rglob("*.py")])
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60
RESOLVER_STATEMENT_LINES_MAX = 12
DOMAIN_FILES = {"service.py", "queries.py", "flows.py"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("source", ALL_PYTHON, ids=relative)
def test_files_and_functions_stay_small(source: Path) -> None:
    text = source.read_text()

    assert text.count("\n") <= FILE_LINES_MAX
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < FUNCTION_LINES_MAX, node.name


def test_every_module_says_what_it_owns() -> None:
    silent = [relative(source) for source in CODE if ast.get_docstring(ast.parse(source.read_text())) is None]

    assert silent == []


def is_use_case_module(path: Path) -> bool:
    return "api" not in path.parts and (path.name in DOMAIN_FILES or path.parent.name == "service")


@pytest.mark.parametrize("source", [path for path in CODE if is_use_case_module(path)], ids=relative)
def test_public_use_cases_say_what_they_promise(source: Path) -> None:
    for node in ast.parse(source.read_text()).body:
        if not isinstance(node, ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        promise = ast.get_docstring(node) or ""
        raised = {
            inner.exc.func.id
            for inner in ast.walk(node)
            if isinstance(inner, ast.Raise) and isinstance(inner.exc, ast.Call) and isinstance(inner.exc.func, ast.Name)
        }

        assert promise, node.name
        assert all(name in promise for name in raised), (node.name, raised)


def test_a_domain_writes_only_its_own_tables() -> None:
    graph = grimp.build_graph("shop_graphql")
    for module in graph.modules:
        parts = module.split(".")
        if not {"service", "jobs", "flows"} & set(parts) or {"api", "dev", "cli"} & set(parts):
            continue
        imported = {name for name in graph.find_modules_directly_imported_by(module) if "models" in name.split(".")}

        assert all(name.split(".")[1] == parts[1] for name in imported), (module, imported)


def test_only_the_database_module_commits() -> None:
    offenders = [
        relative(source)
        for source in CODE
        if re.search(r"\.(commit|rollback)\(", source.read_text())
        and source.parts[-2:] != ("platform", "db.py")
        and "dev" not in source.parts
    ]

    assert offenders == []


CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}


def test_nothing_but_the_clock_tells_the_time() -> None:
    offenders = [
        (relative(source), node.lineno)
        for source in CODE
        if not {"dev", "cli"} & set(source.parts) and source.name != "clock.py"
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
    ]

    assert offenders == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error")

    assert [relative(source) for source in ALL_PYTHON if marks.search(source.read_text())] == []


def test_resolvers_stay_thin() -> None:
    for source in CODE:
        if "api" not in source.parts or source.name not in {
            "queries.py",
            "mutations.py",
            "subscriptions.py",
            "types.py",
        }:
            continue
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = sum((statement.end_lineno or 0) - statement.lineno + 1 for statement in body)

                assert lines <= RESOLVER_STATEMENT_LINES_MAX, (relative(source), node.name, lines)


def test_no_file_names_a_registry_or_this_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    forbidden = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|" + re.escape(str(ROOT.parent)) + r"/\w")
    offenders = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 2_000_000:
            text = path.read_text(errors="ignore")
            if forbidden.search(text) and path != Path(__file__):
                offenders.append(name)

    assert offenders == []
