"""Make methods.json anew: `python -m bot.sandbox.botapi.renew api.json`.

`api.json` is the machine-readable Bot API of PaulSonOfLars/telegram-bot-api-spec (MIT, its notice is in LICENSE here).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("methods.json")


def compact(spec: dict[str, Any]) -> dict[str, Any]:
    """By method: each parameter's types, joined by "|", with a "!" where it is required."""
    methods = {
        name: {
            field["name"]: "|".join(field["types"]) + ("!" if field["required"] else "")
            for field in method.get("fields", [])
        }
        for name, method in sorted(spec["methods"].items())
    }
    return {"version": spec["version"], "methods": methods}


def written(table: dict[str, Any]) -> str:
    """One line a method, so that a new version shows in the diff what has changed."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in table["methods"].items())
    return f'{{"version": {json.dumps(table["version"])}, "methods": {{\n{lines}\n}}}}\n'


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        TABLE.write_text(written(compact(json.load(file))), encoding="utf-8")
