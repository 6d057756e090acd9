"""The blueprint that the modules beside this one add their routes to."""

from flask import Blueprint

blueprint = Blueprint("events", __name__)
