"""Ranking later partners from a file of participations, without a database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

import click
from flask_babel import force_locale

from app.core.cli import progress_bar, refuse
from app.core.locales import BY_CODE, OFFERED
from app.core.web.i18n import use_locale
from app.features.suggestions.cli.matching import DAY, READABLE, matching_group
from app.features.suggestions.wording import say

if TYPE_CHECKING:
    from app.matching.partnerships.history import History
    from app.matching.partnerships.ranker import Ranked

AT_ONCE = 50
MOST = 1000


@matching_group.command("rank")
@click.option("--participations", "file", type=READABLE, required=True, help="The history, .csv or .csv.gz.")
@click.option("--as-of", type=DAY, required=True, help="The last day that is looked at.")
@click.option("--queries", "asking", type=READABLE, required=True, help="Who asks: one identifier per line.")
@click.option("--limit", type=click.IntRange(1, MOST), default=50, show_default=True)
@click.option("--cross-border", is_flag=True, help="Only partners in other countries.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides among equals.")
@click.option(
    "--locale",
    type=click.Choice([one.code for one in OFFERED]),
    default=OFFERED[0].code,
    show_default=True,
    help="The language of the reasons.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the lines go.")
def rank(
    *, file: Path, as_of: datetime, asking: Path, limit: int, cross_border: bool, seed: int, locale: str, out: Path
) -> None:
    """Say for each organisation whom it may work with next, with reasons that add up to the score: a line each."""
    identifiers = _identifiers(asking)
    history = _history(file, as_of)
    known = [one for one in identifiers if history.place_of(one) is not None]
    if len(known) < len(identifiers):
        missing = next(one for one in identifiers if history.place_of(one) is None)
        count = len(identifiers) - len(known)
        told = f"{count} of {len(identifiers)} are in no project by {as_of.date()}, {missing!r} the first of them"
        click.echo(f"warning: {told}; they get no suggestions", err=True)
    use_locale(locale)
    try:
        with (
            force_locale(BY_CODE[locale].babel),
            _written(out) as lines,
            progress_bar(len(identifiers), "Ranking") as bar,
        ):
            for line in _lines(history, as_of, identifiers, limit, cross_border, seed):
                lines.write(line)
                bar.update(1)
    except OSError as error:
        refuse(f"{out.name} can't be written: {error.strerror or error}")


def _identifiers(asking: Path) -> list[str]:
    try:
        text = asking.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        refuse(f"{asking.name} is not UTF-8 text")
    except OSError as error:
        refuse(f"{asking.name} can't be read: {error.strerror or error}")
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not found:
        refuse(f"{asking.name} names no organisation")
    return found


def _history(file: Path, as_of: datetime) -> History:
    # The arrays are loaded by who ranks, not by every command.
    from app.matching.partnerships.reading import UnreadableHistory, read_history

    try:
        history = read_history(file, as_of.date())
    except UnreadableHistory as error:
        refuse(f"{file.name} is no history of partnerships: {error}")
    except OSError as error:
        refuse(f"{file.name} can't be read: {error.strerror or error}")
    if not history.organisations:
        refuse(f"nothing in {file.name} had started by {as_of.date()}")
    return history


def _lines(
    history: History, as_of: datetime, identifiers: Sequence[str], limit: int, cross_border: bool, seed: int
) -> Iterator[str]:
    from app.matching.partnerships.ranker import Ranker
    from app.matching.partnerships.reasons import Evidence

    ranker = Ranker.fit(history, as_of.date(), cross_border, seed)
    evidence = Evidence(ranker, history, as_of.date())
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        places = {one: place for one in some if (place := history.place_of(one)) is not None}
        found = dict(zip(places, ranker.rank(list(places.values()), limit), strict=True))
        for one in some:
            if one in places:
                yield _line(history, one, evidence.given(places[one], found[one]))
            else:
                yield _json({"id": one, "suggestions": [], "unknown": True})


def _line(history: History, identifier: str, found: Sequence[Ranked]) -> str:
    suggestions = [
        {
            "id": history.organisations[one.organisation],
            "score": one.score,
            "reasons": [
                {
                    "criterion": reason.criterion,
                    "contribution": reason.contribution,
                    "evidence": ". ".join(say(message) for message in reason.evidence),
                }
                for reason in one.reasons
            ],
        }
        for one in found
    ]
    return _json({"id": identifier, "suggestions": suggestions})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


@contextmanager
def _written(out: Path) -> Iterator[IO[str]]:
    """Write beside the file and put it in its place when all is there: nobody ever reads half of it."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}.", delete=False) as beside:
        try:
            yield beside
            beside.flush()
            os.fsync(beside.fileno())
        except BaseException:
            with suppress(OSError):
                os.unlink(beside.name)
            raise
    os.chmod(beside.name, 0o644)
    os.replace(beside.name, out)
