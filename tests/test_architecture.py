"""The rules of the house (docs/architecture.md), held by reading the source."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "marketplace"

# The chain, from the ground up: a slice may import those before it, never those after.
CHAIN = (
    "kernel",
    "web",
    "ledger",
    "files",
    "signatures",
    "places",
    "accounts",
    "policies",
    "notices",
    "organisations",
    "products",
    "ocop",
    "register",
    "promotion",
    "offers",
    "quotes",
    "clauses",
    "contracts",
    "annexes",
    "reports",
    "home",
)
# Modules beside the slices that everybody, or nobody, may import.
SHARED = {"columns", "config", "extensions", "textindex"}
TOP = {"app", "cli", "worker", "demo", "build"}
# Inside a slice: what a kind of file may not import of its own slice.
LAYERS = ("rules", "policy", "models", "queries", "service", "forms", "commands", "tasks", "routes")
EDGE = {"routes", "commands", "tasks"}
FLASK_FILES = {"app.py", "cli.py", "extensions.py", "worker.py"}
ALWAYS_PURE = {"rules", "policy"}


def files() -> list[Path]:
    """Every source file of the application."""
    return sorted(path for path in CODE.rglob("*.py") if "__pycache__" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """A parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def slice_of(path: Path) -> str | None:
    """The slice a file belongs to; None for the files at the top, which may be packages (demo/)."""
    parts = path.relative_to(CODE).parts
    return parts[0] if len(parts) > 1 and parts[0] not in TOP else None


def imports(path: Path) -> Iterator[str]:
    """The modules a file imports, `from package import module` written out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def identify(path: Path) -> str:
    """The name a test shows."""
    return str(path.relative_to(ROOT))


every_file = pytest.mark.parametrize("path", files(), ids=identify)


def test_every_slice_has_its_place_on_the_chain() -> None:
    found = {path.name for path in CODE.iterdir() if (path / "__init__.py").exists()}
    assert found - {"translations"} - TOP == set(CHAIN)


@every_file
def test_imports_point_down_the_chain(path: Path) -> None:
    here = slice_of(path)
    if here is None:
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "marketplace" or len(parts) < 2 or parts[1] in SHARED:
            continue
        assert parts[1] not in TOP, f"{identify(path)} imports {name}"
        if parts[1] in CHAIN:
            assert CHAIN.index(parts[1]) <= CHAIN.index(here), f"{identify(path)} imports {name}, which comes later"


@every_file
def test_imports_point_down_inside_a_slice(path: Path) -> None:
    here, layer = slice_of(path), path.stem
    if here is None or layer not in LAYERS:
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] == ["marketplace", here] and len(parts) > 2 and parts[2] in LAYERS:
            as_types = layer == "policy" and parts[2] == "models"
            assert as_types or LAYERS.index(parts[2]) <= LAYERS.index(layer), f"{identify(path)} imports {name}"


@every_file
def test_no_import_hides_in_a_function(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            hidden = [inner for inner in ast.walk(node) if isinstance(inner, (ast.Import, ast.ImportFrom))]
            assert not hidden, f"{identify(path)}:{hidden[0].lineno}"


def pure(path: Path) -> bool:
    """The kernel, every rules.py and policy.py, and each file whose caption begins with PURE."""
    caption = ast.get_docstring(tree(path)) or ""
    return slice_of(path) == "kernel" or path.stem in ALWAYS_PURE or caption.startswith("PURE")


def path_of(name: str) -> Path | None:
    """The file of a module of ours; None for a name inside one."""
    path = ROOT / (name.replace(".", "/") + ".py")
    return path if path.is_file() else None


@every_file
def test_pure_files_import_only_pure_things(path: Path) -> None:
    if not pure(path):
        return
    for name in imports(path):
        if name.split(".")[0] != "marketplace":
            assert name.split(".")[0] in sys.stdlib_module_names, f"{identify(path)} imports {name}"
            continue
        target = path_of(name)
        as_types = path.stem == "policy" and name.split(".")[2:3] == ["models"]
        assert target is None or pure(target) or as_types, f"{identify(path)} imports {name}"


@every_file
def test_flask_stays_at_the_edge(path: Path) -> None:
    here = slice_of(path)
    at_the_edge = (
        path.name in FLASK_FILES
        or here in ("web", "files", "signatures", "accounts")
        or path.stem.startswith(("routes", "commands", "tasks"))
    )
    if at_the_edge:
        return
    assert "flask" not in {name.split(".")[0] for name in imports(path)}, identify(path)


@every_file
def test_only_the_edge_commits(path: Path) -> None:
    if path.stem.startswith(("routes", "commands", "tasks")) or path == CODE / "web" / "writes.py":
        return
    assert "session.commit(" not in path.read_text(encoding="utf-8"), identify(path)


@every_file
def test_sizes_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, identify(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{identify(path)}:{node.lineno} {node.name} has {length} lines"


@every_file
def test_every_file_has_a_caption(path: Path) -> None:
    caption = ast.get_docstring(tree(path))
    assert caption, identify(path)


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=identify)
def test_templates_are_small_and_hold_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_template_is_used() -> None:
    sources = [path.read_text(encoding="utf-8") for path in [*files(), *TEMPLATES]]
    everything = "\n".join(sources)
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        by_number = name.startswith("errors/")
        assert by_number or f'"{name}"' in everything or f"'{name}'" in everything, f"{name} is never rendered"


def test_nothing_was_left_behind() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|except( Exception)?: *pass|# noqa")
    for path in files():
        assert not marks.search(path.read_text(encoding="utf-8")), identify(path)
