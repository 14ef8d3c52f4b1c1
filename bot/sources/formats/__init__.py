"""The formats of live pages, one file each.

Each module has two pure functions and a sentence, and stands by its name in `FORMATS` of `bot.sources`:

- `sniff(data: bytes, context: Context) -> bool`: whether these bytes look like this format. Cheap, never raises, and
  true only for what `parse` can read; the first format that says yes is taken.
- `parse(data: bytes, context: Context) -> Page`: read them. Raises UnreadablePage, with a sentence for the operator.

- `SIGN`: what `sniff` knows it by, as `dateline check` tells it ("it has an amp-live-list").

What they share: `building.build` makes the Page of the entries found (order, unique keys, what it covers);
`bot.sources.richhtml.from_html` reads an entry's HTML; `bot.sources.moments.read_moment` reads its times.
A format knows nothing of the others, nor of the store.
"""
