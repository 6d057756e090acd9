"""The group of the commands that rank and measure partnerships."""

from pathlib import Path

import click
from flask.cli import AppGroup

DAY = click.DateTime(["%Y-%m-%d"])
READABLE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

matching_group = AppGroup("matching", help="Who will work with whom next, and how well that is told.")
