"""The figures as a page, written by :mod:`benchmarks.all`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]
Row = tuple[str, Callable[[Figures], Any], Callable[[Figures], Any]]

_HEAD = """# What it costs

Written by `make benchmarks` (`python -m benchmarks.all`) from `benchmarks/figures.json`; nothing here is typed by hand.
Beside each figure stands what it is to be measured against on the same machine, in the same run.
"""

_MATCHING = """## Matching

A whole call: filters, both directions, order, 20 suggestions with their reasons, and what would change the list. The
floor is to read the postings of the question once, at the speed at which one core reads memory here. The bare products
do neither filters nor order nor reasons: *by feature* is a matrix stored by feature, as an index is; *by profile* the
matrix of all profiles times the vector of the asker. Times are processor time, medians over questions.
"""

_CHANGES = """## Changes while people ask

So many profiles change a second while so many questions are asked, each taking in first what has changed. A pause is
counted by the clock from the moment a question is due; on a machine with others on it (the load before is given) it is
mostly theirs, and the processor time is what the question itself takes.
"""

_MEMORY = """## Memory

Workers that share one index, in proportional memory (a page that four share counts a quarter for each), beyond as many
workers that have opened none.
"""

_SHARDED = """## Over several databases

The same profiles in shards on one PostgreSQL server beside the index in a file, both asked the same; times by the
clock. [scaling.md](scaling.md) says from which size this is right.
"""

_WEB = """## Pages

