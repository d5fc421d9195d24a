from collections import Counter
from datetime import date, timedelta

from posture.dashboards.charts import introduced, kinds_by_age, score_trend
from posture.dashboards.charts.score_trend import DayScore
from posture.dashboards.sentences import Moved, organisation_change, team_change

TODAY = date(2026, 11, 24)


def test_a_trend_says_its_finding_and_leaves_gaps_where_nothing_was_computed():
    days = [DayScore(TODAY - timedelta(days=3), 60, "D", 0.8), DayScore(TODAY, 66.5, "D", 0.9)]

    chart = score_trend.draw(days, "Payments", "/credentials/?team=payments")

    assert chart.title == "Up 6.5 points since 21 Nov 2026"
    assert chart.figure["data"][0]["y"] == [60, None, None, 66.5]
    assert chart.figure["data"][0]["connectgaps"] is False
    assert [str(cell) for cell in chart.rows[0]] == ["24 Nov 2026", "66.5", "D", "90%"]


def test_a_point_of_a_trend_leads_to_what_came_since_the_one_before():
    days = [DayScore(TODAY - timedelta(days=3), 60, "D", 0.8), DayScore(TODAY, 66.5, "D", 0.9)]

    chart = score_trend.draw(days, "Payments", "/credentials/?team=payments")

    first, _, _, last = chart.figure["data"][0]["customdata"]
    assert first == "/credentials/?team=payments&introduced=..2026-11-21"
    assert last == "/credentials/?team=payments&introduced=2026-11-22..2026-11-24"
    assert [row[1].url for row in chart.rows] == [last, first]


def test_a_team_that_is_not_assessed_has_an_empty_trend_that_says_what_to_do():
    chart = score_trend.draw([DayScore(TODAY, None, "not graded", 0)], "Payments", "/credentials/")

    assert chart.figure is None
    assert "once a source has been collected" in chart.empty


def test_the_stock_adds_up_week_by_week_and_the_table_has_the_same_numbers():
    this_week = introduced.monday(TODAY)

    weeks = introduced.Weeks(Counter({this_week: 2, this_week - timedelta(weeks=1): 1}), before=10)
    chart = introduced.draw(weeks, TODAY, "all teams", "/credentials/")

    assert chart.title == "3 credentials of 13 came in the last 26 weeks"
    assert [str(cell) for cell in chart.rows[0]] == ["23 Nov 2026", "2", "13"]
    assert [str(cell) for cell in chart.rows[1]] == ["16 Nov 2026", "1", "11"]
    assert [a + b for a, b in zip(chart.figure["data"][0]["y"], chart.figure["data"][1]["y"], strict=True)][-2:] == [
        11,
        13,
    ]


def test_kinds_are_sorted_by_number_and_lead_to_their_items():
    kinds = {("password", "Password"): [0, 0, 1, 1, 0], ("api-key", "API key"): [5, 0, 0, 0, 0]}

    chart = kinds_by_age.draw(kinds, TODAY, "all teams", "/credentials/?managed=no")

    assert chart.title == "2 of 7 unmanaged credentials have stood for over 90 days"
    assert [row[0] for row in chart.rows] == ["API key", "Password"]
    assert chart.figure["data"][0]["customdata"] == [
        "/credentials/?managed=no&kind=password&introduced=2026-10-25..",
        "/credentials/?managed=no&kind=api-key&introduced=2026-10-25..",
    ]


def test_each_piece_of_a_bar_and_its_number_in_the_table_lead_to_the_same_items():
    kinds = {("password", "Password"): [1, 2, 3, 4, 5]}

    chart = kinds_by_age.draw(kinds, TODAY, "all teams", "/credentials/?managed=no")

    pieces = [trace["customdata"][0] for trace in chart.figure["data"]]
    assert [cell.url for cell in chart.rows[0][1:-1]] == pieces
    assert [piece.partition("introduced=")[2] for piece in pieces] == [
        "2026-10-25..",
        "2026-08-26..2026-10-24",
        "2025-11-24..2026-08-25",
        "..2025-11-23",
        "unknown",
    ]
    assert chart.rows[0][-1].url == "/credentials/?managed=no&kind=password"


def test_a_week_leads_to_what_came_in_it_and_the_stock_to_what_stood_by_then():
    last_week = introduced.monday(TODAY) - timedelta(weeks=1)

    chart = introduced.draw(introduced.Weeks(Counter({last_week: 1}), before=1), TODAY, "all teams", "/credentials/")

    old, new = (trace["customdata"] for trace in chart.figure["data"])
    assert new[-2:] == ["/credentials/?introduced=2026-11-16..2026-11-22", "/credentials/?introduced=2026-11-23.."]
    assert old[-2] == "/credentials/?introduced=..2026-11-15"
    assert [getattr(cell, "url", "") for cell in chart.rows[1]] == [
        "",
        new[-2],
        "/credentials/?introduced=..2026-11-22",
    ]
    assert chart.rows[0][1] == 0


def test_the_change_of_the_organisation_names_who_moved_it_most():
    teams = [Moved("Checkout", 76, 71.1), Moved("Logistics", 44, 47.1), Moved("Data", 59, 59), Moved("New", 90, None)]

    assert (
        organisation_change(75, 73.1, date(2026, 11, 17), teams)
        == "Up 1.9 since 17 Nov 2026: Checkout gained 4.9 and Logistics lost 3.1."
    )
    assert organisation_change(75, None, None, teams).startswith("The first score")
    assert organisation_change(None, None, None, []).startswith("Not assessed yet")


def test_the_change_of_a_team_counts_items_that_came_and_went():
    before = {"score": 60, "costs": [{"pillar": "exposure", "item": "1"}]}
    now = {"score": 55, "costs": [{"pillar": "exposure", "item": "2"}, {"pillar": "exposure", "item": "3"}]}

    said = team_change(now, before, date(2026, 11, 17))

    assert said == "Down 5 since 17 Nov 2026: 2 new items cost points and 1 no longer does."
