"""The tests that docs/clients.md names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "clients.md"
NAMED = re.compile(r"`([^`]+)`|\]\((\.\./clients/[^)]*/test[^)]*)\)")


def named() -> list[tuple[str, Path]]:
    """Each test that a cell of a table names, with the file that the next link leads to."""
    found: list[tuple[str, Path]] = []
    cells = [cell for line in PAGE.read_text().splitlines() if line.startswith("|") for cell in line.split(" | ")]
    for cell in cells:
        names: list[str] = []
        for name, file in NAMED.findall(cell):
            if name:
                names.append(name)
            else:
                # A test's name is a sentence; an option, a header or a state is not.
                found += [(each, PAGE.parent / file) for each in names if " " in each or each.startswith("test_")]
                names.clear()
    return found


def titles(file: Path) -> list[str]:
    """The names of a file's tests, as patterns: a part that is put in when the test runs can be anything."""
    text = file.read_text()
    if file.suffix == ".py":
        return re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE)
    found = re.findall(r"\btest\((['`])(.*?)\1,", text)
    return [".+".join(map(re.escape, re.split(r"\$\{[^}]*\}", title))) for _, title in found]


@pytest.mark.parametrize(("name", "file"), named())
def test_a_test_that_the_documents_name_is_there(name: str, file: Path) -> None:
    there = (re.fullmatch(title, name) or title.startswith(re.escape(name)) for title in titles(file))
    assert any(there), f"{name} is not in {file.name}"


def test_the_documents_name_tests() -> None:
    assert len(named()) > 40
