"""Our own entries as JSON: what `dateline export --format jsonl` writes, and what the hook and `import` take.

One object a line, a list of objects, or one object. Read strictly: what is not as promised is an error that names the
line and the field. An entry with `"deleted": true` is taken back, and of such a one the key is enough; one with
`"absent": true` was no longer on its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.jsondoc import begins, has_keys
from storage.models import Content, Entry, Frozen, Media, Page, ParsedEntry, Span, Standing

_HEAD = 100_000
_LONGEST_NAME = 80
_MARK = b"\xef\xbb\xbf"


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the year is out of range") from None


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character is no text")
    return text


_Text = Annotated[str, AfterValidator(_without_nul)]


class _Line(Frozen):
    """The wire's own shape; `published_at` may be missing from an entry that is taken back."""

    key: Annotated[str, Field(min_length=1), AfterValidator(_without_nul)]
    published_at: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    stamp: _Text | None = None
    title: _Text = ""
    text: _Text = ""
    spans: tuple[Span, ...] = ()
    media: tuple[Media, ...] = ()
    is_key: bool = False
    url: _Text | None = None
    deleted: bool = False
    absent: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> _Line:
        if self.published_at is None and not self.deleted:
            raise ValueError('"published_at" is missing')
        for place, span in enumerate(self.spans):
            if not 0 <= span.start <= span.end <= len(self.text):
                raise ValueError(f'"spans", number {place + 1}, does not lie within the text')
        return self

    def entry(self) -> ParsedEntry | None:
        if self.published_at is None:
            return None
        values = {name: getattr(self, name) for name in Content.model_fields}
        values["stamp"] = self.published_at.isoformat() if self.stamp is None else self.stamp
        return ParsedEntry(**values, key=self.key, withdrawn=self.deleted)


_LINES = TypeAdapter(list[_Line])
SIGN = "it is JSON with one of our own entries a line"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    head = data[:_HEAD]
    return has_keys(head, "key") and (has_keys(head, "published_at") or has_keys(head, "deleted"))


def parse(data: bytes, context: Context) -> Page:
    """Read a whole document, however long. Of two lines with one key the later holds."""
    if not begins(data):
        raise UnreadablePage(f"{context.address} begins neither with an entry nor with a list of them.")
    lines = {line.key: line for line in _lines(data.removeprefix(_MARK), context.address)}
    found = {key: line.entry() for key, line in lines.items()}
    entries = sorted(filter(None, found.values()), key=lambda entry: entry.published_at, reverse=True)
    return Page(
        format="jsonl",
        entries=tuple(entries),
        deleted=tuple(key for key, entry in found.items() if entry is None),
        absent=tuple(line.key for line in lines.values() if line.absent),
        has_ids=True,
    )


def dump(entry: ParsedEntry | Entry) -> dict[str, object]:
    """One entry as JSON's own types, from which `parse` makes the same entry again.

    An archived entry that was taken back keeps its place, and none of its words.
    """
    if isinstance(entry, Entry) and entry.standing is Standing.DELETED:
        entry = ParsedEntry(key=entry.key, published_at=entry.published_at, stamp=entry.stamp, withdrawn=True)
    values = {"key": entry.key, **entry.model_dump(mode="json", include=set(Content.model_fields))}
    for name in ("spans", "media"):
        values[name] = [item.model_dump(exclude_none=True) for item in getattr(entry, name)]
    if isinstance(entry, Entry):
        return values | ({"absent": True} if entry.standing is Standing.ABSENT else {})
    return values | ({"deleted": True} if entry.withdrawn else {})


def _lines(data: bytes, address: str) -> Iterator[_Line]:
    if data.lstrip()[:1] == b"[":
        try:
            yield from _LINES.validate_json(data, strict=True)
        except ValidationError as error:
            raise UnreadablePage(_sentence(address, "", error)) from None
        return
    rows = [(number, row) for number, row in enumerate(data.split(b"\n"), start=1) if row.strip()]
    if len(rows) > 1 and not rows[0][1].rstrip().endswith(b"}"):  # one entry, written over several lines
        rows = [(1, data)]
    for number, row in rows:
        try:
            yield _Line.model_validate_json(row, strict=True)
        except ValidationError as error:
            raise UnreadablePage(_sentence(address, f"line {number}", error)) from None


def _sentence(address: str, place: str, error: ValidationError) -> str:
    """The first thing that is wrong: 'posts.jsonl, line 3, "published_at": ...'."""
    first: ErrorDetails = error.errors(include_url=False, include_input=False)[0]
    path = list(first["loc"])
    if not place and path:
        place = f"entry {int(path.pop(0)) + 1}"
    field = f'"{".".join(map(str, path))[:_LONGEST_NAME]}"' if path else ""
    where = ", ".join(filter(None, (address, place, field)))
    said = first["msg"].removeprefix("Value error, ")
    what = "there is no such field" if first["type"] == "extra_forbidden" else said
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {what}{more}."
