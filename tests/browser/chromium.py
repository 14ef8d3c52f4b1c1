"""Debian's Chromium, headless: the one browser that the tests and the README's pictures use."""

from __future__ import annotations

import shutil

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",  # the tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
