"""Files and answers against a real Tailrace: TAILRACE_URL, TAILRACE_PERSON_TOKEN of somebody with an account, and TAILRACE_MODEL."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tailrace import Answers, Files, RequestRefusedError, UploadProgress

URL = os.environ.get("TAILRACE_URL", "")
TOKEN = os.environ.get("TAILRACE_PERSON_TOKEN", "")
MODEL = os.environ.get("TAILRACE_MODEL", "")
pytestmark = pytest.mark.skipif(not (URL and TOKEN and MODEL), reason="TAILRACE_URL, TAILRACE_PERSON_TOKEN and TAILRACE_MODEL are not set")


def test_files_are_uploaded_and_their_texts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "groß.txt"
    path.write_text("It goes on where it was cut.\n" * 20_000)
    told: list[UploadProgress] = []
    with Files(URL, TOKEN) as files:
        large = files.upload(path, on_progress=told.append)
        assert (large.name, large.size, large.state) == ("groß.txt", path.stat().st_size, "ready")
        assert [each.phase for each in told if each.phase != "reading"][-2:] == ["stored", "ready"]
        assert files.text(large.id, 1).startswith("It goes on")
        all = files.upload_all([b"Hello", b""])
        assert [each.state for each in all.uploads] == ["ready"]
        assert isinstance(all.refused[0][1], RequestRefusedError)


def test_an_answer_is_what_the_model_says_and_is_there_for_whoever_comes_later() -> None:
    with Answers(URL, TOKEN) as answers:
        assert MODEL in [each["name"] for each in answers.models()]
        answer = answers.ask(MODEL, "Where are the gulls?")
        text = answer.text()
        assert text
        assert answers.resume(answer.id).text() == text
        assert answer.view()["text"] == text
        assert answer.cancel() == "completed"
        with pytest.raises(RequestRefusedError):
            answers.ask("nonsense", "Why?")
