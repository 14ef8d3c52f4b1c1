"""A page taken apart into its entries, and put together again of some of them: one small class a format. Pure.

    document ──cut──▶ before, pieces, after          before + some of the pieces, as they read now + after ──▶ document

A page of any other format is replayed as JSON Lines, which can say whatever an entry holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.sandbox.model import ImpossibleError
from bot.sources import Context, read
from bot.sources.formats import jsonl
from bot.sources.hypertext.tree import Element, tree
from bot.sources.text import blocks, read_text
from storage.models import Page, ParsedEntry

_PARAGRAPHS = re.compile(r"\n\s*\n")
_MARKDOWN = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)|(?m:^[ \t]*(?:>|#|-))")
_CLOCK = re.compile(r"\W{0,9}\d")  # or anything else that begins with a number
_HOLE = "\ue000"  # where something is to be put: a letter of nobody's


@dataclass(frozen=True)
class Piece:
    """An entry's part of a document: `words` are what can be corrected, as the format writes them."""

    front: str
    words: str
    back: str = ""


@dataclass(frozen=True)
class Cut:
    """A document taken apart; its pieces stand in the document's order."""

    before: str
    pieces: tuple[Piece, ...]
    after: str = ""


class Mould:
    """How a format's documents are cut and printed. `says_withdrawn`: it has a word for what was taken down."""

    format = ""
    content_type = "text/plain"
    separator = ""
    says_withdrawn = True

    def cut(self, document: str, context: Context) -> Cut:
        raise NotImplementedError

    def written(self, text: str) -> str:
        """Plain words as this format writes them."""
        return text

    def printed(self, piece: Piece) -> str:
        return piece.front + piece.words + piece.back

    def withdrawn(self, piece: Piece) -> str | None:
        """What stands in the place of a withdrawn entry; None: nothing."""
        raise NotImplementedError

    def whole(self, cut: Cut, printed: Iterable[str | None]) -> str:
        return cut.before + self.separator.join(one for one in printed if one is not None) + cut.after

    def alone(self, cut: Cut, piece: Piece, context: Context) -> ParsedEntry:
        """A piece as the bot will read it. Raises ImpossibleError where it would not be one entry."""
        entries = self.read(self.whole(cut, [self.printed(piece)]), context).entries
        if len(entries) != 1:
            raise ImpossibleError("These words cannot stand in one entry of this page.")
        return entries[0]

    def read(self, document: str, context: Context) -> Page:
        return read(document.encode(), context, self.format)


class Text(Mould):
    """The text page: an entry is what stands below its clock."""

    format = "text"
    _STAMP_ENDS = re.compile(r"[*_\]]*(?:\([^)\n]*\))?(?:[ \t]*KEY EVENT)?")

    def cut(self, document: str, context: Context) -> Cut:
        head, raw = blocks(document, context)
        return Cut(head, tuple(self._piece(head, block, context) for block in raw))

    def _piece(self, head: str, block: str, context: Context) -> Piece:
        stamp = read_text(head + block, context).entries[0].stamp
        found = block.find(stamp)
        at = found + len(stamp) if found >= 0 else 0
        ends = self._STAMP_ENDS.match(block, at)
        at = ends.end() if ends and found >= 0 else at
        return Piece(block[:at], block[at:])

    def written(self, text: str) -> str:
        """Escaped; and quoted, so that words which begin with a clock are no entry of their own."""
        escaped = _MARKDOWN.sub(r"\\\g<0>", text)
        paragraphs = (" ".join(words.split()) for words in _PARAGRAPHS.split(escaped))
        return "\n\n" + "\n\n".join(f"> {words}" if _CLOCK.match(words) else words for words in paragraphs) + "\n\n"

    def withdrawn(self, piece: Piece) -> str:
        return f"{piece.front}\n\nThis update has been withdrawn.\n\n"


