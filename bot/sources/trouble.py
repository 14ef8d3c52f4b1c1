"""What can keep a source from being read, by what the caller must do; the message is a sentence for the operator."""

from __future__ import annotations


class SourceAway(Exception):
    """Nothing came, and it may pass: try again later, not before `retry_after` seconds if the site says so."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class SourceHeld(SourceAway):
    """Nothing was asked, as its host wants peace: try again after `retry_after`. The source is not at fault."""

    retry_after: float


class SourceRefused(Exception):
    """We will not read this; it stays so until a person changes the source or the limits."""
