"""The program's commands from outside: what they answer, and the one sentence of those that cannot."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from program_harness import HARBOUR, dateline, environment, process

SECRET = "7777777:AAsecretSECRETsecret"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_text(HARBOUR, encoding="utf-8")
    return file


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(f'[telegram]\ntoken = "{SECRET}"\n')
    return file


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_answers_in_the_shape_of_the_design(page: Path) -> None:
    done = process("check", page, "--json")
    assert done.status == 0
    assert done.err == ""
    report = done.json
    assert list(report) == ["title", "format", "entries", "warnings"]
    assert (report["title"], report["format"], report["warnings"]) == ("Fire in the harbour", "text", [])
    assert [entry["published_at"] for entry in report["entries"]] == [
        "2016-03-14T19:16:00+00:00",
        "2016-03-14T19:00:00+00:00",
    ]
    newest = report["entries"][0]
    assert list(newest) == ["key", "published_at", "title", "text", "links", "is_key", "quotes"]
    assert newest["links"] == [{"text": "port", "url": "https://example.org/port"}]
    assert newest["is_key"] is False
    [quote] = newest["quotes"]
    assert list(quote) == ["text", "start", "end", "parts", "speaker", "role", "cue", "kind", "confidence"]
    assert newest["text"][quote["start"] : quote["end"]] == quote["text"] == '"We have 12 engines on the quay,"'
    assert quote["speaker"] == "Ana Duarte"


def test_check_for_people(page: Path) -> None:
    done = dateline("check", page)
    assert (done.status, done.err) == (0, "")
    assert "Fire in the harbour" in done.out
    assert "2016-03-14 19:16" in done.out
    assert "20160314T1916Z-1-" in done.out  # the key: no terminal bounds the table
    assert "read as text: it is text in no other form" in done.out
    assert "read as text: you asked for it" in dateline("check", page, "--format", "text").out


def test_check_prints_words_between_colons_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("14/03/2016\n\n19:16 GMT\n\nThe score:x:is :fire: today.\n")
    assert "The score:x:is :fire: today." in dateline("check", "page.txt", folder=tmp_path).out


def test_check_reads_a_path_relative_to_where_one_stands(page: Path) -> None:
    assert len(dateline("check", "page.md", "--json", folder=page.parent).json["entries"]) == 2


def test_check_takes_the_zone_and_the_format(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(HARBOUR.replace(" GMT", ""), encoding="utf-8")
    done = dateline("check", page, "--json", "--timezone", "Europe/Madrid", "--format", "text")
    assert done.json["entries"][0]["published_at"] == "2016-03-14T18:16:00+00:00"


def test_check_of_a_page_without_entries_is_a_failure_that_shows_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("Hello.\n")
    done = dateline("check", "page.md", "--json", folder=tmp_path)
    assert "no entry was found" in done.refused()
    assert done.json["entries"] == []


def _big(folder: Path) -> Path:
    file = folder / "big.md"
    with file.open("wb") as out:
        out.write(HARBOUR.encode())
        out.truncate(40_000_000)
    return file


def test_what_cannot_be_checked(tmp_path: Path, page: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty").write_bytes(b"")
    assert (
        dateline("check", "none.md", folder=tmp_path).refused().endswith("cannot be read: no such file or directory.")
    )
    assert dateline("check", "binary", folder=tmp_path).refused() == "binary is binary data, not a page of text."
    assert dateline("check", _big(tmp_path)).refused().endswith("big.md is over 15,000,000 bytes.")
    assert "no entry" in dateline("check", "empty", folder=tmp_path).refused()
    assert dateline("check", tmp_path).refused().endswith("is not a file.")
    assert dateline("check", "http://").refused() == "http:// is not a valid address: it names no host."
    assert "there is no page to read" in dateline("check", "telegram:-1001").refused()
    assert dateline("check", page, "--format", "nope").refused().startswith('There is no format "nope"; known are ')


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "http://localhost:1/x", "http://[::1]:1/", "http://0x7f.1/"]
)
def test_a_private_address_is_refused(address: str) -> None:
    sentence = dateline("check", address).refused()
    assert "private address" in sentence
    assert "fetch.allow_private_addresses allows it" in sentence


@pytest.mark.parametrize("address", ["ftp://example.org/x", "file:///etc/passwd", "http://"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    assert dateline("check", address).refused()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["check"], "Missing argument"),
        (["check", "x", "--timezone", "Mars/Base"], "--timezone"),
        (["check", "x", "--nonsense"], "No such option"),
        (["nonsense"], "No such command"),
        (["run", "--log-level", "loud"], "--log-level"),
        (["db", "nonsense"], "No such command"),
        (["quotes"], "at least one file"),
        (["demo", "--speed", "0"], "--speed"),
        (["demo", "--port", "99999"], "--port"),
        (["demo", "--port", "-1"], "--port"),
    ],
)
def test_wrong_use_is_status_2(config: Path, words: list[str], named: str) -> None:
    done = dateline(*words, folder=config.parent)
    assert (done.status, done.out) == (2, "")
    assert named in " ".join(done.err.split())


def test_an_answer_arrives_whatever_the_terminal_can_print(page: Path) -> None:
    """JSON is UTF-8; for people, what cannot be printed is written as an escape."""
    done = process("check", page, "--json", env={"PYTHONIOENCODING": "ascii"})
    assert done.json["entries"][1]["text"] == "Smoke rises over the harbour – a “large” fire."
    assert process("check", page, env={"PYTHONIOENCODING": "latin-1"}).status == 0
    assert "We have 12 engines" in process("quotes", page, env={"PYTHONIOENCODING": "ascii"}).out


# --- quotes ---------------------------------------------------------------------------------------------------------

WORDS = "“We are ready for anything,” Mayor Ana Duarte said.\n\n“The fire is out,” Duarte added."


def test_quotes_answers_in_the_shape_of_the_design(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Nobody says anything.", encoding="utf-8")
    done = dateline("quotes", "a.txt", "b.txt", "--json", folder=tmp_path)
    assert (done.status, done.err) == (0, "")
    first, second = map(json.loads, done.out.splitlines())
    assert (first["source"], second) == ("a.txt", {"source": "b.txt", "quotes": []})
    for quote in first["quotes"]:
        assert list(quote) == ["text", "start", "end", "parts", "speaker", "role", "cue", "kind", "confidence"]
        assert WORDS[quote["start"] : quote["end"]] == quote["text"]
        assert quote["parts"] == [[quote["start"], quote["end"]]]
        assert quote["speaker"] == "Ana Duarte"
    assert len(first["quotes"]) == 2


def test_quotes_run_in_a_small_process() -> None:
    program = (
        "import bot.cli, re, sys; bot.cli.program(['quotes', '-', '--json'], standalone_mode=False);"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=WORDS.encode() * 50, capture_output=True, timeout=60, check=True
    )
    assert len(json.loads(done.stdout)["quotes"]) > 50
    assert int(done.stderr) < 39_000  # KB: the promise is 40 MB for any article, and most of it is imports


def test_quotes_of_standard_input() -> None:
    done = dateline("quotes", "-", "--json", stdin=WORDS.encode())
    assert (done.json["source"], len(done.json["quotes"])) == ("-", 2)
    assert "Ana Duarte" in dateline("quotes", "-", stdin=WORDS.encode()).out


def test_quotes_of_entries_share_the_register_of_their_story(tmp_path: Path) -> None:
    lines = [
        {"id": "1", "text": "Mayor Ana Duarte arrived.", "story": "harbour"},
        {"id": 2, "title": None, "text": "“The fire is out,” Duarte said.", "story": "harbour"},
        {"id": "3", "text": "“The fire is out,” Duarte said.", "story": "other"},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\n\n"
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    done = dateline("quotes", "x.jsonl", "--json", folder=tmp_path)
    reports = [json.loads(line) for line in done.out.splitlines()]
    assert [report["source"] for report in reports] == ["1", 2, "3"]
    assert [quote["speaker"] for report in reports for quote in report["quotes"]] == ["Ana Duarte", "Duarte"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense", "line 2 is not JSON: "),
        ("[1]", "line 2 is not an object with id and text."),
        ('{"id": "x"}', "line 2 has no text."),
        ('{"text": "x"}', "line 2 has no id."),
        ('{"id": "x", "text": 7}', "line 2: text is not a text."),
        ('{"id": null, "text": "x"}', "line 2: id and text cannot be null."),
        ("[" * 200_000, "line 2 is not JSON: "),
        ('{"id": ' + "9" * 5000 + ', "text": "x"}', "line 2 is not JSON: "),
    ],
)
def test_a_bad_line_is_named_and_what_came_before_it_is_answered(tmp_path: Path, line: str, sentence: str) -> None:
    (tmp_path / "x.jsonl").write_text('{"id": "1", "text": "x"}\n' + line + "\n", encoding="utf-8")
    done = dateline("quotes", "x.jsonl", "--json", folder=tmp_path)
    assert done.refused().startswith(f"x.jsonl: {sentence}")
    assert done.json == {"source": "1", "quotes": []}


def test_half_a_letter_in_json_stays_half_a_letter(tmp_path: Path) -> None:
    """A lone surrogate can be written in JSON, and not in UTF-8."""
    line = '{"id": "\\ud800", "text": "x"}'
    (tmp_path / "x.jsonl").write_text(line, encoding="utf-8")
    assert dateline("quotes", "x.jsonl", "--json", folder=tmp_path).json["source"] == "\ud800"


def test_what_holds_no_text(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Un café".encode("latin-1"))
    assert dateline("quotes", "latin.txt", folder=tmp_path).refused() == "latin.txt is not text in UTF-8."
    assert dateline("quotes", "-", stdin=b"\xff\xfe").refused() == "- is not text in UTF-8."
    assert dateline("quotes", "none.txt", folder=tmp_path).refused().startswith("none.txt cannot be read: ")
    assert dateline("quotes", tmp_path).refused() == f"{tmp_path} cannot be read: Is a directory."


# --- the database ---------------------------------------------------------------------------------------------------


def test_db_upgrade_check_and_backup(config: Path) -> None:
    folder = config.parent
    made = dateline("db", "upgrade", folder=folder)
    assert (made.status, made.out, made.err) == (0, f"{folder}/dateline.db is up to date.\n", "")
    sound = dateline("db", "check", "--config", config)
    assert sound.out.startswith(f"{folder}/dateline.db is sound: 0 stories, 0 entries")
    copied = dateline("db", "backup", "copy.db", folder=folder)
    assert copied.out == f"{folder}/dateline.db was copied to copy.db.\n"
    assert dateline("db", "backup", "copy.db", folder=folder).refused().startswith("copy.db exists already")
    assert "is not a folder" in dateline("db", "backup", "no/copy.db", folder=folder).refused()


def test_looking_after_a_database_that_is_not_there(config: Path) -> None:
    for words in (["check"], ["backup", "copy.db"]):
        assert "dateline.db does not exist" in dateline("db", *words, folder=config.parent).refused()
    assert [file.name for file in config.parent.iterdir()] == ["config.toml"]


def test_a_database_that_another_program_writes_to(config: Path) -> None:
    file = config.parent / "dateline.db"
    dateline("db", "upgrade", "--config", config)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sentence = process("run", "--config", config).refused()
    assert sentence.startswith(f"{file} is locked: another program is writing to it.")


def test_a_database_that_may_not_be_written(config: Path) -> None:
    file = config.parent / "dateline.db"
    dateline("db", "upgrade", "--config", config)
    file.chmod(0o400)
    sentence = process("run", "--config", config, as_anybody=True).refused()
    assert sentence == f"{file} is read-only; Dateline needs to write to it and to its folder."
    assert process("db", "check", "--config", config, as_anybody=True).status == 0


def test_a_folder_that_may_not_be_written(config: Path) -> None:
    config.parent.chmod(0o500)
    try:
        sentence = process("db", "upgrade", "--config", config, as_anybody=True).refused()
    finally:
        config.parent.chmod(0o700)
    assert sentence.startswith(f"{config.parent}/dateline.db cannot be opened")


def test_what_is_no_database(config: Path) -> None:
    (config.parent / "dateline.db").write_text("A shopping list. " * 100)
    assert "is not a Dateline database" in dateline("db", "check", "--config", config).refused()
    assert "is not a Dateline database" in process("run", "--config", config).refused()


# --- the configuration, from outside ---------------------------------------------------------------------------------


def test_a_configuration_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert dateline("run", folder=tmp_path).refused().startswith("config.toml does not exist; config.example.toml")
    config.write_text(f'[telegram]\ntokken = "{SECRET}"\n')
    done = dateline("run", "--config", config)
    assert done.refused() == f"{config}: telegram.tokken is not a key that Dateline knows."
    config.write_text("")
    assert dateline("run", "--config", config).refused().startswith("telegram.token is missing: ")
    done = process("run", "--config", config, env={"DATELINE_TELEGRAM__TOKKEN": SECRET})
    assert done.refused().startswith("DATELINE_TELEGRAM__TOKKEN is not a variable that Dateline knows")
    assert not (tmp_path / "dateline.db").exists()


# --- how it is started ----------------------------------------------------------------------------------------------


def test_the_program_and_the_module_are_the_same(page: Path) -> None:
    program = Path(sys.executable).with_name("dateline")
    if not program.exists():
        pytest.skip("the program is not installed beside this Python")
    done = subprocess.run(
        [program, "check", page, "--json"], capture_output=True, check=True, env=environment(), cwd="/", timeout=60
    )
    assert json.loads(done.stdout) == process("check", page, "--json").json


def test_help_names_every_command() -> None:
    done = dateline("--help")
    assert done.status == 0
    for name in ("run", "demo", "check", "quotes", "db"):
        assert f" {name} " in done.out
    assert dateline().status == 2


def test_whoever_stops_reading_gets_no_traceback(page: Path) -> None:
    text = HARBOUR + "".join(
        f"\n- **{hour:02}:{minute:02} GMT**\n\nWords.\n" for hour in range(18) for minute in range(60)
    )
    page.write_text(text)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check", page, "--json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(),
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode != 0
