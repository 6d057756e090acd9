"""The command that ranks from a file: what it writes, and what it says when it can't."""

import json
import re

import pytest

from tests.unit.matching.partnerships.made_up import made_up_rows, write_csv


def call(runner, folder, file, asking, *more):
    queries, out = folder / "ids.txt", folder / "top.jsonl"
    queries.write_bytes(asking)
    result = runner.invoke(
        args=[
            *("matching", "rank", "--participations", str(file), "--as-of", "2015-09-01"),
            *("--queries", str(queries), "--out", str(out), *more),
        ]
    )
    return result, out


def test_a_line_for_each_once_with_reasons_that_add_up(runner, tmp_path):
    file = write_csv(tmp_path / "h.csv", made_up_rows())
    result, out = call(runner, tmp_path, file, b"o000\nnobody\r\no003\n\no000\n", "--limit", "7", "--cross-border")
    assert result.exit_code == 0 and "'nobody'" in result.stderr and len(result.stderr.strip().splitlines()) == 1
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["o000", "nobody", "o003"]
    assert lines[1] == {"id": "nobody", "suggestions": [], "unknown": True}
    for line in (lines[0], lines[2]):
        assert len(line["suggestions"]) == 7
        for one in line["suggestions"]:
            assert abs(one["score"] - sum(reason["contribution"] for reason in one["reasons"])) < 1e-9
            assert all(reason["evidence"] for reason in one["reasons"])


def test_the_same_bytes_whatever_the_order_of_the_rows_and_who_else_asks(runner, tmp_path):
    rows = made_up_rows()
    _, out = call(runner, tmp_path, write_csv(tmp_path / "h.csv", rows), b"o000\no003\n")
    first = out.read_bytes()
    _, out = call(runner, tmp_path, write_csv(tmp_path / "h.csv", rows[::-1]), b"o003\no000\no001\n")
    assert set(first.splitlines()) < set(out.read_bytes().splitlines())


def test_reasons_come_in_the_language_asked_for(runner, tmp_path):
    file = write_csv(tmp_path / "h.csv", made_up_rows())
    told = {}
    for locale in ("en", "fr", "ar"):
        result, out = call(runner, tmp_path, file, b"o000\no003\n", "--locale", locale)
        assert result.exit_code == 0, result.stderr
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        told[locale] = [one for line in lines for one in line["suggestions"]]
    criteria = set()
    for english, *others in zip(*told.values(), strict=True):
        for other in others:
            assert (other["id"], other["score"]) == (english["id"], english["score"])
            for mine, theirs in zip(english["reasons"], other["reasons"], strict=True):
                criteria.add(mine["criterion"])
                assert (mine["criterion"], mine["contribution"]) == (theirs["criterion"], theirs["contribution"])
                assert mine["evidence"] != theirs["evidence"] and "%(" not in theirs["evidence"]
    assert criteria >= {"partners", "programme", "country", "kind", "call"}
    assert any("France" in reason["evidence"] for one in told["fr"] for reason in one["reasons"])
    arabic = [reason["evidence"] for one in told["ar"] for reason in one["reasons"]]
    assert all(re.search("[\u0621-\u064a]", text) for text in arabic)
    unknown, _ = call(runner, tmp_path, file, b"o000\n", "--locale", "xx")
    assert unknown.exit_code == 2


@pytest.mark.parametrize(
    "data, asking, code, said",
    [
        (b"a,b\n1,2\n", b"o000\n", 1, "project_id"),
        (b"", b"o000\n", 1, "project_id"),
        (None, b"\n \n", 1, "names no organisation"),
        (None, b"\xff\xfe\n", 1, "UTF-8"),
    ],
)
def test_what_cant_be_ranked_is_refused_in_one_line_and_nothing_is_written(runner, tmp_path, data, asking, code, said):
    file = write_csv(tmp_path / "h.csv", made_up_rows())
    if data is not None:
        file.write_bytes(data)
    result, out = call(runner, tmp_path, file, asking)
    assert result.exit_code == code and said in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h.csv", "ids.txt"]
    assert not out.exists()


def test_nothing_by_the_day_and_wrong_calls(runner, tmp_path):
    file = write_csv(tmp_path / "h.csv", made_up_rows())
    early, _ = call(runner, tmp_path, file, b"o000\n", "--as-of", "2013-01-01")
    assert early.exit_code == 1 and "had started by 2013-01-01" in early.stderr
    wrong, _ = call(runner, tmp_path, file, b"o000\n", "--as-of", "2015-02-30")
    assert wrong.exit_code == 2
    nowhere, _ = call(runner, tmp_path, file, b"o000\n", "--out", str(tmp_path / "no" / "where.jsonl"))
    assert nowhere.exit_code == 1 and "can't be written" in nowhere.stderr
