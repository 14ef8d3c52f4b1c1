"""The commands that work on a story's archive: `import`, `export` and `speakers`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.ending import DEFAULT_CONFIG, ConfigFile, complete, load

commands = typer.Typer()


@commands.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(help="An address or a file: a page, or what `dateline export` wrote.")],
    story: Annotated[str, typer.Option(help="The slug of the story to fill.")],
    config: ConfigFile = DEFAULT_CONFIG,
    format: Annotated[str, typer.Option(help="How to read it; auto finds out.")] = "auto",  # noqa: A002
) -> None:
    """Fill a story's archive from a page or an export; nobody is told."""
    from bot.exports.taking import import_story

    taken = complete(import_story(source, story, load(config), format=format))
    for warning in taken.warnings:
        print(f"dateline: {warning}", file=sys.stderr)
    print(taken.sentence(story))


@commands.command()
def export(
    slug: Annotated[str, typer.Argument(help="The story's slug.")],
    format: Annotated[str, typer.Option(help="markdown, jsonl, jsonld or atom.")],  # noqa: A002
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write a story's archive to standard output; `dateline import` reads it again."""
    from bot.exports import EXPORTS
    from bot.exports.giving import export_story

    if format not in EXPORTS:
        raise typer.BadParameter(f"takes {', '.join(EXPORTS)}", param_hint="--format")
    sys.stdout.buffer.write(complete(export_story(slug, load(config), format=format)).encode())


@commands.command()
def speakers(
    story: Annotated[str, typer.Argument(help="The story's slug.")],
    merge: Annotated[tuple[str, str] | None, typer.Option(help="The first is the second.")] = None,
    split: Annotated[tuple[str, str] | None, typer.Option(help="The first is not called the second.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Who is quoted in a story; merges and splits speakers for good."""
    from bot import registry
    from bot.tables import show_speakers

    settings = load(config)
    if merge is not None:
        print(complete(registry.merge_speakers(settings, story, *merge)))
    elif split is not None:
        print(complete(registry.split_speaker(settings, story, *split)))
    else:
        show_speakers(complete(registry.speakers(settings, story)))
