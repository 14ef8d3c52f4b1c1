"""A story as an Atom feed, withdrawn entries as the tombstones of RFC 6721.

<entry><id>urn:dateline:slug:key</id> ... <content type="html"/> <dateline:exact>{json}</dateline:exact></entry>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from bot.exports.exact import Beside, address_of, checked, newest_first, parsed
from bot.exports.html import to_html
from bot.sources import exact
from storage.models import Entry, Standing, Story

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:dateline="{space}">
"""


def to_atom(story: Story, entries: Sequence[Entry]) -> str:
    """The whole story, newest entry first."""
    whole = newest_first(entries)
    return checked(lambda beside: "".join(_feed(story, whole, beside)), "atom", story, whole)


def _feed(story: Story, entries: Sequence[Entry], beside: Beside) -> Iterator[str]:
    title = story.title or story.slug
    changed = max((entry.at for entry in entries), default=story.read_at)
    yield _HEAD.format(space=exact.NAMESPACE)
    yield f" <id>urn:dateline:{story.slug}</id>\n <title>{_xml(title)}</title>\n"
    yield f" <updated>{_moment(changed)}</updated>\n" if changed else ""
    yield f" <author><name>{_xml(title)}</name></author>\n <generator>Dateline</generator>\n"
    address = address_of(story)
    yield f' <link href="{_xml(address)}"/>\n' if address else ""
    for entry in entries:
        write = _tombstone if entry.standing is Standing.DELETED else _entry
        yield from write(story, entry, beside.get(entry.key, {}))
    yield "</feed>\n"


def _entry(story: Story, entry: Entry, told: exact.Exact) -> Iterator[str]:
    yield f" <entry>\n  <id>{_xml(exact.urn(story.slug, entry.key))}</id>\n  <title>{_xml(entry.title)}</title>\n"
    yield f"  <published>{_moment(entry.published_at)}</published>\n  <updated>{_moment(entry.at)}</updated>\n"
    yield f'  <link href="{_xml(entry.url)}"/>\n' if entry.url else ""
    yield f'  <category term="key event" scheme="{exact.NAMESPACE}"/>\n' if entry.is_key else ""
    yield f'  <content type="html">{_xml(to_html(parsed(entry)))}</content>\n'
    yield f"  <dateline:exact>{exact.dump(told)}</dateline:exact>\n" if told else ""
    yield " </entry>\n"


def _tombstone(story: Story, entry: Entry, told: exact.Exact) -> Iterator[str]:
    ref = _xml(exact.urn(story.slug, entry.key))
    yield f' <at:deleted-entry ref="{ref}" when="{_moment(entry.at)}">\n'
    yield f"  <dateline:exact>{exact.dump(told)}</dateline:exact>\n" if told else ""
    yield " </at:deleted-entry>\n"


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _xml(words: str) -> str:
    """Escaped, without what XML cannot hold."""
    return escape(_NOT_XML.sub("\ufffd", words)).replace("\r", "&#13;")
