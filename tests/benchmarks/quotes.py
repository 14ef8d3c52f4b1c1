"""How well `bot.quotes` tells who said what: `python tests/benchmarks/quotes.py [DATA]`.

Reads the development articles in DATA (default ../shared/data/quotes), scores them with the tool beside them and
prints each half apart, so that a rule made for one half shows in the other. `live` are the entries in tests/quotes,
whose stories only make sense as a whole: of its halves each misses what the other's entries introduce.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.quotes.report import of_jsonl  # noqa: E402 - the path comes first: the script runs from anywhere

LIVE = ROOT / "tests/quotes/live_entries.jsonl"
KEYS = ("id", "title", "text", "story")
SCORER = "tools/score_quotes.py"
NOTES = [  # system, news span F1 / speaker / end to end, politics the same, ms per 1,000 words
    ("simple regex", "97.3 / 61.2 / 59.6", "98.6 / 69.6 / 68.3", "2.3"),
    ("better rules, first-name list", "97.3 / 77.7 / 75.6", "98.6 / 79.1 / 77.6", "22"),
    ("rules with textacy's speakers", "97.3 / 79.6 / 77.5", "98.6 / 80.7 / 79.2", "330"),
]


def main() -> None:
    options = _options()
    scorer = _scorer(options.data)
    print(f"{'system':36} {'news: span / speaker / end to end':36} {'politics':22} ms per 1,000 words")  # noqa: T201
    for name, news, politics, cost in NOTES:
        print(f"{name:36} {news:36} {politics:22} {cost}")  # noqa: T201
    for name in options.files:
        gold = _lines(LIVE if name == "live" else options.data / f"{name}.jsonl")
        for label, part in (("all", gold), ("even", gold[::2]), ("odd", gold[1::2])):
            _print(scorer, f"{name} {label}", part, options.errors if label == options.half else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared/data/quotes")
    parser.add_argument("--files", nargs="+", default=["news-dev", "politics-dev", "live"])
    parser.add_argument("--errors", type=int, default=0, help="how many wrong speakers to show")
    parser.add_argument("--half", choices=["all", "even", "odd"], default="even", help="whose errors are shown")
    return parser.parse_args()


def _scorer(data: Path) -> ModuleType:
    path = data.resolve().parents[1] / SCORER
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    if spec is None or spec.loader is None or not path.exists():
        sys.exit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        sys.exit(f"no articles at {path}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def predict(gold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One item for each string of a quote, as the scorer wants it."""
    lines = (json.dumps({key: article[key] for key in KEYS if key in article}) for article in gold)
    return [
        {
            "id": report["source"],
            "quotes": [
                {"start": start, "end": end, "speaker": quote["speaker"], "confidence": quote["confidence"]}
                for quote in report["quotes"]
                for start, end in quote["parts"]
            ],
        }
        for report in of_jsonl(lines)
    ]


def _print(scorer: ModuleType, label: str, gold: list[dict[str, Any]], errors: int) -> None:
    began = time.process_time()
    predicted = predict(gold)
    words = sum(len(article["text"].split()) for article in gold)
    cost = 1e6 * (time.process_time() - began) / words
    result = scorer.score(gold, predicted, errors=errors)
    by = "  ".join(f"{kind} {right}/{matched} of {n}" for kind, (right, matched, n) in sorted(result["by"].items()))
    figures = f"{100 * result['ov80'][2]:.1f} / {100 * result['spk']:.1f} / {100 * result['e2e'][2]:.1f}"
    print(f"{label:22} {figures}   {cost:5.1f} ms   {by}")  # noqa: T201
    print(f"{'':22} {_by_confidence(scorer, gold, predicted)}")  # noqa: T201


def _by_confidence(scorer: ModuleType, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> str:
    """How many of each confidence are right, among strings that the gold has with a speaker."""
    counts: dict[str, list[int]] = {}
    found = {item["id"]: item["quotes"] for item in predicted}
    for article in gold:
        text = article["text"]
        at = {scorer.trim(text, quote["start"], quote["end"]): quote for quote in found[article["id"]]}
        for quote in article["quotes"]:
            guess = at.get(scorer.trim(text, quote["start"], quote["end"]))
            if guess is not None and scorer.scored(quote):
                count = counts.setdefault(guess["confidence"], [0, 0])
                count[0] += scorer.right(quote, guess)
                count[1] += 1
    return "  ".join(f"{kind} {right}/{n} = {100 * right / n:.1f}" for kind, (right, n) in sorted(counts.items()))


if __name__ == "__main__":
    main()
