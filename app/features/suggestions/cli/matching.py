"""The group of the commands that rank and measure partnerships."""

from flask.cli import AppGroup

matching_group = AppGroup("matching", help="Who will work with whom next, and how well that is told.")
