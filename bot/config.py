"""The configuration: one model for each section of the TOML file, the environment over the file.

Every key can also be given as DATELINE_<SECTION>__<KEY>. An unknown key or variable is an error that names it, which is
why this is not pydantic-settings: it lets a misspelt variable pass in silence. No message here ever prints a value: any
of them may be the token.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Set
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "DATELINE_"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
YEAR = 365 * 86400
LONGEST = 10 * YEAR


class ConfigError(Exception):
    """The configuration cannot be used; the message names the place, never a value."""


def _duration(value: object) -> object:
    """ "90", "30m", "2h" and "7d" as time spans."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _span(value)
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*", value)):
        return _span(float(found[1]) * UNITS[found[2] or "s"])
    raise ValueError("takes a number with a unit, such as 30m, 2h or 7d")


def _span(seconds: float) -> timedelta:
    if not 0 <= seconds <= LONGEST:
        raise ValueError("takes a number with a unit, such as 30m, 2h or 7d, of up to ten years")
    return timedelta(seconds=seconds)


def zone(name: str) -> str:
    """The name, if it is one of a time zone; raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("takes the name of a time zone, such as GMT or Europe/Madrid") from error
    return name


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Zone = Annotated[str, AfterValidator(zone)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class Telegram(Section):
    token: SecretStr = SecretStr("")
    base_url: str = "https://api.telegram.org/bot"
    admins: tuple[int, ...] = ()


class Storage(Section):
    url: SecretStr = SecretStr("sqlite:///dateline.db")  # it may hold a password


class Delivery(Section):
    rate: float = Field(default=28.0, ge=0.001)
    chat_rate: float = Field(default=1.0, ge=0.001)
    group_rate_per_minute: int = Field(default=18, ge=1)
    on_unknown: Literal["resend", "skip"] = "resend"
    paid_broadcast: bool = False
    correct_for: Duration = timedelta(days=7)
    catch_up_after: Duration = timedelta(hours=2)


class Fetch(Section):
    allow_private_addresses: bool = False
    max_bytes: int = Field(default=15_000_000, ge=1, le=1_000_000_000)  # a page is held in memory
    timeout: float = Field(default=20.0, gt=0, le=86400)


class StoryConfig(Section):
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    source: str = Field(min_length=1)
    title: str = ""
    format: str = "auto"
    every: float = Field(default=20.0, gt=0, le=YEAR)
    timezone: Zone = "GMT"
    show: Literal["full", "lead"] = "full"
    link_parameters: str = Field(default="", pattern=r"^[^\s#?&][^\s#?]*$|^$")
    max_new: int = Field(default=10, ge=1)


class Http(Section):
    listen: str = ""
    secret: SecretStr = SecretStr("")


class Config(Section):
    """The whole configuration. `folder` is what relative paths in it are relative to."""

    telegram: Telegram = Telegram()
    storage: Storage = Storage()
    delivery: Delivery = Delivery()
    fetch: Fetch = Fetch()
    stories: tuple[StoryConfig, ...] = ()
    http: Http = Http()
    folder: Path = Field(default=Path(), exclude=True)

    @property
    def token(self) -> str:
        """The token. Raises ConfigError where there is none."""
        token = self.telegram.token.get_secret_value()
        if not token:
            raise ConfigError(
                "telegram.token is missing: put it under [telegram] in the configuration file, "
                f"or set {PREFIX}TELEGRAM__TOKEN. @BotFather gives one."
            )
        return token

    @property
    def storage_url(self) -> str:
        """The database's address, a relative path resolved."""
        url = self.storage.url.get_secret_value()
        found = re.fullmatch(r"sqlite:///(?!/)(?!:memory:)(.+)", url)
        return f"sqlite:///{(self.folder / found[1]).resolve()}" if found else url


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the file (none: only the environment). Raises ConfigError with one sentence."""
    values = _file(path) if path is not None else {}
    where = str(path) if path is not None else "the environment"
    variables = _variables(environment)
    for section, key, value in variables:
        values[section] = {**_table(values, section, where), key: value}
    if "folder" in values:
        raise ConfigError(f"{where}: folder is not a key that Dateline knows.")
    folder = path.resolve().parent if path is not None else Path.cwd()
    try:
        config = Config.model_validate({**values, "folder": folder})
    except ValidationError as error:
        raise ConfigError(_sentence(error, where, {(section, key) for section, key, _ in variables})) from None
    slugs = [story.slug for story in config.stories]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise ConfigError(f"{where}: two stories have the slug {slug}.")
    return config


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML: its lists are nested too deeply.") from None
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist; config.example.toml shows what goes into it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}.") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line \d+", str(error))
        raise ConfigError(f"{path} is not valid TOML{f' in {place[0]}' if place else ''}.") from None


def _table(values: dict[str, Any], section: str, where: str) -> dict[str, Any]:
    table = values.get(section, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: {section} must be a table: [{section}].")
    return table


def _variables(environment: Mapping[str, str]) -> list[tuple[str, str, Any]]:
    """(section, key, value) of our variables; an unknown one is an error."""
    sections = {name: field.annotation for name, field in Config.model_fields.items()}
    found: list[tuple[str, str, Any]] = []
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        model = sections.get(section)
        if not (isinstance(model, type) and issubclass(model, Section) and key in model.model_fields):
            raise ConfigError(f"{name} is not a variable that Dateline knows; they read {PREFIX}<SECTION>__<KEY>.")
        value = environment[name]
        found.append((section, key, value.split(",") if key == "admins" and value else value))
    return found


def _sentence(error: ValidationError, where: str, variables: Set[tuple[str, str]]) -> str:
    """The first fault, by its place (in the file, or a variable) and kind; never by its value."""
    fault = error.errors(include_input=False, include_url=False)[0]
    section, key = map(str, (*fault["loc"], "", "")[:2])
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"]) or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{where}: {place} is not a key that Dateline knows."
    if fault["type"] == "missing":
        return f"{where}: {place} is missing."
    reason = fault["msg"].removeprefix("Value error, ")
    at = f"{PREFIX}{section}__{key}".upper() if (section, key) in variables else f"{where}: {place}"
    return f"{at}: {reason[:1].lower()}{reason[1:]}."
