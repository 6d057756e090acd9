"""networks of older databases have their key"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _has_key() -> bool:
    return any(column["name"] == "url_key" for column in sa.inspect(op.get_bind()).get_columns("external_networks"))


def _key_the_networks() -> None:
    """Give each listed address its key; of those listed twice by now the first has it, the others stay without."""
    networks = sa.table("external_networks", sa.column("id"), sa.column("url"), sa.column("url_key"))
    connection, taken = op.get_bind(), set()
    for number, url in connection.execute(sa.select(networks.c.id, networks.c.url).order_by(networks.c.id)).all():
        key = url.rstrip("/").partition("://")[2].removeprefix("www.")
        if key not in taken:
            taken.add(key)
            connection.execute(networks.update().where(networks.c.id == number).values(url_key=key))


def upgrade() -> None:
    # 0002 makes the column, but did not at first: a database of that time comes here without it. It may stay empty,
    # for networks listed twice while nothing forbade it.
    if _has_key():
        with op.batch_alter_table("external_networks", schema=None) as batch_op:
            batch_op.alter_column("url_key", existing_type=sa.String(length=500), nullable=True)
        return
    op.add_column("external_networks", sa.Column("url_key", sa.String(length=500), nullable=True))
    _key_the_networks()
    with op.batch_alter_table("external_networks", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_external_networks_url_key"), ["url_key"])


def downgrade() -> None:
    # Left as it is: 0003 works with keys that may be empty, and to require them would lose networks.
    pass
