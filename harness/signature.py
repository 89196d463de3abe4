"""Short hashes, and readable signatures of everything that a number depends on.

A signature looks like sacrebleu's: ``kind|option:value|…|code:1a2b3c4d``. Equal signatures mean the same computation.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from functools import cache, lru_cache
from pathlib import Path

# Changes to these modules change no number. All other code that a plugin imports enters its signature.
_PLUMBING = frozenset({f"harness{name}" for name in ("", ".records", ".errors", ".files", ".seams", ".weights.store")})


def digest(*parts: object) -> str:
    """Hash the parts as canonical JSON: the first 16 hex digits of the SHA-256."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]


def kind_of(signature: str) -> str:
    """Return the plugin's kind, the first part of a signature."""
    return signature.partition("|")[0]


def parts_of(signature: str) -> dict[str, str]:
    """Return the options in a signature: stemmer → yes, code → 1a2b3c4d for ``rouge|stemmer:yes|code:1a2b3c4d``."""
    split = (part.partition(":") for part in signature.split("|")[1:])
    return {name: value for name, _, value in split}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cached_digest(path: Path) -> str:
    """Return ``file_digest``, cached until the file's time or size changes, because every request needs signatures."""
    state = path.stat()
    return _digest_of(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _digest_of(path: Path, changed: int, size: int) -> str:
    return file_digest(path)


@cache
def code_version(module: str) -> str:
    """Hash the code of a module and of the modules that it imports from harness and its own package: 8 hex digits.

    Comments and docstrings do not count.
    """
    code: dict[str, object] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in code or name in _PLUMBING or not (read := _read(name)):
            continue
        code[name], imports = read
        waiting += imports
    return digest(code)[:8]


@cache
def _read(module: str) -> tuple[object, list[str]] | None:
    """Return the code without comments and docstrings, and the modules it may import; None if it has no .py file."""
    try:
        spec = importlib.util.find_spec(module)
    except (ModuleNotFoundError, ValueError):  # ValueError: a module without a spec, such as __main__
        return None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    imports = [name for node in ast.walk(tree) for name in _list_imports(node, module, spec.parent or "")]
    return _simplify(tree), imports


def _simplify(code: object) -> object:
    """Turn a syntax tree into lists without docstrings and empty fields, the same in every version of Python."""
    if isinstance(code, list):
        return [_simplify(each) for each in code if not (type(each) is ast.Expr and type(each.value) is ast.Constant)]
    if not isinstance(code, ast.AST):
        return ascii(code)  # repr depends on the version of Unicode
    fields = [(name, value) for name, value in ast.iter_fields(code) if value not in (None, [])]
    return [type(code).__name__, *((name, _simplify(value)) for name, value in fields)]


def _list_imports(node: ast.AST, module: str, package: str) -> list[str]:
    """Return the modules of harness and of the module's own package that a node may import."""
    names: list[str] = []
    if isinstance(node, ast.ImportFrom):
        origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        names = [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    return [name for name in names if name.partition(".")[0] in ("harness", module.partition(".")[0])]