Processor time of the application and the database for one request, in multiples of a bare Flask and SQLAlchemy list of
20 rows under the same server; bytes and requests of a first visit, compressed.
"""


def table(figures: Figures) -> str:
    """Return the page."""
    parts = [_HEAD]
    machine = figures.get("machine")
    if machine:
        parts.append(f"Machine: {machine['processor']}, {machine['cores']} cores; Python {machine['python']}.\n")
    for name, head, rows in (
        ("matching", _MATCHING, _MATCHING_ROWS),
        ("changes", _CHANGES, _CHANGES_ROWS),
        ("memory", _MEMORY, _MEMORY_ROWS),
        ("sharded", _SHARDED, _SHARDED_ROWS),
    ):
        if figures.get(name):
            parts += [head, _by_size(figures[name], rows)]
    if figures.get("web"):
        parts += [_WEB, _pages(figures["web"])]
    return "\n".join(parts)


def _by_size(measured: Mapping[str, Figures], rows: Sequence[Row]) -> str:
    sizes = sorted(measured, key=int)
    lines = ["| | " + " | ".join(f"{int(size):,} profiles | beside it" for size in sizes) + " |"]
    lines.append("|---" * (1 + 2 * len(sizes)) + "|")
    for title, figure, beside in rows:
        cells = [str(one) for size in sizes for one in (_said(figure, measured[size]), _said(beside, measured[size]))]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _said(say: Callable[[Figures], Any], figures: Figures) -> Any:
    try:
        return say(figures)
    except KeyError:
        return "not measured"


def _nothing(_figures: Figures) -> str:
    return ""


_WHEN: Row = ("load before, and when", lambda one: one["load_before"], lambda one: one["measured"])


def _products(one: Figures) -> str:
    return f"{one['scipy_by_feature_ms']} by feature, {one['scipy_ms']} by profile"


def _ratio(ours: Callable[[Figures], float]) -> Callable[[Figures], str]:
    def said(one: Figures) -> str:
        by_feature, by_profile = ours(one) / one["scipy_by_feature_ms"], ours(one) / one["scipy_ms"]
        return f"{by_feature:.2f} of the product by feature, {by_profile:.3f} by profile"

    return said


def _kind(kind: str) -> Row:
    return (
        f"whole call, {kind}, ms (95th percentile)",
        lambda one: f"{one['call_ms_by_kind'][kind]} ({one['call_p95_ms_by_kind'][kind]})",
        _ratio(lambda one: one["call_ms_by_kind"][kind]),
    )


_MATCHING_ROWS: tuple[Row, ...] = (
    (
        "whole call, ms (95th percentile)",
        lambda one: f"{one['call_ms']['median']} ({one['call_ms']['p95']})",
        _ratio(lambda one: one["call_ms"]["median"]),
    ),
    *(_kind(kind) for kind in ("peers", "collaborators", "institutions", "bridges")),
    (
        "whole call without compiled loops, ms",
        lambda one: f"{one['numpy_call_ms']['median']} ({one['numpy_call_ms']['p95']})",
        _ratio(lambda one: one["numpy_call_ms"]["median"]),
    ),
    ("finding the best alone, ms", lambda one: one["index_stage_ms"], _products),
    (
        "reading the postings once, ms",
        lambda one: one["floor_ms"],
        lambda one: f"{one['postings_mb']} MB at {one['memory_gb_s']} GB/s",
    ),
    ("brute force, ms", lambda one: one["brute_force_ms"], lambda one: f"neighbours {one['neighbours_ms']} ms"),
    ("the same answers by all ways", lambda one: "yes" if one["identical"] else "NO", _nothing),
    ("building, s of processor", lambda one: one["build_cpu_s"], lambda one: f"{one['build_s']} s by the clock"),
    ("index, MB", lambda one: one["index_mb"], lambda one: f"opened in {one['open_ms']} ms"),
    _WHEN,
)

_CHANGES_ROWS: tuple[Row, ...] = (
    ("changes a second", lambda one: one["changes_per_s"], lambda one: f"{one['questions_per_s']} questions a second"),
    (
        "processor time of a question, ms",
        lambda one: one["cpu_ms"]["median"],
        lambda one: f"99 %: {one['cpu_ms']['p99']}, longest {one['cpu_ms']['longest']}",
    ),
    (
        "of it taking in what changed, ms",
        lambda one: one["taking_in_ms"]["median"],
        lambda one: f"99 %: {one['taking_in_ms']['p99']}, longest {one['taking_in_ms']['longest']}",
    ),
    (
        "pause by the clock, ms",
        lambda one: one["pause_ms"]["median"],
        lambda one: f"99 %: {one['pause_ms']['p99']}, longest {one['pause_ms']['longest']}",
    ),
    ("the same answers as all at once", lambda one: "yes" if one["identical"] else "NO", _nothing),
    _WHEN,
)

_MEMORY_ROWS: tuple[Row, ...] = (
    ("one worker, MB", lambda one: one["one_mb"], lambda one: f"index of {one['index_mb']} MB"),
    (
        "all together, MB",
        lambda one: f"{one['together_mb']} ({one['workers']} workers)",
        lambda one: f"{one['ratio']} times one",
    ),
    (
        "without an index, MB",
        lambda one: one["one_without_mb"],
        lambda one: f"all together {one['together_without_mb']}",
    ),
)


_SHARDED_ROWS: tuple[Row, ...] = (
    (
        "whole call over shards, ms (95th percentile)",
        lambda one: f"{one['call_ms']['median']} ({one['call_ms']['p95']})",
        lambda one: f"in the file {one['index_call_ms']['median']} ({one['index_call_ms']['p95']})",
    ),
    ("counting alone, ms", lambda one: one["count_ms"]["median"], lambda one: f"{one['shards']} shards"),
    (
        "rows read for a list (95th percentile)",
        lambda one: f"{one['rows_fetched']['median']} ({one['rows_fetched']['p95']})",
        lambda one: f"{one['calls_a_second_4_threads']} questions a second by four threads",
    ),
    (
        "building, s of processor of the builder",
        lambda one: one["build"]["client_cpu_s"],
        lambda one: f"{one['build']['wall_s']} s by the clock",
    ),
    ("the same answers from both", lambda one: "yes" if one["identical"] else "NO", _nothing),
    _WHEN,
)


def _pages(web: Figures) -> str:
    lines = ["| page | processor ms | floors | bytes | requests |", "|---|---|---|---|---|"]
    lines.append(f"| the floor | {web['floor_cpu_ms']} | 1 | | |")
    lines += [
        f"| {name} | {page['cpu_ms']} | {page['floors']} | {page['bytes']:,} | {page['requests']} |"
        for name, page in web["pages"].items()
    ]
    lines.append(f"\nOf a thousand times the posts: {web['slope']}. Measured {web.get('measured', '')}.\n")
    return "\n".join(lines)
