"""The shape of the house: who may import whom, how long a file may be, and that a package holds all that it needs."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("crawler", "audits", "results", "commands")
LONGEST = 300


def sources():
    yield ROOT / "cli.py"
    for room in (*ROOMS, "rules", "tests"):
        yield from (ROOT / room).rglob("*.py")


def test_the_contracts_between_rooms_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 kept, 0 broken" in done.stdout


def test_no_file_is_too_long_to_be_read_in_one_go():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_package_is_named_in_the_project_file():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = set(project["tool"]["setuptools"]["packages"])
    present = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for room in (*ROOMS, "rules")
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert present == named


def test_an_installed_veedor_has_all_its_data(tmp_path):
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        tmp_path,
        tmp_path / "source",
    ]
    copy_source(tmp_path / "source")
    subprocess.run(list(map(str, build)), check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(ROOT).as_posix() for room in (*ROOMS, "rules") for path in (ROOT / room).rglob("*") if is_data(path)}
    assert data - packed == set()


def is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".py", ".pyc") and not {"__pycache__", "fixtures"} & set(path.parts)


def copy_source(target: Path) -> None:
    """What a wheel is built from, away from the checkout, which a build would litter."""
    target.mkdir()
    for name in ("pyproject.toml", "README.md", "cli.py"):
        (target / name).write_bytes((ROOT / name).read_bytes())
    for room in (*ROOMS, "rules"):
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = target / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
