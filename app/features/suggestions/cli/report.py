"""What an evaluation says: as JSON, as a table to read, and as a section of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.features.suggestions.cli.places import group_of, region_of
from app.features.vocabularies.queries.places import region_name
from app.matching.partnerships.evaluating import OURS, Contest, Result, best_of, gain_over, shares_by
from app.matching.partnerships.protocol import SHORT

FIGURES = ("recall_at_10", "recall_at_50", "ndcg_at_10", "mrr", "hit_at_10", "coverage_at_10")
COMPARED = ("recall_at_10", "ndcg_at_10")
HEADS = ("recall@10", "recall@50", "NDCG@10", "MRR", "hit@10", "coverage@10", "ms/query", "fit s")
TO_REACH, COVERAGE_TO_REACH, NEWCOMERS_TO_REACH = 0.2, 0.12, 0.12


def as_data(contest: Contest, results: Mapping[str, Result], left_out: Sequence[str], seed: int) -> dict[str, Any]:
    """Return everything that was measured, in the shape of the command's JSON."""
    best = {figure: best_of(results, figure) for figure in reversed(COMPARED)}
    gains: dict[str, float | None] = {}
    intervals: dict[str, list[float] | None] = {}
    for figure in COMPARED:
        name = best[figure]
        gains[figure], intervals[figure] = None, None
        if name is not None and OURS in results:
            gain = gain_over(results[OURS].outcome, results[name].outcome, figure, seed)
            gains[figure], intervals[figure] = round(gain.gain, 4), [round(gain.low, 4), round(gain.high, 4)]
    return {
        "window": _window(contest, seed),
        "rankers": {name: _ranker(contest, result) for name, result in results.items()},
        "left_out": list(left_out),
        "best_rival": best,
        "gain": gains,
        "gain_interval_95": intervals,
    }


def verdict(data: Mapping[str, Any]) -> str:
    """Return in one line how ours compares with the best rival in either figure."""
    gain, best, ours = data["gain"], data["best_rival"], data["rankers"].get(OURS)
    if ours is None or gain["ndcg_at_10"] is None:
        return "Nothing to compare: ours or all rivals were left out."
    said = [
        f"{head} {abs(gain[figure]):.1%} {'above' if gain[figure] >= 0 else 'below'} {best[figure]}"
        for figure, head in (("recall_at_10", "recall@10"), ("ndcg_at_10", "NDCG@10"))
    ]
    if data["window"]["newcomers"]:
        reached = ours["ndcg_at_10"] >= NEWCOMERS_TO_REACH
        aim = f"to reach: NDCG@10 of {NEWCOMERS_TO_REACH}"
    else:
        reached = min(gain.values()) >= TO_REACH and ours["coverage_at_10"] >= COVERAGE_TO_REACH
        aim = f"to reach: {TO_REACH:.0%} above in both, coverage@10 of {COVERAGE_TO_REACH}"
    coverage = f"coverage@10 {ours['coverage_at_10']:.3f}"
    return f"Ours: {', '.join(said)}, {coverage} ({aim}: {'reached' if reached else 'not reached'})."


def as_text(data: Mapping[str, Any]) -> str:
    """Return tables in plain text, with the verdict as the last line."""
    blocks = [_question(data)]
    for rows in (_figures(data), _shares(data, "country_groups"), _shares(data, "regions")):
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = []
        for row in rows:
            cells = [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
            lines.append("  ".join(cells).rstrip())
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, *_notes(data), verdict(data)])


def as_section(data: Mapping[str, Any], command: str) -> str:
    """Return a section of a page: the question, the tables, the settings of the rivals, and the verdict."""
    blocks = [f"## {_title(data)}", _question(data), f"**{verdict(data)}**"]
    for rows in (_figures(data), _shares(data, "country_groups"), _shares(data, "regions")):
        head = [_line(rows[0]), _line(["---", *("---:" for _ in rows[0][1:])])]
        blocks.append("\n".join([*head, *(_line(row) for row in rows[1:])]))
    chosen = [f"- {name}: {_said(one['settings'])}" for name, one in data["rankers"].items() if one["settings"]]
    if chosen:
        learnt = data["window"]["settings_chosen_on"]
        blocks.append(f"Settings chosen by NDCG@10 on {learnt['train_to']} to {learnt['test_to']}:")
        blocks.append("\n".join(chosen))
    return "\n\n".join([*blocks, *_notes(data), f"Made by `{command}`."])


