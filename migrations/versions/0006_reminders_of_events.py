"""reminders of events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_starts_at_id", ["starts_at", "id"], unique=False)

    # With a default of the database's own, so that the version before goes on writing rows without it.
    with op.batch_alter_table("notice_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminders", sa.String(length=8), server_default="day", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("notice_settings", schema=None) as batch_op:
        batch_op.drop_column("reminders")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_starts_at_id")
