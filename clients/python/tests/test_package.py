"""The wheel, installed as a user would into an environment that has nothing else."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    ended = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_wheel_works_in_a_clean_environment_with_httpx_alone(tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    # The build's one requirement comes with the pinned ones of the tests, so nothing is downloaded for it.
    run(*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("tailrace-*.whl")
    contents = zipfile.ZipFile(wheel).namelist()
    assert "tailrace/py.typed" in contents
    assert not [name for name in contents if "test" in name]

    clean = tmp_path / "venv"
    venv.create(clean, with_pip=False)
    python = clean / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = (*pip, "--python", python, "install", "-q", "--no-compile")
    run(*install, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=tmp_path)
    # Without an index: what the wheel needs is there already.
    run(*install, "--no-index", wheel, cwd=tmp_path)
    program = "import tailrace; print(tailrace.SSEPublisher.__name__, tailrace.__version__, tailrace.__file__)"
    name, version, file = run(python, "-c", program, cwd=tmp_path).split()
    assert (name, version) == ("SSEPublisher", wheel.name.split("-")[1])
    assert Path(file).is_relative_to(clean)


def test_the_types_are_strict() -> None:
    run(sys.executable, "-m", "mypy", cwd=ROOT)
