"""Exports that tell no people become numbers by the day: what each format says, what is said twice, what is undone."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.collect.importers.conftest import Tried

from pathworth.base.errors import BadInput, UnknownName
from pathworth.collect import FileMapping, import_files
from pathworth.collect.daily import aside, reading
from pathworth.collect.readers import blocks
from pathworth.store import BlindSpots, Daily, Workspace
from pathworth.store.feeds import daily

SPEND = (
    "channel,week,spend,currency\n"
    "search,2026-01-05,1200.50,EUR\n"
    "linkedin,2026-01-05,800,EUR\n"
    "search,2026-W03,1300,EUR\n"
)


def numbers(tried: Tried) -> list[tuple[Any, ...]]:
    """What stands: source, day, how many days, measure, value, currency, and by what it is broken down."""
    return [
        (where, v.day, v.days, v.measure, v.micro / 1e6, v.currency, json.loads(v.dimensions))
        for where, v in Daily(tried.workspace).values()
    ]


def short(tried: Tried) -> list[tuple[Any, ...]]:
    """The same without source, days and currency."""
    return [(day, measure, value, by) for _, day, _, measure, value, _, by in numbers(tried)]


def taken(tried: Tried, path: Path, **said: str) -> Any:
    """Import a file, and see that the same rows from another file change nothing."""
    answer = import_files(tried.workspace, [path], mapping=FileMapping(**said) if said else None)
    assert answer.daily
    before = numbers(tried)
    again = path.with_name(f"again-{path.name}")
    data = path.read_bytes()
    again.write_bytes(data + b"\n" if data[-1:] in b"\n}]" else data)
    twice = import_files(tried.workspace, [again], mapping=FileMapping(**said) if said else None)
    assert (twice.accepted, twice.rejected) == (0, answer.rejected)
    assert numbers(tried) == before
    return answer


def test_spend_by_week_is_of_seven_days_and_money(tried: Tried) -> None:
    path = tried.write("spend.csv", SPEND)
    assert tried.format(path) == "ad-spend"
    answer = taken(tried, path)
    assert (answer.accepted, answer.duplicates, answer.rejected) == (3, 0, 0)
    assert numbers(tried) == [
        ("ad spend", "2026-01-05", 7, "spend", 800.0, "EUR", {"channel": "linkedin"}),
        ("ad spend", "2026-01-05", 7, "spend", 1200.5, "EUR", {"channel": "search"}),
        ("ad spend", "2026-01-12", 7, "spend", 1300.0, "EUR", {"channel": "search"}),
    ]
    (count,) = Daily(tried.workspace).counts()
    assert (count.covered, count.first, count.last, count.sum) == (
        14,
        "2026-01-05",
        "2026-01-18",
        3_300_500_000,
    )
    # No event came of it, and nobody.
    assert tried.workspace.snapshot().events == 0
    assert BlindSpots(tried.workspace).all() == ()


def test_a_later_number_takes_the_place_of_an_older_one_until_it_is_undone(tried: Tried) -> None:
    first = import_files(tried.workspace, [tried.write("a.csv", SPEND)])
    later = SPEND.replace("1200.50", "1250").replace("linkedin,2026-01-05,800,EUR\n", "")
    second = import_files(tried.workspace, [tried.write("b.csv", later)])
    assert (second.accepted, second.duplicates) == (1, 1)
    values = {(day, by["channel"]): value for day, _, value, by in short(tried)}
    assert values["2026-01-05", "search"] == 1250.0
    assert len(values) == 3
    # What is said again by another stays when the first to say it goes.
    preview = tried.workspace.undo_preview(first.import_)
    assert (preview.daily, preview.daily_restored, preview.removed) == (1, 0, 0)
    tried.workspace.undo(first.import_)
    assert [(day, by["channel"], value) for day, _, value, by in short(tried)] == [
        ("2026-01-05", "search", 1250.0),
        ("2026-01-12", "search", 1300.0),
    ]
    # The same file comes in again, and is older than what was said since: it is the newest word now.
    import_files(tried.workspace, [tried.write("a.csv", SPEND)])
    undone = tried.workspace.undo(second.import_)
    assert (undone.daily, undone.daily_restored) == (0, 0)
    assert len(short(tried)) == 3
    rows = tried.workspace.imports()
    assert [(row.kind, row.undone_at is None) for row in rows] == [
        ("daily", False),
        ("daily", False),
        ("daily", True),
    ]


def test_block_by_block_comes_the_same_and_memory_does_not_grow_with_a_file(
    tried: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["channel,day,spend,clicks"]
    for k in range(336):
        lines.append(f"c{k % 7},2026-{1 + k // 28 % 12:02}-{1 + k % 28:02},{k},{k % 9}")
        if k % 40 == 7:
            lines.append(f"c{k % 7},2026-{1 + k // 28 % 12:02}-{1 + k % 28:02},{k},{1 + k % 9}")
            lines.append(f"c{k % 7},soon,{k},1")
    text = "\n".join(lines) + "\n"
    whole = import_files(tried.workspace, [tried.write("a.csv", text)])
    assert (whole.accepted, whole.rejected) == (672, 18)
    held: list[int] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(blocks, "BLOCK", 512)
    monkeypatch.setattr(reading, "PART", 5)
    real = aside.Aside.keep

    def watched(self: aside.Aside, values: Any) -> None:
        held.append(len(values))
        real(self, values)

    monkeypatch.setattr(aside.Aside, "keep", watched)
    other = Tried(Workspace.create(tmp_path / "other", timezone="UTC"), tmp_path)
    pieces = import_files(other.workspace, [other.write("a.csv", text)])
    assert (len(held) > 70, max(held)) == (True, 10)
    assert numbers(other) == numbers(tried)
    assert other.workspace.rejects(1).equals(tried.workspace.rejects(1))
    counts = ("accepted", "rejected", "duplicates", "conflicting", "reasons", "sample")
    assert [getattr(pieces, one) for one in counts] == [getattr(whole, one) for one in counts]
    assert not list(tmp_path.glob("pathworth-*"))


def test_an_import_that_breaks_off_was_never_there(
    tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = daily.say_daily

    def breaks(session: Any, values: Any, **named: Any) -> Any:
        real(session, values, **named)
        raise OSError("the disk is gone")

    path = tried.write("a.csv", SPEND + "search,never,1,EUR\n")
    monkeypatch.setattr(daily, "say_daily", breaks)
    with pytest.raises(OSError, match="gone"):
        import_files(tried.workspace, [path])
    assert (short(tried), tried.workspace.imports()) == ([], ())
    monkeypatch.setattr(daily, "say_daily", real)
    # What it left aside belongs to no import that came since.
    events = tried.write("e.csv", "user_id,event,timestamp\nu1,view,2026-01-01\n")
    assert tried.refused(import_files(tried.workspace, [events]).import_) == []
    assert import_files(tried.workspace, [path]).accepted == 3


def test_of_two_files_of_one_import_the_later_one_has_the_last_word(tried: Tried) -> None:
    files = [tried.write("a.csv", SPEND), tried.write("b.csv", SPEND.replace("800", "900"))]
    answer = import_files(tried.workspace, files)
    assert (answer.accepted, answer.duplicates, answer.rejected) == (3, 3, 0)
    assert ("2026-01-05", "spend", 900.0, {"channel": "linkedin"}) in short(tried)


def test_undoing_the_later_word_lets_the_older_one_stand_again(tried: Tried) -> None:
    import_files(tried.workspace, [tried.write("a.csv", SPEND)])
    second = import_files(tried.workspace, [tried.write("b.csv", SPEND.replace("800", "900"))])
    preview = tried.workspace.undo_preview(second.import_)
    assert (preview.daily, preview.daily_restored) == (3, 3)
    tried.workspace.undo(second.import_)
    assert ("2026-01-05", "spend", 800.0, {"channel": "linkedin"}) in short(tried)


def test_events_and_numbers_share_one_series_of_imports_and_their_undo(tried: Tried) -> None:
    events = tried.write(
        "e.csv", "user_id,event,timestamp\nu1,view,2026-01-01\nu2,view,2026-01-02\n"
    )
    import_files(tried.workspace, [tried.write("a.csv", SPEND)])
    import_files(tried.workspace, [events])
    more = tried.write("f.csv", "user_id,event,timestamp,plan\nu3,buy,2026-01-03,pro\n")
    third = import_files(tried.workspace, [more])
    tried.workspace.undo(1)
    assert short(tried) == []
    assert tried.workspace.snapshot().events == 3
    tried.workspace.undo(third.import_)
    assert [row["entity"] for row in tried.events()] == ["u1", "u2"]
    assert import_files(tried.workspace, [tried.write("a.csv", SPEND)]).accepted == 3


def test_rows_that_say_no_number_or_no_day_are_refused_and_kept(tried: Tried) -> None:
    text = (
        "Day,Campaign,Cost,Clicks\n"
        "2026-01-01,Brand,1.50,3\n2026-01-02,Brand,,--\n,Brand,1,1\nTotal,,7,9\n"
        "2026-01-03,Brand,much,1\n2026-01-01,Brand,9,3\n2026-01-04,Brand,2,1\n"
        "2026-01-05,Brand,2,1\n2026-01-06,Brand,2,1\n2026-01-07,Brand,2,1\n"
    )
    answer = import_files(tried.workspace, [tried.write("cost.csv", text)])
    assert tried.refused(answer.import_) == [
        (2, "NO_VALUE"),
        (3, "NO_TIME"),
        (4, "BAD_TIME"),
        (5, "BAD_NUMBER"),
        (6, "SAID_TWICE"),
    ]
    assert answer.accepted == 10
    # Money without a currency is in the workspace's.
    assert {row[5] for row in numbers(tried) if row[3] == "spend"} == {"EUR"}


def test_a_dry_run_shows_numbers_and_keeps_none(tried: Tried) -> None:
    answer = import_files(tried.workspace, [tried.write("a.csv", SPEND)], dry_run=True)
    assert (answer.import_, answer.accepted, answer.daily) == (None, 3, True)
    shown = answer.sample[0]
    assert (shown.event, shown.time, shown.value, shown.currency) == (
        "spend",
        "2026-01-05",
        1200.5,
        "EUR",
    )
    assert tried.workspace.imports() == ()


def test_a_list_of_orders_is_no_ad_spend(tried: Tried) -> None:
    text = "user_id,date,cost,channel\nu1,2026-01-01,5,ads\n"
    assert tried.format(tried.write("o.csv", text)) is None


def test_google_ads_reports_have_lines_above_their_header(tried: Tried) -> None:
    text = (
        "Campaign report\n"
        '"January 1, 2026 - January 31, 2026"\n'
        "Day,Campaign,Currency code,Cost,Impr.,Clicks,Conversions\n"
        '2026-01-01,Brand,EUR,"1,234.56","12,000",345, --\n'
        "2026-01-02,Brand,EUR,7.00,50,3,1.50\n"
    )
    path = tried.write("report.csv", text)
    assert tried.format(path) == "google-ads"
    assert taken(tried, path).accepted == 7
    assert ("2026-01-01", "spend", 1234.56, {"campaign": "Brand"}) in short(tried)
    assert ("2026-01-02", "conversions", 1.5, {"campaign": "Brand"}) in short(tried)
    assert (
        taken(
            tried, tried.write("other.csv", text.replace("7.00", "8")), format="google-ads"
        ).accepted
        == 1
    )


def test_linkedin_reports_are_tables_of_tabs_in_utf_16(tried: Tried) -> None:
    text = (
        "Campaign Performance Report (in UTC)\n"
        '"Report Start: January 1, 2026, 12:00 AM"\n'
        '"Report End: January 2, 2026, 11:59 PM"\n'
        '"Date Generated: January 3, 2026, 9:00 AM"\n'
        "\n"
        "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Name\tTotal Spent\tImpressions\tClicks\n"
        "1/31/2026\tShop\tEUR\tLeads\t50.25\t1000\t12\n"
        "1/30/2026\tShop\tEUR\tLeads\t49.75\t900\t10\n"
    )
    path = tried.write("linkedin.csv", text.encode("utf-16"))
    assert tried.format(path) == "linkedin-ads"
    taken(tried, path)
    by = {"account": "Shop", "campaign": "Leads"}
    assert [row for row in short(tried) if row[1] == "spend"] == [
        ("2026-01-30", "spend", 49.75, by),
        ("2026-01-31", "spend", 50.25, by),
    ]


def test_reports_with_more_columns_and_totals_say_their_money_and_refuse_their_totals(
    tried: Tried,
) -> None:
    linkedin = (
        "Campaign Performance Report (in UTC)\n"
        "Report Start: 01/30/2026, Report End: 01/31/2026\n\n"
        "Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Total Spent,Impressions,Clicks,"
        "Clicks to Landing Page,Conversions,Total Conversion Value,Currency\n"
        '01/30/2026,Shop,Default,"Leads, all",11,"1,234.50",10000,200,150,3,300.00,USD\n'
        "01/31/2026,Shop,Default,Brand,12,10.25,500,4,2,0,0,USD\n"
        'Total,,,,,"1,244.75",10500,204,152,3,300.00,USD\n'
    )
    path = tried.write("linkedin.csv", linkedin)
    assert tried.format(path) == "linkedin-ads"
    assert tried.refused(taken(tried, path).import_) == [(3, "BAD_TIME")]
    google = (
        "Campaign report\nJanuary 30, 2026 - January 31, 2026\n"
        "Day\tCampaign status\tCampaign\tCurrency code\tCost\tImpr.\tClicks\tConv. value\n"
        "2026-01-30\tEnabled\tBrand\tUSD\t12.40\t900\t40\t13.49\n"
        "2026-01-31\tEnabled\tBrand\tUSD\t16.50\t1,200\t55\t --\n"
        "Total: Account\t\t\tUSD\t28.90\t2,100\t95\t13.49\n"
    )
    path = tried.write("google.csv", google.encode("utf-16"))
    assert tried.format(path) == "google-ads"
    assert tried.refused(taken(tried, path).import_) == [(3, "BAD_TIME")]
    found = {
        (where, day, measure): (value, code)
        for where, day, _, measure, value, code, _ in numbers(tried)
    }
    assert found["linkedin ads", "2026-01-30", "spend"] == (1234.5, "USD")
    assert found["linkedin ads", "2026-01-30", "conversion value"] == (300.0, "USD")
    assert found["linkedin ads", "2026-01-31", "clicks to landing page"] == (2.0, None)
    assert found["google ads", "2026-01-30", "conversion value"] == (13.49, "USD")
    assert found["google ads", "2026-01-31", "impressions"] == (1200.0, None)
    assert ("google ads", "2026-01-31", "conversion value") not in found


def test_meta_reports_say_their_currency_in_a_head_and_their_days_in_two_columns(
    tried: Tried,
) -> None:
    text = (
        "Reporting starts,Reporting ends,Campaign name,Results,Reach,Impressions,Amount spent (USD),Link clicks\n"
        "2026-01-01,2026-01-31,Spring,4,900,1200,35.50,20\n"
    )
    path = tried.write("meta.csv", text)
    assert tried.format(path) == "meta-ads"
    taken(tried, path)
    spend = next(row for row in numbers(tried) if row[3] == "spend")
    assert spend == ("meta ads", "2026-01-01", 31, "spend", 35.5, "USD", {"campaign": "Spring"})


def test_rows_of_a_search_console_are_read_as_table_and_as_rows_of_its_api(tried: Tried) -> None:
    text = (
        "query,page,date,clicks,impressions,ctr,position\n"
        "close books,https://a.example/,2026-01-05,6,1000,0.6%,8.4\n"
    )
    path = tried.write("gsc.csv", text)
    assert tried.format(path) == "google-search-console"
    taken(tried, path)
    row = {"query": "close books", "page": "https://a.example/", "date": "2026-01-05"}
    rows = [{**row, "clicks": 6, "impressions": 1000, "ctr": 0.006, "position": 8.4}]
    same = import_files(tried.workspace, [tried.write("rows.json", {"rows": rows})])
    assert (same.accepted, same.duplicates) == (0, 4)
    (spot,) = BlindSpots(tried.workspace).all()
    assert (spot.source, spot.least, spot.by_hand) == ("google search console", 0.5, False)


def test_the_archive_of_a_search_console_has_days_and_one_period(tried: Tried) -> None:
    files = {
        "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2026-01-01,3,100,3%,5.1\n2026-01-03,2,80,2.5%,5.4\n",
        "Queries.csv": "Top queries,Clicks,Impressions,CTR,Position\nclose books,5,180,2.78%,5.2\n",
        "Pages.csv": "Top pages,Clicks,Impressions,CTR,Position\nhttps://a.example/,5,180,2.78%,5.2\n",
        "Countries.csv": "Country,Clicks,Impressions,CTR,Position\nBelgium,5,180,2.78%,5.2\n",
        "Devices.csv": "Device,Clicks,Impressions,CTR,Position\nDesktop,5,180,2.78%,5.2\n",
        "Filters.csv": "Filter,Value\nDate,Last 3 months\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    path = tried.write("export.zip", packed.getvalue())
    assert tried.format(path) == "google-search-console-zip"
    answer = import_files(tried.workspace, [path])
    assert (answer.accepted, answer.rejected) == (24, 0)
    clicks = [
        (day, many, by) for _, day, many, what, _, _, by in numbers(tried) if what == "clicks"
    ]
    assert ("2026-01-01", 3, {"query": "close books"}) in clicks
    assert ("2026-01-03", 1, {}) in clicks
    days = {row.split: row for row in Daily(tried.workspace).counts() if row.measure == "clicks"}
    assert (days[()].covered, days[()].sum, days["query",].covered) == (2, 5_000_000, 3)


def test_an_answer_of_clarity_is_of_the_day_that_a_person_says(tried: Tried) -> None:
    document = [
        {
            "metricName": "Traffic",
            "information": [
                {
                    "totalSessionCount": "9554",
                    "totalBotSessionCount": "8369",
                    "distantUserCount": "189733",
                    "PagesPerSessionPercentage": 1.0931,
                    "OS": "Other",
                }
            ],
        },
        {
            "metricName": "RageClickCount",
            "information": [
                {
                    "sessionsCount": "12",
                    "subTotal": "30",
                    "sessionsWithMetricPercentage": 0.4,
                    "OS": "Other",
                }
            ],
        },
    ]
    path = tried.write("clarity.json", document)
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path])
    assert (caught.value.code, "--time" in caught.value.hint) == ("MAPPING_UNSURE", True)
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path], mapping=FileMapping(time="=yesterday"))
    assert caught.value.code == "BAD_DAY"
    answer = import_files(tried.workspace, [path], mapping=FileMapping(time="=2026-01-05"))
    assert answer.accepted == 7
    assert ("2026-01-05", "RageClickCount", 30.0, {"os": "Other"}) in short(tried)
    assert ("2026-01-05", "sessions", 9554.0, {"os": "Other"}) in short(tried)
    # The same bytes may be of another day.
    assert (
        import_files(tried.workspace, [path], mapping=FileMapping(time="=2026-01-06")).accepted == 7
    )
    named = path.rename(path.with_name("clarity-2026-01-07.json"))
    assert import_files(tried.workspace, [named]).accepted == 7


@pytest.mark.parametrize(
    ("name", "said", "text", "expected"),
    [
        (
            "semrush-keywords",
            {},
            "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Traffic,Traffic (%),"
            "Traffic Cost,"
            "Competition,Number of Results,Trends,Timestamp,SERP Features by Keyword,Keyword Intents,Position Type\n"
            'close books,4,5,1300,38,2.15,https://a.example/,91,3.10,195,0.4,120,"[1,2]",2026-01-05,Reviews,'
            "commercial,Organic\n",
            {"position": 4.0, "volume": 1300.0, "difficulty": 38.0, "traffic": 91.0, "click price": 2.15},
        ),
        (
            "ahrefs-keywords",
            {},
            "Keyword,Country,Volume,KD,CPC,Current organic traffic,Current position,Current URL,Current position date\n"
            "close books,be,1300,38,2.15,91,4,https://a.example/,2026-01-05\n",
            {"position": 4.0, "volume": 1300.0, "difficulty": 38.0, "traffic": 91.0},
        ),
        (
            "moz-keywords",
            {"time": "=2026-01-05"},
            "Keyword,Min Volume,Max Volume,Difficulty,Organic CTR,Priority\nclose books,851,1700,38,64,51\n",
            {"least volume": 851.0, "most volume": 1700.0, "difficulty": 38.0, "organic ctr": 64.0, "priority": 51.0},
        ),
    ],
)  # fmt: skip
def test_lists_of_keywords_say_rank_and_volume_of_a_day(
    tried: Tried, name: str, said: dict[str, str], text: str, expected: dict[str, float]
) -> None:
    path = tried.write("keywords.csv", text)
    assert tried.format(path, **said) == name
    taken(tried, path, **said)
    assert {measure: value for _, measure, value, _ in short(tried)} == expected
    (by,) = {json.dumps(row[3]) for row in short(tried)}
    assert json.loads(by)["keyword"] == "close books"
    assert {row[0] for row in short(tried)} == {"2026-01-05"}
    assert all(count.sum is None for count in Daily(tried.workspace).counts())


def test_what_a_person_says_of_a_source_no_import_says_otherwise(tried: Tried) -> None:
    spots = BlindSpots(tried.workspace)
    spots.say("semrush", shows=(0.3, 0.4), because="we asked", said_by="ann", by_hand=True)
    text = "Keyword,Position,Search Volume,Keyword Difficulty,URL,Timestamp\na,1,2,3,https://a.example/,2026-01-05\n"
    import_files(tried.workspace, [tried.write("k.csv", text)])
    assert [(one.least, one.said_by) for one in spots.all()] == [(0.3, "ann")]
    spots.forget("semrush")
    import_files(
        tried.workspace, [tried.write("k2.csv", text + "b,1,2,3,https://a.example/,2026-01-05\n")]
    )
    assert [(one.least, one.by_hand) for one in spots.all()] == [(0.1, False)]
    with pytest.raises(BadInput) as caught:
        spots.say("x", shows=(0.9, 0.4), because="so", by_hand=True)
    assert caught.value.code == "BAD_SHARE"
    with pytest.raises(BadInput) as caught:
        spots.say("x", shows=(0.1, 0.4), because=" ", by_hand=True)
    assert caught.value.code == "NO_REASON"
    with pytest.raises(BadInput) as caught:
        spots.say(" ", shows=(0.1, 0.4), because="so", by_hand=True)
    assert caught.value.code == "NO_SOURCE"
    with pytest.raises(UnknownName) as unknown:
        spots.forget("x")
    assert unknown.value.code == "UNKNOWN_SOURCE"


def test_events_bring_what_their_format_says_of_its_source(tried: Tried) -> None:
    text = "Member ID,Store,Visit date,Spent,Currency\nm1,Ghent,2024-01-01,12.50,EUR\n"
    import_files(tried.workspace, [tried.write("visits.csv", text)])
    found = BlindSpots(tried.workspace).all()
    assert [(one.by_hand, one.least < one.most) for one in found] == [(False, True)]
