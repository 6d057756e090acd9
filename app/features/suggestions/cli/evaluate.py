"""How well the ranking of partners tells who works with whom next, beside what else could be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from app.core.cli import print_json, progress_bar, refuse
from app.features.suggestions.cli.matching import DAY, READABLE, matching_group

if TYPE_CHECKING:
    from app.matching.partnerships.evaluating import Contest, Result
    from app.matching.partnerships.protocol import Window

HEADER = """# How well partners are told

The question: *with whom will this organisation work next, with whom it never worked before?* Everybody learns from
what started up to a first date and is asked once for what came after it, up to a second. Itself, those it worked with
before and, across borders, those of its own country are removed from rankings and from the truth alike; projects of
more than 50 partners give no pairs; all others seen by the first date are ranked, and equal scores come in an order
drawn for each query. Recall, NDCG (gains of 0 and 1) and hits are means over those asked; MRR is that of the first 50;
coverage is how many different organisations stand in the first ten places, as a part of all seen by the first date.

The rivals: chance; popularity, ever or lately; popularity within the programmes of whoever asks; partners in common,
plain and by Adamic and Adar; personalised PageRank; TF-IDF of programmes, type and country; ALS and BPR of the library
implicit and LightFM, on who worked with whom; and a logistic regression over content and graph, learnt on an earlier
window. Each chooses its settings by NDCG@10 on a window that ends at the first date, and then learns from everything up
to it. Milliseconds and seconds depend on the machine and on what else it does.

Each section is made by the command named at its end.
"""


@matching_group.command("evaluate")
@click.option("--participations", "file", type=READABLE, required=True, help="The history, .csv or .csv.gz.")
@click.option("--train-to", type=DAY, required=True, help="The last day that is known.")
@click.option("--test-to", type=DAY, required=True, help="The last day that is to be told.")
@click.option("--cross-border", is_flag=True, help="Only partners in other countries.")
@click.option("--newcomers", is_flag=True, help="Ask for those not seen before instead.")
@click.option("--queries", "count", type=click.IntRange(1), default=3000, show_default=True, help="How many are asked.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--only", "names", multiple=True, metavar="NAME", help="Only this one; may be said again.")
@click.option("--without-libraries", is_flag=True, help="Leave out the rivals that need development requirements.")
@click.option("--table", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Put it into this page.")
@click.option("--json", "plain", is_flag=True, help="Print JSON alone.")
@with_appcontext
def evaluate(
    *,
    file: Path,
    train_to: datetime,
    test_to: datetime,
    cross_border: bool,
    newcomers: bool,
    count: int,
    seed: int,
    names: Sequence[str],
    without_libraries: bool,
    table: Path | None,
    plain: bool,
) -> None:
    """Measure the ranking of partners and its rivals by whom organisations really came to work with.

    Everybody learns from what started up to --train-to and chooses settings there; then each is asked once for the
    partners up to --test-to.
    """
    if test_to <= train_to:
        raise click.UsageError("--test-to must be later than --train-to")
    from app.features.suggestions.cli import report
    from app.matching.partnerships.protocol import Window

    window = Window(train_to.date(), test_to.date(), cross_border, newcomers)
    contest = _contest(file, window, count, seed)
    chosen, left_out = _chosen(contest, names, without_libraries)
    data = report.as_data(contest, _run(contest, chosen), left_out, seed)
    if table is not None:
        _put(table, data, _section_name(window), _command(window, len(contest.trial.queries), seed))
    if plain:
        print_json(data)
    else:
        click.echo(report.as_text(data))


def _contest(file: Path, window: Window, count: int, seed: int) -> Contest:
    from app.matching.partnerships.evaluating import Contest
    from app.matching.partnerships.reading import UnreadableHistory, read_history

    try:
        return Contest(read_history(file, window.test_to), window, count, seed)
    except UnreadableHistory as error:
        refuse(f"{file.name} is no history of partnerships: {error}")
    except OSError as error:
        refuse(f"{file.name} can't be read: {error.strerror or error}")
    except ValueError as error:
        refuse(f"there is nothing to measure: {error}")


def _chosen(contest: Contest, names: Sequence[str], without_libraries: bool) -> tuple[list[str], list[str]]:
    """Who is measured, and who is left out for want of a library, both in the usual order."""
    from app.matching.partnerships.rivals.entrants import LIBRARIES, missing_libraries

    unknown = [name for name in names if name not in contest.names]
    if unknown:
        raise click.UsageError(f"nobody is called {unknown[0]} here; there are: {', '.join(contest.names)}")
    wanted = [name for name in contest.names if not names or name in names]
    if without_libraries:
        return [name for name in wanted if name not in LIBRARIES], [name for name in wanted if name in LIBRARIES]
    missing = missing_libraries()
    needed = sorted({LIBRARIES[name] for name in wanted if LIBRARIES.get(name) in missing})
    if needed:
        refuse(f"not installed: {', '.join(needed)}; install requirements-dev.txt, or say --without-libraries")
    return wanted, []


def _run(contest: Contest, names: Sequence[str]) -> dict[str, Result]:
    with progress_bar(sum(contest.steps(name) for name in names), "Asking") as bar:
        results = {}
        for name in names:
            bar.label = f"Asking {name}"
            results[name] = contest.run(name, bar.update)
    return results


def _put(page: Path, data: dict[str, Any], name: str, command: str) -> None:
    from app.features.suggestions.cli import report

    try:
        text = page.read_text(encoding="utf-8") if page.exists() else HEADER
        page.write_text(report.put_section(text, name, report.as_section(data, command)), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{page.name} can't be written: {error}")


def _section_name(window: Window) -> str:
    who = "newcomers" if window.newcomers else "partners"
    return f"{who}-{'across-borders' if window.cross_border else 'anywhere'}"


def _command(window: Window, count: int, seed: int) -> str:
    options = [_option("train-to", window.train_to), _option("test-to", window.test_to)]
    options += [f"--{name}" for name in ("cross-border", "newcomers") if getattr(window, name.replace("-", "_"))]
    return " ".join(
        [
            "flask matching evaluate --participations FILE",
            *options,
            f"--queries {count} --seed {seed} --table docs/evaluation.md",
        ]
    )


def _option(name: str, day: date) -> str:
    return f"--{name} {day.isoformat()}"
