"""The configuration: every fault named by its place, no value ever printed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load

SECRET = "7777777:AAsecretSECRETsecret"  # the value that no sentence may print


def _load(folder: Path, toml: str = "", **environment: str) -> Config:
    file = folder / "config.toml"
    file.write_text(toml, encoding="utf-8")
    return load(file, environment)


def _refusal(folder: Path, toml: str = "", **environment: str) -> str:
    with pytest.raises(ConfigError) as refusal:
        _load(folder, toml, **environment)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert "SECRET" not in sentence
    return sentence.removeprefix(f"{folder / 'config.toml'}: ").removeprefix(str(folder / "config.toml"))


def test_everything_has_a_default_but_the_token(tmp_path: Path) -> None:
    config = _load(tmp_path)
    assert (config.delivery.rate, config.delivery.correct_for) == (28.0, timedelta(days=7))
    assert config.storage_url == f"sqlite:///{tmp_path}/dateline.db"
    assert not config.fetch.allow_private_addresses
    with pytest.raises(ConfigError, match=r"telegram\.token is missing: .* DATELINE_TELEGRAM__TOKEN"):
        _ = config.token


def test_the_example_of_the_design(tmp_path: Path) -> None:
    config = _load(
        tmp_path,
        """
        [telegram]
        token = "12:x"
        admins = [123456789]
        [delivery]
        rate = 10
        on_unknown = "skip"
        correct_for = "7d"
        catch_up_after = "90m"
        [fetch]
        max_bytes = 15_000_000
        [[stories]]
        slug = "syria-withdrawal"
        source = "https://example.org/live"
        timezone = "Europe/Madrid"
        show = "lead"
        [[stories]]
        slug = "other"
        source = "pages/other.txt"
        """,
    )
    assert config.token == "12:x"
    assert config.telegram.admins == (123456789,)
    assert config.delivery.catch_up_after == timedelta(minutes=90)
    assert [story.slug for story in config.stories] == ["syria-withdrawal", "other"]
    assert config.folder == tmp_path


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('[telegram]\ntoken = "{}"\ntokken = "{}"', "telegram.tokken is not a key that Dateline knows."),
        ('[telegramm]\ntoken = "{}"', "telegramm is not a key that Dateline knows."),
        ('folder = "{}"', "folder is not a key that Dateline knows."),
        ('[[stories]]\nslug = "a"\nsource = "b"\ncolour = "{}"', "stories.1.colour is not a key that Dateline knows."),
        ('[[stories]]\nslug = "a"\nsource = "b"\n[[stories]]\nslug = "c"', "stories.2.source is missing."),
        (
            '[[stories]]\nslug = "a"\nsource = "x"\n[[stories]]\nslug = "a"\nsource = "y"',
            "two stories have the slug a.",
        ),
        ('telegram = "{}"', "telegram: "),
        ('stories = "{}"', "stories: "),
        ("[telegram]\ntoken = 7777", "telegram.token: input should be a valid string."),
        ('[telegram]\nadmins = ["{}"]', "telegram.admins.1: input should be a valid integer"),
        ('[delivery]\nrate = "{}"', "delivery.rate: input should be a valid number"),
        ("[delivery]\nrate = 0", "delivery.rate: input should be greater than"),
        ("[delivery]\nrate = nan", "delivery.rate: input should be "),
        ("[delivery]\nrate = inf", "delivery.rate: input should be "),
        ("[delivery]\nrate = 1e-300", "delivery.rate: input should be "),
        ("[delivery]\nchat_rate = 1e-300", "delivery.chat_rate: input should be "),
        ("[delivery]\ngroup_rate_per_minute = 1.5", "delivery.group_rate_per_minute: input should be a valid integer"),
        ('[delivery]\non_unknown = "{}"', "delivery.on_unknown: input should be 'resend' or 'skip'."),
        ('[delivery]\ncorrect_for = "{}"', "delivery.correct_for: takes a number with a unit, such as 30m, 2h or 7d."),
        ("[delivery]\ncorrect_for = true", "delivery.correct_for: takes a number with a unit"),
        ("[delivery]\ncorrect_for = inf", "delivery.correct_for: takes "),
        ("[delivery]\ncorrect_for = nan", "delivery.correct_for: takes "),
        ("[delivery]\ncorrect_for = -5", "delivery.correct_for: takes "),
        ('[delivery]\ncatch_up_after = "99999999999999d"', "delivery.catch_up_after: takes "),
        ("[fetch]\nmax_bytes = 0", "fetch.max_bytes: input should be greater than or equal to 1."),
        ("[fetch]\nmax_bytes = 1_000_000_000_000_000", "fetch.max_bytes: input should be less than"),
        ("[fetch]\ntimeout = inf", "fetch.timeout: input should be "),
        ('[[stories]]\nslug = "No Slug {}"\nsource = "b"', "stories.1.slug: string should match pattern"),
        ('[[stories]]\nslug = "a"\nsource = ""', "stories.1.source: string should have at least 1 character."),
        ('[[stories]]\nslug = "a"\nsource = "b"\nevery = 1e300', "stories.1.every: input should be less than"),
        (
            '[[stories]]\nslug = "a"\nsource = "b"\ntimezone = "{}"',
            "stories.1.timezone: takes the name of a time zone, such as GMT or Europe/Madrid.",
        ),
        ('[[stories]]\nslug = "a"\nsource = "b"\ntimezone = "../../etc/passwd"', "stories.1.timezone: takes the name"),
        ('[[stories]]\nslug = "a"\nsource = "b"\nshow = "{}"', "stories.1.show: input should be 'full' or 'lead'."),
        ('[telegram]\ntoken = "{}\n', " is not valid TOML in line 2."),
        ('token = "{}" nonsense', " is not valid TOML in line 1."),
        ("a = " + "[" * 100_000, " is not valid TOML"),
    ],
)
def test_a_fault_is_named_by_its_place(tmp_path: Path, toml: str, sentence: str) -> None:
    assert _refusal(tmp_path, toml.replace("{}", SECRET)).startswith(sentence)


@pytest.mark.parametrize(
    "name",
    [
        "DATELINE_TELEGRAM__TOKKEN",
        "DATELINE_TOKEN",
        "DATELINE_TELEGRAM_TOKEN",
        "DATELINE_STORIES__1",
        "DATELINE_FOLDER",
    ],
)
def test_a_variable_that_is_not_known_is_named(tmp_path: Path, name: str) -> None:
    assert _refusal(tmp_path, **{name: SECRET}).startswith(f"{name} is not a variable that Dateline knows")


@pytest.mark.parametrize(
    "name",
    [
        "DATELINE_DELIVERY__RATE",
        "DATELINE_TELEGRAM__ADMINS",
        "DATELINE_DELIVERY__CORRECT_FOR",
        "DATELINE_FETCH__ALLOW_PRIVATE_ADDRESSES",
    ],
)
def test_a_variable_with_a_bad_value_is_named_and_not_the_file(tmp_path: Path, name: str) -> None:
    assert _refusal(tmp_path, "[delivery]\nrate = 5.0\n", **{name: SECRET}).startswith(f"{name}: ")


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    config = _load(
        tmp_path,
        '[telegram]\ntoken = "1:file"\nbase_url = "http://file/bot"\n[delivery]\nrate = 5',
        DATELINE_TELEGRAM__TOKEN="2:environment",
        DATELINE_TELEGRAM__ADMINS="1,2",
        DATELINE_DELIVERY__CORRECT_FOR="2h",
        DATELINE_DELIVERY__PAID_BROADCAST="true",
        UNRELATED="x",
    )
    assert config.token == "2:environment"
    assert config.telegram.base_url == "http://file/bot"
    assert config.telegram.admins == (1, 2)
    assert config.delivery.rate == 5
    assert config.delivery.correct_for == timedelta(hours=2)
    assert config.delivery.paid_broadcast


def test_the_environment_alone_is_enough() -> None:
    assert load(None, {"DATELINE_TELEGRAM__TOKEN": "1:x"}).token == "1:x"
    with pytest.raises(ConfigError, match=r"^DATELINE_DELIVERY__RATE: "):
        load(None, {"DATELINE_DELIVERY__RATE": "-1"})


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("30m", 1800),
        ("2h", 7200),
        ("1.5h", 5400),
        ("7d", 604_800),
        ("1w", 604_800),
        (" 2 h ", 7200),
    ],
)
def test_durations(tmp_path: Path, printed: str, seconds: float) -> None:
    config = _load(tmp_path, f'[delivery]\ncorrect_for = "{printed}"')
    assert config.delivery.correct_for == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///dateline.db", "sqlite:///{}/dateline.db"),
        ("sqlite:///data/x.db", "sqlite:///{}/data/x.db"),
        ("sqlite:///../x.db", "sqlite:///{parent}/x.db"),
        ("sqlite:////var/lib/dateline.db", "sqlite:////var/lib/dateline.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        (":memory:", ":memory:"),
        ("postgresql://ann@host/name", "postgresql://ann@host/name"),
    ],
)
def test_a_relative_path_is_relative_to_the_file(tmp_path: Path, url: str, resolved: str) -> None:
    config = _load(tmp_path, f'[storage]\nurl = "{url}"')
    assert config.storage_url == resolved.replace("{}", str(tmp_path)).replace("{parent}", str(tmp_path.parent))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"does not exist; config\.example\.toml shows"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path, {})
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read: it is not text"):
        load(tmp_path / "binary.toml", {})


def test_printing_the_configuration_prints_no_secret(tmp_path: Path) -> None:
    config = _load(
        tmp_path,
        f'[telegram]\ntoken = "{SECRET}"\n[storage]\nurl = "postgresql://ann:{SECRET}@host/name"\n'
        f'[http]\nsecret = "{SECRET}"',
    )
    assert "SECRET" not in f"{config!r} {config!s} {config.model_dump()}"


def test_every_key_of_the_example_file_is_known(tmp_path: Path) -> None:
    """The file that a beginner copies, as it stands and with all that is commented out in it."""
    example = Path(__file__).parents[2] / "config.example.toml"
    if not example.exists():
        pytest.skip("config.example.toml is not there yet")
    load(example, {"DATELINE_TELEGRAM__TOKEN": "1:x"})
