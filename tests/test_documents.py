"""What the documents say is what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from typer.main import get_command

from bot.commands.table import COMMANDS
from bot.config import Config, load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readmes_table_of_commands_is_the_programs() -> None:
    rows = [
        f"| `/{' '.join(filter(None, (command.name, command.arguments)))}` | {command.summary} |".replace(
            " | 30m | 2h", r" \| 30m \| 2h"
        )
        for command in COMMANDS
    ]
    table = [line for line in README.splitlines() if line.startswith("| `/")]
    assert table == rows
    assert "\n".join(["| command | does |", "|---|---|", *rows, ""]) in README  # a row apart is no row of a table


def test_every_call_of_the_program_is_in_the_readme() -> None:
    from bot.cli import program

    for name in get_command(program).commands:  # type: ignore[attr-defined]
        assert f"| `dateline {name}" in README


def test_the_example_configuration_is_valid_and_says_the_defaults() -> None:
    example = ROOT / "config.example.toml"
    config, default = load(example, {}), Config()
    for section in ("telegram", "storage", "delivery", "fetch", "http"):
        assert getattr(config, section) == getattr(default, section)
    keys = tomllib.loads(example.read_text(encoding="utf-8"))
    for section in ("telegram", "storage", "delivery", "fetch", "http"):
        assert set(keys[section]) == set(type(getattr(default, section)).model_fields)


def test_the_files_that_the_documents_name_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for name in re.findall(r"`((?:bot|storage|tests)/[\w./]+)`", text):
            assert (ROOT / name).exists(), f"{document} names {name}"