class JsonLd(Mould):
    """A web page with a LiveBlogPosting in its script: an entry is a BlogPosting, gone when it is withdrawn."""

    format = "jsonld"
    content_type = "text/html"
    separator = ",\n"
    says_withdrawn = False
    _SCRIPT = re.compile(r'(?s)(<script type="application/ld\+json">)(.*?)(</script>)')

    def cut(self, document: str, context: Context) -> Cut:  # noqa: ARG002  (every mould is given both)
        script = self._SCRIPT.search(document)
        if script is None:
            raise ValueError("no script with JSON-LD")
        posting = json.loads(script[2])
        updates = posting["liveBlogUpdate"]
        before, after = _in_script({**posting, "liveBlogUpdate": [_HOLE]}).split(f'"{_HOLE}"')
        return Cut(
            f"{document[: script.end(1)]}\n{before}",
            tuple(map(self._piece, updates)),
            f"{after}\n{document[script.start(3) :]}",
        )

    def _piece(self, update: dict[str, Any]) -> Piece:
        front, back = _in_script({**update, "articleBody": _HOLE}).split(f'"{_HOLE}"')
        return Piece(front, update["articleBody"], back)

    def printed(self, piece: Piece) -> str:
        return piece.front + _in_script(piece.words) + piece.back

    def written(self, text: str) -> str:
        return _in_paragraphs(text)

    def withdrawn(self, piece: Piece) -> None:  # noqa: ARG002  (the vocabulary has no word for it)
        return None


class Amp(Mould):
    """AMP's `amp-live-list`: an entry is a child of its items, with its time and its title in a header."""

    format = "amp"
    content_type = "text/html"
    separator = "\n"

    def cut(self, document: str, context: Context) -> Cut:  # noqa: ARG002  (every mould is given both)
        box = next(element for element in tree(document).descendants() if "items" in element.attributes)
        pieces = tuple(self._piece(item, document) for item in box.children)
        return Cut(f"{document[: box.inner_start]}\n", pieces, f"\n{document[box.inner_end :]}")

    def _piece(self, item: Element, document: str) -> Piece:
        header = next((child for child in item.children if child.name == "header"), None)
        at = header.end if header is not None else item.inner_start
        return Piece(document[item.start : at], document[at : item.inner_end], document[item.inner_end : item.end])

    def written(self, text: str) -> str:
        return _in_paragraphs(text)

    def withdrawn(self, piece: Piece) -> str:
        """A tombstone. It keeps what tells which entry it was, and none of its words."""
        opening = tree(piece.front).children[0]
        key, time = (escape(opening.get(name)) for name in ("id", "data-sort-time"))
        return f'<{opening.name} id="{key}" data-sort-time="{time}" data-tombstone></{opening.name}>'


class JsonLines(Mould):
    """Our own entries as JSON: what a page of any other format is replayed as."""

    format = "jsonl"
    separator = ",\n"

    def cut(self, document: str, context: Context) -> Cut:
        return self.of(read(document.encode(), context, self.format).entries)

    def of(self, entries: Sequence[ParsedEntry]) -> Cut:
        shown = [entry for entry in entries if not entry.withdrawn]
        return Cut("[\n", tuple(Piece(json.dumps(jsonl.dump(entry)), entry.text) for entry in shown), "\n]\n")

    def printed(self, piece: Piece) -> str:
        values = json.loads(piece.front)
        spans = list(_moved(values["spans"], values["text"], piece.words))
        return json.dumps({**values, "text": piece.words, "spans": spans}, ensure_ascii=False)

    def withdrawn(self, piece: Piece) -> str:
        kept = {name: json.loads(piece.front)[name] for name in ("key", "published_at", "stamp")}
        return json.dumps({**kept, "deleted": True}, ensure_ascii=False)


MOULDS: dict[str, Mould] = {mould.format: mould for mould in (Text(), JsonLd(), Amp(), JsonLines())}


def _moved(spans: Iterable[dict[str, Any]], old: str, new: str) -> Iterable[dict[str, Any]]:
    """The spans of a text of which a stretch was replaced; those that crossed the stretch are gone."""
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    tail = next((at for at in range(shortest - head) if old[-1 - at] != new[-1 - at]), shortest - head)
    by = len(new) - len(old)
    for span in spans:
        start, end = span["start"], span["end"]
        start = start if start <= head else start + by if start >= len(old) - tail else None
        end = end if end <= head else end + by if end >= len(old) - tail else None
        if start is not None and end is not None and start < end:
            yield {**span, "start": start, "end": end}


def _in_script(value: Any) -> str:
    """JSON that ends no script."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _in_paragraphs(text: str) -> str:
    return "\n".join(f"<p>{escape(words.strip(), quote=False)}</p>" for words in _PARAGRAPHS.split(text))
