"""Clocks, dates and zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import zones
from bot.sources.chronology import Mark, PageDates, moment, settle
from bot.sources.dates import Day, date_in_address, read_day
from bot.sources.timestamps import Clock, broken_stamp, read_stamp

NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "clock", "zone", "printed", "rest"),
    [
        ("19:16 GMT", "19:16", "GMT", "19:16 GMT", ""),
        ("**19:14 GMT**", "19:14", "GMT", "19:14 GMT", ""),
        ("**19:14 GMT:** Rebels leave", "19:14", "GMT", "19:14 GMT", "Rebels leave"),
        ("**19:14** – rebels leave", "19:14", None, "19:14", "rebels leave"),
        ("**19:14 GMT Rebels leave** for good", "19:14", "GMT", "19:14 GMT", "**Rebels leave** for good"),
        ("19:14 *Rebels* leave", "19:14", None, "19:14", "*Rebels* leave"),
        ("1800 GMT —", "18:00", "GMT", "1800 GMT", ""),
        ("1800 hrs", "18:00", None, "1800 hrs", ""),
        ("8.33am:", "8:33", None, "8.33am", ""),
        ("18.57", "18:57", None, "18.57", ""),
        ("5.38 pm:", "17:38", None, "5.38 pm", ""),
        ("5pm", "17:00", None, "5pm", ""),
        ("12.05 a.m. ET", "0:05", "ET", "12.05 a.m. ET", ""),
        ("12:50pm BST", "12:50", "BST", "12:50pm BST", ""),
        ("13:05 (GMT+4) A plane is down", "13:05", "GMT+4", "13:05 (GMT+4)", "A plane is down"),
        ("13:05 UTC+03:00", "13:05", "UTC+03:00", "13:05 UTC+03:00", ""),
        ("05:58 GMT/ 23:58 CST", "5:58", "GMT", "05:58 GMT", ""),
        ("19:16 GMT (22:16 MSK) A plane", "19:16", "GMT", "19:16 GMT", "A plane"),
        ("20m ago (08:53 GMT)List of events", "8:53", "GMT", "08:53 GMT", "List of events"),
        ("08:00", "8:00", None, "08:00", ""),
        ("00:12 GMT:", "0:12", "GMT", "00:12 GMT", ""),
        ("15:08, UK", "15:08", "UK", "15:08, UK", ""),
        ("15:08 UK time", "15:08", "UK", "15:08 UK time", ""),
        ("15:08 UK minister resigns", "15:08", None, "15:08", "UK minister resigns"),
        ("19:16 Moscow time", "19:16", "Moscow", "19:16 Moscow time", ""),
        ("19:16 local time", "19:16", "local", "19:16 local time", ""),
        ("19h16", "19:16", None, "19h16", ""),
        ("19.16 Uhr", "19:16", None, "19.16 Uhr", ""),
        ("19:16 NATO leaves", "19:16", None, "19:16", "NATO leaves"),
        ("19:16 GMT - 5 dead", "19:16", "GMT", "19:16 GMT", "5 dead"),
        ("[19:16] Ferry stops", "19:16", None, "19:16", "Ferry stops"),
        ("(19:16 GMT) Ferry stops", "19:16", "GMT", "19:16 GMT", "Ferry stops"),
        ("**19:16 GMT, Lindmoor** Ferry stops", "19:16", "GMT", "19:16 GMT", "**Lindmoor** Ferry stops"),
        ("[19:16 GMT](https://example.org/live#e9) A plane", "19:16", "GMT", "19:16 GMT", "A plane"),
    ],
)
def test_stamps(line: str, clock: str, zone: str | None, printed: str, rest: str) -> None:
    stamp = read_stamp(line)
    assert stamp is not None
    assert f"{stamp.clock.hour}:{stamp.clock.minute:02}" == clock
    assert (stamp.clock.zone, stamp.clock.printed, stamp.rest) == (zone, printed, rest)


@pytest.mark.parametrize(
    "line",
    [
        "19:16 he said",
        "19:16 GMT on Tuesday the shelling began",
        "19:16 GMT, the minister said",
        "19:16.",
        "(19:16 he said)",
        "at 19:16 he said",
        "2:1",
        "2:1 to the guests",
        "18.57 million",
        "18.57%",
        "2014 was a bad year",
        "1800 people",
        "10:30-11:00 Curfew",
        "4:00.54 World record",
        "25:61 GMT",
        "22:35 GMT +324 February 2017",
        "14/03/2016",
        "",
        "**",
    ],
)
def test_numbers_that_are_no_stamps(line: str) -> None:
    assert read_stamp(line) is None


def test_a_stamp_with_its_date() -> None:
    expected = Day(14, 3, 2016)
    for line in (
        "14 March 2016, 19:16 GMT",
        "14/03/2016 19:16 GMT",
        "2016-03-14T19:16:00Z",
        "19:16 GMT, 14 March 2016",
        "March 14, 2016 at 19:16 GMT",
    ):
        stamp = read_stamp(line)
        assert stamp is not None, line
        assert (stamp.day, stamp.clock.minutes, stamp.rest) == (expected, 19 * 60 + 16, ""), line


def test_unknown_zones_and_impossible_clocks_are_told() -> None:
    stamp = read_stamp("19:16 XYZ")
    assert stamp is not None
    assert stamp.trouble == 'the zone "XYZ" is not known'
    assert broken_stamp("**25:61 GMT**") == "25:61 GMT"
    assert broken_stamp("2:1") is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("14/03/2016", Day(14, 3, 2016)),
        ("03/04/2016", Day(3, 4, 2016)),
        ("03/14/2016", Day(14, 3, 2016)),
        ("2016-03-04", Day(4, 3, 2016)),
        ("23.4.2014", Day(23, 4, 2014)),
        ("14/03/16", Day(14, 3, 2016)),
        ("14 March 2016", Day(14, 3, 2016)),
        ("**24 November 2015**", Day(24, 11, 2015)),
        ("Friday, April 18", Day(18, 4, None, 4)),
        ("Sat. Jun 22nd, 2024", Day(22, 6, 2024, 5)),
        ("Sunday 1 May:", Day(1, 5, None, 6)),
        ("1st of May 2016", Day(1, 5, 2016)),
        ("May 5 killed", None),
        ("March 2016", None),
        ("31 April 2016", None),
        ("1.2.3", None),
        ("April 18, 2014 00:11", None),
    ],
)
def test_dates(line: str, day: Day | None) -> None:
    assert read_day(line) == day


def test_dates_month_first_and_datelines() -> None:
    assert read_day("03/04/2016", day_first=False) == Day(4, 3, 2016)
    assert read_day("2016-03-04", day_first=False) == Day(4, 3, 2016)
    assert read_day("Port Amsel, Velland, Nov. 24", with_place=True) == Day(24, 11)
    assert read_day("Port Amsel, Velland, Nov. 24") is None


def test_the_year_nearest_to_the_page() -> None:
    assert Day(18, 4).nearest(date(2014, 4, 21)) == date(2014, 4, 18)
    assert Day(31, 12).nearest(date(2016, 1, 2)) == date(2015, 12, 31)
    assert Day(18, 4, None, 4).nearest(date(2015, 1, 1)) == date(2014, 4, 18)  # a Friday
    assert Day(29, 2).nearest(date(2025, 3, 1)) == date(2024, 2, 29)
    assert Day(3, 9, None, 0).nearest(date(2026, 11, 28)) == date(2018, 9, 3)  # a Monday, and not 2029
    assert Day(2, 1, None, 4).nearest(date(2025, 12, 30)) == date(2026, 1, 2)  # a Friday, three days ahead


def test_dates_in_addresses() -> None:
    assert date_in_address("https://example.org/europe/201511141030072379-paris/") == date(2015, 11, 14)
    assert date_in_address("https://example.org/2023/10/11/live") == date(2023, 10, 11)
    assert date_in_address("pages/dam-2015-11-24-early.txt") == date(2015, 11, 24)
    assert date_in_address("https://example.org/id/20991399") is None
    assert date_in_address("https://example.org/world/blog/2011/feb/10/egypt-protests") == date(2011, 2, 10)
    assert date_in_address("https://example.org/live/2024/May/3") == date(2024, 5, 3)
    assert date_in_address("https://example.org/2011/feb/30/x") is None


@pytest.mark.parametrize(
    ("zone", "default", "day", "offset"),
    [
        ("GMT", "Europe/London", "2016-07-01", 0),
        ("BST", "GMT", "2016-07-01", 1),
        ("ET", "GMT", "2016-03-14", -4),
        ("ET", "GMT", "2016-03-12", -5),
        ("EST", "GMT", "2016-01-14", -5),
        ("EST", "GMT", "2016-07-14", -5),
        ("EDT", "GMT", "2016-07-14", -4),
        ("PT", "GMT", "2016-07-14", -7),
        ("MSK", "GMT", "2014-04-18", 4),
        ("MSK", "GMT", "2016-04-18", 3),
        ("CET", "GMT", "2016-07-01", 1),
        ("CEST", "GMT", "2016-07-01", 2),
        ("IST", "GMT", "2016-07-01", 5.5),
        ("IST", "Europe/Dublin", "2016-07-01", 1),
        ("IST", "Asia/Jerusalem", "2016-01-01", 2),
        ("CST", "Asia/Shanghai", "2016-07-01", 8),
        ("CST", "GMT", "2016-01-01", -6),
        ("GMT+4", "GMT", "2016-07-01", 4),
        ("UTC+03:00", "GMT", "2016-07-01", 3),
        ("+0530", "GMT", "2016-07-01", 5.5),
        ("GMT-5", "GMT", "2016-07-01", -5),
        ("UK", "GMT", "2016-07-01", 1),
        ("UK", "GMT", "2016-01-01", 0),
        ("Kyiv", "GMT", "2016-07-01", 3),
        ("Eastern", "GMT", "2016-07-01", -4),
        ("local", "Europe/Paris", "2016-07-01", 2),
        (None, "Europe/Paris", "2016-01-01", 1),
    ],
)
def test_zones(zone: str | None, default: str, day: str, offset: float) -> None:
    own = zones.named(default)
    assert own is not None
    local = datetime.fromisoformat(day).replace(hour=12)
    assert moment(local.date(), Clock(12, 0, 0, zone), own) == local.replace(tzinfo=UTC) - timedelta(hours=offset)


def test_a_clock_that_comes_twice_is_its_first() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert moment(date(2016, 10, 30), Clock(2, 30), paris) == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)


def test_no_such_zone() -> None:
    assert zones.named("Mars/Olympus") is None
    assert zones.named("../../etc/passwd") is None
    assert zones.named("GMT+25") is None


# --- which day ------------------------------------------------------------------------------------------------------


def days(*clocks: str, headings: dict[int, date] | None = None, dates: PageDates | None = None) -> list[str]:
    marks = [Mark(Clock(int(clock[:2]), int(clock[3:])), (headings or {}).get(n)) for n, clock in enumerate(clocks)]
    settled = settle(marks, dates or PageDates(now=NOON), UTC)
    return [f"{at:%d}" for at in settled.moments]


def test_over_midnight_both_ways() -> None:
    top = {0: date(2014, 4, 18)}
    assert days("00:12", "23:09", headings=top) == ["18", "17"]
    assert days("23:09", "00:12", headings=top) == ["18", "19"]
    assert days("01:10", "00:12", "23:59", "12:00", "23:00", headings=top) == ["18", "18", "17", "17", "16"]
    assert days("22:00", "23:59", "00:01", "09:00", headings=top) == ["18", "18", "19", "19"]


def test_a_jumbled_order_is_no_midnight() -> None:
    top = {0: date(2014, 4, 18)}
    assert days("19:14", "19:16", "18:00", "17:00", headings=top) == ["18"] * 4


def test_headings_win_and_entries_above_the_first_one_count_back() -> None:
    assert days("10:00", "09:00", "08:00", headings={1: date(2014, 4, 17)}) == ["18", "17", "17"]
    assert days("08:00", "09:00", "10:00", headings={1: date(2014, 4, 17), 2: date(2014, 4, 18)}) == ["16", "17", "18"]


def test_without_headings_nothing_lies_in_the_future() -> None:
    assert days("11:59", "11:00") == ["22", "22"]
    assert days("23:50", "22:00") == ["21", "21"]
    assert days("00:10", "23:50") == ["22", "21"]
    assert days("23:50", "00:10") == ["21", "22"]


def test_without_headings_the_pages_own_dates() -> None:
    edited = PageDates(now=NOON, edited=datetime(2014, 4, 18, 0, 11))  # noqa: DTZ001
    assert days("00:12", "23:09", dates=edited) == ["18", "17"]
    archived = PageDates(now=NOON, address=date(2015, 11, 14))
    assert days("00:30", "08:00", dates=archived) == ["14", "14"]
    assert days("00:30", "23:00", "22:00", dates=archived) == ["15", "14", "14"]
    live = PageDates(now=NOON, address=date(2025, 11, 20))
    assert days("11:00", "10:00", dates=live) == ["22", "22"]


# --- properties -----------------------------------------------------------------------------------------------------

FORMS = ("{h:02}:{m:02}", "{h}:{m:02}", "{h:02}.{m:02}", "{h12}.{m:02}{half}", "{h12}:{m:02} {half}", "{h:02}h{m:02}")
AROUND = ("{}", "**{}**", "{}:", "{} —", "*{}*", "__{}:__", "[{}](https://example.org/#e)")
ZONES = ("", " GMT", " UTC", " BST", " ET", " MSK", " (GMT+4)", " GMT-3", " UTC+05:30", " Moscow time")


@given(st.times(), st.sampled_from(FORMS), st.sampled_from(ZONES), st.sampled_from(AROUND))
def test_rendered_clocks_are_read_back(time: object, form: str, zone: str, around: str) -> None:
    hour, minute = time.hour, time.minute  # type: ignore[attr-defined]
    clock = form.format(h=hour, m=minute, h12=hour % 12 or 12, half="am" if hour < 12 else "pm")
    stamp = read_stamp(around.format(clock + zone))
    assert stamp is not None
    assert (stamp.clock.hour, stamp.clock.minute, stamp.rest) == (hour, minute, "")
    assert stamp.clock.printed == clock + zone
    assert bool(stamp.clock.zone) == bool(zone)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
    st.sampled_from(
        ("{d}/{m}/{y}", "{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}", "{d} {b} {y}", "{B} {d}, {y}", "- {d} {B} {y}:")
    ),
)
def test_rendered_dates_are_read_back(at: datetime, form: str) -> None:
    line = form.format(d=at.day, m=at.month, y=at.year, b=at.strftime("%b"), B=at.strftime("%B"))
    assert read_day(line.removeprefix("- ")) == Day(at.day, at.month, at.year)


@given(st.text(max_size=80))
def test_any_line_may_come(line: str) -> None:
    read_stamp(line)
    read_day(line, with_place=True)
    broken_stamp(line)


@given(st.lists(st.times(), min_size=1, max_size=30), st.booleans())
def test_every_clock_gets_a_moment(times: list[object], headed: bool) -> None:
    marks = [Mark(Clock(time.hour, time.minute)) for time in times]  # type: ignore[attr-defined]
    if headed:
        marks[0] = Mark(marks[0].clock, date(2016, 3, 14))
    settled = settle(marks, PageDates(now=NOON), UTC)
    assert [(at.hour, at.minute) for at in settled.moments] == [(m.clock.hour, m.clock.minute) for m in marks]
    if not headed:
        assert max(settled.moments) <= NOON + timedelta(minutes=30)
