"""How long `dateline demo` takes to its first entry in a chat: `python tests/benchmarks/start.py [runs]`.

Wall time counts, and depends on what else the machine does; the processor's time is printed beside it, to compare with.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot", "demo", "--once", "--port", "0"]


def main() -> None:
    runs = [run() for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)]
    for name, values in zip(("invited", "first entry", "processor"), zip(*runs, strict=True), strict=True):
        say(f"{name:12} median {median(values):5.2f} s   best {min(values):5.2f} s   worst {max(values):5.2f} s")
    say(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {len(runs)} runs")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def run() -> tuple[float, float, float]:
    """Seconds until the three lines stand there, until the first entry is delivered, and of the processor in all."""
    used, since = _used(), time.perf_counter()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    invited = first = 0.0
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            passed = time.perf_counter() - since
            invited = invited or passed * bool(re.match(r"  1\. ", line))
            if "  published  " in line:
                first = passed
                break
        demo.terminate()
        demo.stdout.read()
    return invited, first, _used() - used


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
