"""How well the delivery does: `python tests/benchmarks/delivery.py [ROW...] [--runs 3] [--quick]`.

Prints the table of what is asked of it (Markdown), a row for each, medians of the runs: absolute figures, ratios to
what would be ideal, the target, and whether it is met. Telegram is the sandbox in a process of its own with its limits
on, judged on receipt: 1.02 r + 1 calls in any one second, and each chat's own. The bot is `dateline run`. Everything
stays on this machine, and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measuring.figures import Skipped, of_runs, verdict
from measuring.rows import Row, Scale, answering, bursts, memory, naively, sharing, steady, storing, trouble

FAMILIES = (steady, naively, bursts, answering, storing, memory, sharing, trouble)
ROWS: list[Row] = [row for family in FAMILIES for row in family.ROWS]


def main() -> None:
    options = _options()
    rows = [row for row in ROWS if not options.rows or row.name in options.rows]
    print("| what | target | measured | |\n|---|---|---|---|", flush=True)  # noqa: T201
    for row in rows:
        began = time.monotonic()
        print(asyncio.run(_line(row, options)), flush=True)  # noqa: T201
        print(f"{row.name}: {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201
    print(f"\n{_circumstances(options)}")  # noqa: T201


async def _line(row: Row, options: argparse.Namespace) -> str:
    try:
        runs = []
        for number in range(1 if row.is_once else options.runs):
            runs.append(await row.measure(Scale(number, options.quick)))
            print(f"{row.name}: {'; '.join(figure.words for figure in runs[-1])}", file=sys.stderr)  # noqa: T201
    except Skipped as reason:
        return f"| {row.what} | {row.target} | | skipped: {reason} |"
    except Exception:  # the other rows are not to blame
        traceback.print_exc()
        return f"| {row.what} | {row.target} | | failed |"
    figures = of_runs(runs)
    return f"| {row.what} | {row.target} | {'; '.join(figure.words for figure in figures)} | {verdict(figures)} |"


def _circumstances(options: argparse.Namespace) -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(": ")[2] if models else platform.machine()
    quick = " A tenth of the sizes: these are not the figures that are asked for." if options.quick else ""
    return (
        f"Medians of {options.runs}; counts of what must not happen are the worst of them. {os.cpu_count()} cores "
        f"({model}), shared by the bot, Telegram and the page; Python {platform.python_version()}.{quick}"
    )


def _options() -> argparse.Namespace:
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", choices=[*names, []], metavar="ROW", help=", ".join(names))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, to see that it works")
    return parser.parse_args()


if __name__ == "__main__":
    main()
