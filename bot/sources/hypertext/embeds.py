"""What stands in a text without being text: pictures, videos, figures with captions, tweets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sources.hypertext import media
from bot.sources.hypertext.tweets import signature, tweet_address
from bot.sources.hypertext.writer import PARAGRAPH, OpenSpan
from bot.sources.markup import shown_address
from storage.models import Media

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sources.hypertext.reader import Frame, Reader

    Found = Mapping[str, str]

_EMOJI = re.compile(r"(?:^|[\s_-])(?:emoji|smiley)(?:[\s_-]|$)", re.IGNORECASE)


def image(reader: Reader, _: str, found: Found) -> None:
    if _EMOJI.search(found.get("class", "")):
        if 0 < len(found.get("alt", "")) <= 10:
            reader.out.write(found["alt"])
        return
    figure = reader.nearest("figure") if reader.open.get("figure") else None
    if figure is not None:
        figure.saw_image = True
    item = media.picture(found, reader.base)
    reader.missed_image = item is None and media.largest(found, reader.base) is None
    if reader.missed_image and reader.picture_source:
        item = media.picture({**found, "src": reader.picture_source, "srcset": ""}, reader.base)
        reader.missed_image = False
    reader.picture_source = None
    reader.add(item)


def source(reader: Reader, _: str, found: Found) -> None:
    if video := reader.nearest("video", "amp-video", within=("picture",)):
        item = media.film(found, reader.base)
        last = reader.out.media[video.start.media :]
        if item and not last:
            reader.add(item)
        elif item and ".mp4" in item.url and ".mp4" not in last[-1].url:
            reader.out.media[-1] = item
    elif reader.picture_source is None:
        reader.picture_source = media.largest(found, reader.base)


def video(reader: Reader, name: str, found: Found) -> None:
    if reader.push(name, _end_video) is not None:
        reader.add(media.film(found, reader.base))


def _end_video(reader: Reader, frame: Frame) -> None:
    """What a <video> holds is for browsers that show none."""
    shown = reader.out.media[frame.start.media :]
    reader.out.back(frame.start)
    reader.out.media += shown


def framed(reader: Reader, _: str, found: Found) -> None:
    reader.add(media.framed(found, reader.base))


def figure(reader: Reader, name: str, found: Found) -> None:
    if (address := tweet_address(name, found)) is not None:
        tweet(reader, name, address)
    else:
        reader.push(name, _end_figure)


def figcaption(reader: Reader, name: str, _: Found) -> None:
    reader.push(name, end_caption)


def end_caption(reader: Reader, frame: Frame) -> None:
    """A caption goes to its picture and out of the text; without either it stays."""
    out = reader.out
    said = " ".join(out.since(frame.start).split())
    figure = reader.nearest("figure")
    if figure is not None:
        out.back(frame.start)
        figure.captions += (said,) if said else ()
    elif frame.start.media and reader.media_at == frame.start.length:
        out.back(frame.start)
        _caption(out.media, frame.start.media - 1, said)


def _end_figure(reader: Reader, frame: Frame) -> None:
    first = frame.start.media
    said = " ".join(frame.captions)
    if not said:
        return
    if first < len(reader.out.media):
        _caption(reader.out.media, first, said)
    elif not frame.saw_image:
        reader.gap(PARAGRAPH)
        reader.out.write(said)


def _caption(shown: list[Media], at: int, said: str) -> None:
    if said and at < len(shown):
        shown[at] = shown[at].model_copy(update={"caption": said})


# --- tweets ---------------------------------------------------------------------------------------------------------


def tweet(reader: Reader, name: str, address: str) -> None:
    reader.gap(PARAGRAPH)
    is_inside = reader.out.has("blockquote") or reader.out.has("tweet")
    frame = reader.push(name, _end_tweet, None if is_inside else OpenSpan("tweet", outside=True))
    if frame is not None:
        frame.address = address


def _end_tweet(reader: Reader, frame: Frame) -> None:
    span, out = frame.span, reader.out
    if span is None:
        return
    begin = span.start if span.start is not None else out.length
    lead = begin - frame.start.length
    signed = signature(out.since(frame.start)[lead:], out.spans[frame.start.spans :], begin, frame.address)
    if span.start is not None:
        out.cut(frame.start, lead + signed.length if signed.length else 0)
    if span.start is None and signed.url:
        reader.gap(PARAGRAPH)
        out.write(shown_address(signed.url))
    span.url = signed.url
    if signed.author is None:
        span.kind = "blockquote"
    out.end(span, signed.author)
    frame.span = None
    reader.gap(PARAGRAPH)


def amp_tweet(reader: Reader, _: str, found: Found) -> None:
    number = found.get("data-tweetid", "")
    if number.isascii() and number.isdigit():
        url = f"https://x.com/i/status/{number}"
        span = OpenSpan("link", url)
        reader.gap(PARAGRAPH)
        reader.out.begin(span)
        reader.out.write(shown_address(url))
        reader.out.end(span)
        reader.gap(PARAGRAPH)
