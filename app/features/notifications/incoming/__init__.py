"""Reading mails that people send as answers: who wrote, to which address, whether by a machine, and what."""

from app.features.notifications.incoming.message import Incoming, read_message

__all__ = ["Incoming", "read_message"]
