"""With whom will an organisation work next, with whom it never worked before: learnt from a history of projects."""

LARGEST = 50
"""Projects of more partners give no pairs: being one of a hundred is not working together."""
