"""The documentation says what is there: every command, every path, every make target; and nothing that is not."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from cli import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
OUR_FILES = {".py", ".md", ".toml", ".html", ".css", ".csv", ".lock", ".txt", ""}
LEFT_OUT = {"demo-data", "veedor-data", "build", "dist", "__pycache__", "veedor.egg-info"}


def commands(command=None, name="veedor"):
    """Every command below one, with the words by which it is called."""
    command = command or get_command(app)
    children = getattr(command, "commands", {})
    if not children:
        yield name, command
    for child in children.values():
        yield from commands(child, f"{name} {child.name}")


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_has_help_an_example_and_a_place_in_the_docs(name, command):
    assert command.help
    assert name in command.epilog, "the example shows another command"
    assert all(option.help for option in command.params if option.name != "help")
    assert name in (ROOT / "docs/cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_the_readme_mentions_every_command(name):
    group = name.rsplit(" ", 1)[0]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert name in text or (group != "veedor" and group in text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")):
            assert target in targets, f"{page.name}: make {target}"


def our_files():
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci", ".gitignore") for part in parts)
        if path.is_file() and path.suffix in OUR_FILES and not hidden and not LEFT_OUT & set(parts):
            yield path


def test_no_file_names_a_place_of_one_machine_or_a_registry_of_packages():
    machine = re.compile(
        "|".join(("/wor" + "k/", "/hom" + "e/[a-z]", "/roo" + "t/", "--index-" + "url ", "files.python" + "hosted"))
    )
    for path in our_files():
        found = machine.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found}"


def test_the_lock_pins_every_dependency_with_a_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = {name.lower() for name in re.findall(r'^    "([A-Za-z0-9._-]+)>=', project, re.MULTILINE)}
    assert wanted
    assert wanted <= pinned
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in lock
