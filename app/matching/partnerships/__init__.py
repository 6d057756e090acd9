"""With whom will an organisation work next, with whom it never worked before: learnt from a history of projects."""
