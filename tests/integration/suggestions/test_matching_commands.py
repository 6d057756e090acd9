"""Measuring the ranking of partners from the command line, on a small made-up history."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest

from app.matching.partnerships.rivals.entrants import LIBRARIES, NEWCOMER_RIVALS, RIVALS
from tests.unit.matching.partnerships.histories import some_rows

DATES = ("--train-to", "2015-12-31", "--test-to", "2016-09-30")
QUICK = ("--only", "random", "--only", "adamic_adar", "--only", "programme_popularity")
FIGURES = {"recall_at_10", "recall_at_50", "ndcg_at_10", "mrr", "hit_at_10", "coverage_at_10"}


def written(rows) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["project_id", "start_date", "organisation_id", "organisation_type", "country", "role", "programmes"]
    )
    for row in rows:
        programmes = ";".join(row.programmes)
        table.writerow(
            [row.project, row.day, row.organisation, row.organisation_type, row.country, "participant", programmes]
        )
    return text.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "history.csv.gz"
    path.write_bytes(gzip.compress(written(some_rows(1, 260, 90, 1000)).encode()))
    return path


@pytest.fixture
def measure(runner, file):
    def measured(*options: str, code: int = 0):
        arguments = ["matching", "evaluate", "--participations", str(file), *DATES, *options]
        result = runner.invoke(args=arguments)
        assert result.exit_code == code, result.output
        return result

    return measured


def without_costs(data):
    for one in data["rankers"].values():
        for cost in ("ms_per_query", "fit_s", "choosing_s"):
            assert one.pop(cost) >= 0
    return data


def test_ours_and_all_rivals_are_measured_in_one_run(measure):
    found = json.loads(measure("--cross-border", "--queries", "40", "--without-libraries", "--json").stdout)
    assert set(found["rankers"]) == {"ours", *RIVALS} - set(LIBRARIES)
    assert found["left_out"] == [name for name in RIVALS if name in LIBRARIES]
    window = found["window"]
    assert (window["train_to"], window["test_to"], window["cross_border"]) == ("2015-12-31", "2016-09-30", True)
    assert window["queries"] == 40 <= window["organisations_with_truth"] <= window["organisations"] <= 90
    assert window["settings_chosen_on"]["test_to"] == "2015-12-31"
    for one in found["rankers"].values():
        assert set(one) >= FIGURES and all(0 <= one[figure] <= 1 for figure in FIGURES)
        for shares in (one["regions"], one["country_groups"]):
            assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    rivals = {name: one for name, one in found["rankers"].items() if name != "ours"}
    for figure in ("recall_at_10", "ndcg_at_10"):
        best = max(one[figure] for one in rivals.values())
        assert rivals[found["best_rival"][figure]][figure] == best
        assert found["gain"][figure] == pytest.approx(found["rankers"]["ours"][figure] / best - 1, abs=0.001)
        low, high = found["gain_interval_95"][figure]
        assert low <= found["gain"][figure] <= high


@pytest.mark.parametrize("mode", [(), ("--cross-border",), ("--newcomers",)])
def test_the_same_seed_gives_the_same_answer(measure, mode):
    only = ("--only", "random", "--only", "programme_popularity", "--seed", "3", "--queries", "30", "--json")
    first, second = (without_costs(json.loads(measure(*mode, *only).stdout)) for _ in range(2))
    assert first == second


def test_another_seed_asks_others(measure):
    options = ("--only", "adamic_adar", "--queries", "20", "--json")
    first, second = (json.loads(measure(*options, "--seed", seed).stdout) for seed in ("1", "2"))
    assert first["rankers"]["adamic_adar"]["recall_at_50"] != second["rankers"]["adamic_adar"]["recall_at_50"]


def test_what_starts_after_the_window_changes_nothing(measure, file):
    before = without_costs(json.loads(measure(*QUICK, "--json").stdout))
    kept = [row for row in some_rows(1, 260, 90, 1000) if row.day.isoformat() <= "2016-09-30"]
    file.write_bytes(written(kept).encode())
    assert without_costs(json.loads(measure(*QUICK, "--json").stdout)) == before


def test_newcomers_have_rivals_of_their_own(runner, file):
    rows = [row for row in some_rows(1, 260, 90, 1000) if row.organisation < "o060" or row.day.year == 2016]
    file.write_text(written(rows), encoding="utf-8")
    options = ["--newcomers", "--queries", "40", "--json"]
    result = runner.invoke(args=["matching", "evaluate", "--participations", str(file), *DATES, *options])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found["rankers"]) == {"ours", *NEWCOMER_RIVALS}
    assert found["window"]["newcomers"] is True and 0 < found["window"]["queries"] <= 30


def test_without_json_people_can_read_it(measure):
    text = measure(*QUICK, "--only", "ours").stdout
    assert "recall@10" in text and "programme_popularity" in text and "Western Europe" in text
    assert text.strip().splitlines()[-1].startswith("Ours: recall@10 ")
    assert measure(*QUICK).stdout.strip().splitlines()[-1].startswith("Nothing to compare")


def test_a_page_gets_one_section_for_each_question(measure, tmp_path):
    page = tmp_path / "evaluation.md"
    for options in (("--cross-border",), (), ("--cross-border",)):
        measure(*QUICK, *options, "--table", str(page))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.count("\n## With whom next, across borders") == text.count("\n## With whom next, anywhere") == 1
    assert "| adamic_adar |" in text and str(tmp_path) not in text


def test_a_missing_library_is_named_unless_it_is_left_out(measure, monkeypatch):
    monkeypatch.setattr("app.matching.partnerships.rivals.entrants.find_spec", lambda _name: None)
    refused = measure("--only", "als", code=1)
    assert refused.stdout == "" and "requirements-dev.txt" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert measure("--only", "als", "--only", "random", "--without-libraries").exit_code == 0
    measure("--only", "random")


@pytest.mark.parametrize(
    "options",
    [
        ("--train-to", "soon"),
        ("--test-to", "2015-12-31"),
        ("--test-to", "2015-02-30"),
        ("--queries", "0"),
        ("--only", "nobody"),
        ("--participations", "/nowhere/history.csv"),
    ],
)
def test_a_wrong_call_ends_with_two_and_one_line(measure, options):
    refused = measure(*options, code=2)
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1"),
        (b"project_id,start_date\n", "line 1"),
        (b"project_id,start_date,organisation_id,organisation_type,country\n", "not one participation"),
        (b"project_id,start_date,organisation_id,organisation_type,country\np,soon,o,HES,DE\n", "line 2"),
        (b"\x1f\x8b\x08\x00broken", "damaged"),
        (b"project_id,start_date,organisation_id,organisation_type,country\np,2014-01-01,o,HES,DE\n", "nobody"),
    ],
)
def test_a_file_that_says_nothing_ends_with_one_and_one_line(measure, file, content, said):
    file.write_bytes(content)
    refused = measure(code=1)
    assert refused.stdout == "" and said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