def put_section(page: str, name: str, section: str) -> str:
    """Return a page with its section of this name replaced, or added at its end.

    >>> put_section("Above.", "a", "One.").splitlines()
    ['Above.', '', '<!-- section a -->', 'One.', '<!-- end a -->']
    """
    opening, closing = f"<!-- section {name} -->", f"<!-- end {name} -->"
    whole = f"{opening}\n{section}\n{closing}"
    before, found, rest = page.partition(opening)
    _old, _closing, after = rest.partition(closing)
    if found:
        return before + whole + after
    return f"{page.rstrip()}\n\n{whole}\n"


def _window(contest: Contest, seed: int) -> dict[str, Any]:
    trial = contest.trial
    true = np.bincount(np.concatenate(trial.truth), minlength=len(trial.rules.candidates))
    chosen_on = contest.chosen_on
    return {
        "train_to": trial.window.train_to.isoformat(),
        "test_to": trial.window.test_to.isoformat(),
        "cross_border": trial.window.cross_border,
        "newcomers": trial.window.newcomers,
        "queries": len(trial.queries),
        "seed": seed,
        "organisations": int(trial.rules.candidates.sum()),
        "organisations_with_truth": trial.with_truth,
        "settings_chosen_on": None
        if chosen_on is None
        else {"train_to": chosen_on.train_to.isoformat(), "test_to": chosen_on.test_to.isoformat()},
        "regions": _rounded(shares_by(trial.past, true, _by_country(contest, region_of))),
        "country_groups": _rounded(shares_by(trial.past, true, _by_country(contest, group_of))),
    }


def _ranker(contest: Contest, result: Result) -> dict[str, Any]:
    past, outcome = contest.trial.past, result.outcome
    figures = {name: round(float(np.mean(getattr(outcome, name))), 5) for name in FIGURES}
    return {
        **figures,
        "regions": _rounded(shares_by(past, outcome.shown, _by_country(contest, region_of))),
        "country_groups": _rounded(shares_by(past, outcome.shown, _by_country(contest, group_of))),
        "ms_per_query": round(result.milliseconds, 2),
        "fit_s": round(result.fit_seconds, 2),
        "choosing_s": round(result.choosing_seconds, 2),
        "settings": {name: str(value) if value == float("inf") else value for name, value in result.settings.items()},
    }


def _by_country(contest: Contest, place: Any) -> dict[str, str]:
    return {code: place(code) for code in contest.trial.past.countries}


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares.items()}


def _title(data: Mapping[str, Any]) -> str:
    window = data["window"]
    who = "Newcomers" if window["newcomers"] else "With whom next"
    where = "across borders" if window["cross_border"] else "anywhere"
    return f"{who}, {where}, {window['train_to']} to {window['test_to']}"


def _question(data: Mapping[str, Any]) -> str:
    window = data["window"]
    return (
        f"{window['organisations']} organisations seen up to {window['train_to']}; {window['queries']} asked of"
        f" {window['organisations_with_truth']} that found new partners up to {window['test_to']}"
        f"{' in another country' if window['cross_border'] else ''}{', newcomers' if window['newcomers'] else ''}"
        f" (seed {window['seed']})."
    )


def _figures(data: Mapping[str, Any]) -> list[list[str]]:
    rows = [["", *HEADS]]
    for name, one in data["rankers"].items():
        costs = [f"{one['ms_per_query']:.1f}", f"{one['fit_s']:.1f}"]
        rows.append([name, *(f"{one[figure]:.4f}" for figure in FIGURES), *costs])
    return rows


def _shares(data: Mapping[str, Any], kind: str) -> list[list[str]]:
    """How the first ten places and the truth are shared out: ours, and the rivals best in either figure."""
    best = [name for name in data["best_rival"].values() if name is not None]
    shown = [name for name in dict.fromkeys([OURS, *best]) if name in data["rankers"]]
    columns = [data["window"][kind], *(data["rankers"][name][kind] for name in shown)]
    names = sorted({name for column in columns for name in column}, key=lambda name: (-columns[0].get(name, 0.0), name))
    named = {name: region_name(name, "en") if kind == "regions" else name.replace("_", " ") for name in names}
    head = [f"share of the first {SHORT}", "truth", *shown]
    return [head, *([named[name] or "unknown", *(f"{one.get(name, 0.0):.1%}" for one in columns)] for name in names)]


def _notes(data: Mapping[str, Any]) -> list[str]:
    return [f"Left out: {', '.join(data['left_out'])}."] if data["left_out"] else []


def _said(settings: Mapping[str, object]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in settings.items())


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
