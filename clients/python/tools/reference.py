"""Writes docs/reference/python.md from the docstrings and annotations of this package: python tools/reference.py"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import griffe

CLIENT = Path(__file__).parent.parent
PAGE = CLIENT.parent.parent / "docs" / "reference" / "python.md"
HEAD = """# Reference of the Python client

Made of the docstrings by `python tools/reference.py` in `clients/python`; a test checks that it is current.
[The quick start, and what the client promises](../../clients/python/README.md)."""
WIDTH = 100
STARS = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}


def page() -> str:
    """The whole page."""
    package = griffe.load("tailrace", search_paths=[CLIENT / "src"], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    public = [package[str(name)] for name in package.exports or ()]
    classes = [each.final_target if isinstance(each, griffe.Alias) else each for each in public]
    parts = [HEAD]
    for each in classes:
        if isinstance(each, griffe.Class) and not each.name.endswith("Error"):
            parts += class_parts(each, "##")
        elif isinstance(each, griffe.Function):
            parts += [f"## {each.name}", code(signature(each, each.name)), text(each)]
        elif isinstance(each, griffe.Attribute):
            parts += [f"## {each.name}", code(f"{each.name} = {each.value}"), text(each)]
    parts.append("## Errors")
    for each in classes:
        if isinstance(each, griffe.Class) and each.name.endswith("Error"):
            parts += class_parts(each, "###")
    parts += ["## Types in signatures", code("\n".join(aliases(package, " ".join(parts))))]
    return "\n\n".join(part for part in parts if part) + "\n"


def aliases(package: griffe.Module, page: str) -> Iterator[str]:
    """What is an abbreviation in the signatures of the page."""
    for module in package.modules.values():
        for each in module.attributes.values():
            is_type = re.fullmatch(r"[A-Z][a-z]\w+", each.name) and not str(each.value).startswith("TypeVar")
            if is_type and not each.is_alias and each.name not in package.members and re.search(rf"[:>\[|] ?{each.name}\b", page):
                yield f"{each.name} = {each.value}"


def class_parts(cls: griffe.Class, level: str) -> Iterator[str]:
    """A class: what makes it or what it is, its docstring, its fields, properties and methods."""
    bases = ", ".join(str(base) for base in cls.bases if not str(base).startswith("Generic"))
    yield f"{level} {cls.name}"
    made = cls.members.get("__init__")
    if "dataclass" in cls.labels:
        yield code("\n".join(f"{each.name}: {each.annotation}" for each in fields(cls)))
    elif isinstance(made, griffe.Function) and "Made by" not in text(cls) and not bases.endswith("Error"):
        yield code(signature(made, cls.name))
    elif bases:
        yield f"A kind of {', '.join(f'`{base}`' for base in bases.split(', '))}."
    yield text(cls)
    for member in cls.members.values():
        if not member.name.startswith("_") and isinstance(member, griffe.Function):
            yield f"{level}# {cls.name}.{member.name}"
            yield code("\n".join(signature(each, each.name) for each in member.overloads or [member]))
            yield text(member)
        elif not member.name.startswith("_") and "property" in member.labels:
            yield f"{level}# {cls.name}.{member.name}"
            yield text(member)


def fields(cls: griffe.Class) -> list[griffe.Attribute]:
    return [each for each in cls.members.values() if isinstance(each, griffe.Attribute) and "property" not in each.labels]


def signature(function: griffe.Function, name: str) -> str:
    """A function as a caller sees it; in a line for each parameter where it is long."""
    parts: list[str] = []
    keywords = False
    for each in function.parameters:
        if each.name in ("self", "cls"):
            continue
        if each.kind is griffe.ParameterKind.keyword_only and not keywords:
            keywords = True
            parts.append("*")
        annotation = "" if each.annotation is None else f": {each.annotation}"
        default = "" if each.default is None or each.kind in STARS else f" = {each.default}"
        parts.append(f"{STARS.get(each.kind, '')}{each.name}{annotation}{default}")
    prefix = "await " if "async" in function.labels else ""
    result = "" if function.name == "__init__" or function.returns is None else f" -> {function.returns}"
    line = f"{prefix}{name}({', '.join(parts)}){result}"
    if len(line) <= WIDTH:
        return line
    lines = "".join(f"    {part},\n" for part in parts)
    return f"{prefix}{name}(\n{lines}){result}"


def text(each: griffe.Object | griffe.Alias) -> str:
    """A docstring, whose names in double backquotes are Markdown's."""
    return "" if each.docstring is None else re.sub(r"``(.+?)``", r"`\1`", each.docstring.value.strip(), flags=re.DOTALL)


def code(lines: str) -> str:
    return f"```python\n{lines}\n```"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
