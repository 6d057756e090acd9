"""A history is the same whatever the order of its rows, and a file that is none is refused with its line."""

import gzip
import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.partnerships.history import Participation, build_history
from app.matching.partnerships.reading import BadRow, BrokenFile, MissingColumn, NoRows, UnreadableHistory, read_history
from tests.unit.matching.partnerships.histories import contradicting_rows
from tests.unit.matching.partnerships.made_up import made_up_history, made_up_rows, write_csv


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__)


def test_the_order_of_rows_and_rows_told_twice_dont_matter():
    rows = made_up_rows()
    shuffled = rows + rows[:40]
    random.Random(4).shuffle(shuffled)
    assert same(build_history(rows), build_history(shuffled))


def test_until_keeps_what_started_on_the_day_and_nothing_later():
    day = date(2015, 6, 1)
    history = made_up_history()
    cut, alone = history.until(day), build_history([row for row in made_up_rows() if row.day <= day])
    names = [history.organisations[one] for one in np.flatnonzero(cut.seen())]
    assert tuple(names) == alone.organisations
    assert cut.size.sum() == len(alone.participation_org)
    assert cut.participation_day.max() <= day.toordinal()


def told_by(history):
    """Everything a history says of each participation, by name."""
    found = {}
    for at, (what, who) in enumerate(zip(history.participation_project, history.participation_org, strict=True)):
        found[history.projects[what], history.organisations[who]] = (
            int(history.participation_day[at]),
            history.countries[history.country[who]],
            history.types[history.type_of[who]],
            int(history.start[what]),
            tuple(history.programmes[one] for one in history.programmes_of(int(what))),
            int(history.size[what]),
        )
    return found


@settings(max_examples=50, deadline=None)
@given(contradicting_rows(), st.integers(0, 60))
def test_a_history_cut_at_a_day_says_what_one_made_on_that_day_says(rows, number):
    day = date(2015, 11, 20) + timedelta(days=number)
    early = [row for row in rows if row.day <= day]
    cut = build_history(rows).until(day)
    assert told_by(cut) == told_by(build_history(early))
    first = {name: min((row.day, row.project) for row in early if row.organisation == name) for name in names(early)}
    for name, place in zip(cut.organisations, cut.first_projects(), strict=True):
        assert cut.organisations[cut.place_of(name)] == name
        assert (cut.projects[place] if place >= 0 else None) == first.get(name, (day, None))[1]
    assert cut.place_of("") is None and cut.place_of("zz") is None


def names(rows):
    return {row.organisation for row in rows}


def test_what_is_told_later_doesnt_change_country_start_or_size():
    first = Participation("p", date(2015, 1, 1), "o", "HES", "FR", ("WATER",))
    later = Participation("p", date(2016, 1, 1), "o", "PRC", "KE", ("SOIL",))
    other = Participation("p", date(2016, 1, 1), "z", "PRC", "KE")
    history = build_history([other, later, first])
    assert history.countries[history.country[0]] == "FR" and history.types[history.type_of[0]] == "HES"
    assert [history.programmes[one] for one in history.programmes_of(0)] == ["WATER"]
    assert history.until(date(2015, 6, 1)).size.tolist() == [1] and history.size.tolist() == [2]


def test_a_file_packed_or_not_is_read(tmp_path):
    rows = made_up_rows()
    plain = write_csv(tmp_path / "h.csv", rows)
    packed = tmp_path / "h.csv.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes()))
    assert same(read_history(plain), build_history(rows)) and same(read_history(packed), build_history(rows))


HEAD = b"project_id,start_date,organisation_id,organisation_type,country,role,programmes\n"


@pytest.mark.parametrize(
    "data, kind, said",
    [
        (b"project_id,start_date\n1,2015-01-01\n", MissingColumn, "organisation_id"),
        (HEAD + b"1,2015-02-30,7,HES,FR,partner,\n", BadRow, "line 2"),
        (HEAD + b"1,2015-02-01,7,HES,FR,partner,\n1,soon,7,HES,FR,partner,\n", BadRow, "line 3"),
        (HEAD + b"1,2015-02-01\n", BadRow, "2 columns"),
        (HEAD + b",2015-02-01,7,HES,FR,partner,\n", BadRow, "project_id is empty"),
        (HEAD + b"1,2015-02-01,7,HES,\xff\xfe,partner,\n", BrokenFile, "UTF-8"),
        (HEAD + b"1,2015-02-01,7,HES," + b"x" * 200_000 + b",partner,\n", BadRow, "line"),
        (HEAD, NoRows, "not one"),
        (b"", MissingColumn, "project_id"),
        # The time is set because xdist wants every worker to name a test alike, and the name is made of these bytes.
        (gzip.compress(HEAD * 400, mtime=0)[:60], BrokenFile, "cut off"),
    ],
)
def test_a_file_that_is_no_history_is_refused_with_its_line(tmp_path, data, kind, said):
    path = tmp_path / "h.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableHistory) as refused:
        read_history(path)
    assert refused.type is kind and said in str(refused.value)
