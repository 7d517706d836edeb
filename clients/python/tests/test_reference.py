"""docs/reference/python.md is what the docstrings say."""

from __future__ import annotations

import runpy
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools" / "reference.py"


def test_the_reference_is_current() -> None:
    made = runpy.run_path(str(TOOL))
    assert made["PAGE"].read_text() == made["page"](), "python tools/reference.py makes it anew"
