"""refusals and what was put aside"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion_guest_lists",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", "mark", name=op.f("pk_suggestion_guest_lists")),
    )
    op.create_table(
        "profile_refusals",
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profiles.id"], name=op.f("fk_profile_refusals_profile_id_profiles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "kind", name=op.f("pk_profile_refusals")),
    )
    op.create_table(
        "community_asides",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(community_id IS NULL) <> (network_id IS NULL)", name=op.f("ck_community_asides_one")),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["persons.id"], name=op.f("fk_community_asides_by_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_asides_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["external_networks.id"],
            name=op.f("fk_community_asides_network_id_external_networks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profiles.id"], name=op.f("fk_community_asides_profile_id_profiles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_asides")),
        sa.UniqueConstraint("profile_id", "community_id", name=op.f("uq_community_asides_profile_id_community_id")),
        sa.UniqueConstraint("profile_id", "network_id", name=op.f("uq_community_asides_profile_id_network_id")),
    )
    with op.batch_alter_table("community_asides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_asides_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_community_asides_network_id"), ["network_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("community_asides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_asides_network_id"))
        batch_op.drop_index(batch_op.f("ix_community_asides_community_id"))

    op.drop_table("community_asides")
    op.drop_table("profile_refusals")
    op.drop_table("suggestion_guest_lists")
