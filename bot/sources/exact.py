"""What Dateline's own exports carry beside a format's words, so that reading them again loses nothing.

Each of our exports may put a small JSON object next to an entry: the facts that its format cannot say, under the names
of `ParsedEntry`, and `"absent": true` for an entry that was no longer on its page. A page that uses it by chance or by
malice says no more than it could say in its own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from pydantic import ValidationError

from storage.models import ParsedEntry

NAMESPACE = "urn:dateline:export:1"  # of our elements in XML, and of our names in JSON-LD
_URN = re.compile(r"urn:dateline:[a-z0-9-]{1,60}:")

Exact = Mapping[str, Any]


def urn(slug: str, key: str) -> str:
    """An entry's key as an address, for formats that want one."""
    return f"urn:dateline:{slug}:{quote(key, safe='')}"


def key_of(address: str) -> str:
    """The key in an address that `urn` made; any other address is a key itself."""
    own = _URN.match(address)
    return unquote(address[own.end() :]) if own else address


def dump(exact: Exact) -> str:
    """One line of ASCII that fits into an HTML comment and into XML."""
    raw = json.dumps(exact, ensure_ascii=True, separators=(",", ":"))
    return raw.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def load(raw: str) -> Exact:
    """What `dump` wrote; nothing where it is something else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def honoured(entry: ParsedEntry, exact: Exact) -> ParsedEntry:
    """The entry as it was exported. Facts that cannot be true of it are left out."""
    told = {name: value for name, value in exact.items() if name in ParsedEntry.model_fields}
    if not told:
        return entry
    try:
        whole = ParsedEntry.model_validate(entry.model_dump() | told)
    except ValidationError:
        return entry
    inside = tuple(span for span in whole.spans if 0 <= span.start < span.end <= len(whole.text))
    return whole if inside == whole.spans else whole.model_copy(update={"spans": inside})
