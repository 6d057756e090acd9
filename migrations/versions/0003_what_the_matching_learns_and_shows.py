"""what the matching learns and shows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exposure_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_reports")),
    )
    with op.batch_alter_table("exposure_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exposure_reports_at"), ["at"], unique=False)

    op.create_table(
        "match_models",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("window_from", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("window_to", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcomes", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("against_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("better", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["against_id"],
            ["match_models.id"],
            name=op.f("fk_match_models_against_id_match_models"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_models")),
    )
    with op.batch_alter_table("match_models", schema=None) as batch_op:
        batch_op.create_index("ix_match_models_kind_id", ["kind", "id"], unique=False)

    op.create_table(
        "missing_communities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("institutions", sa.Integer(), nullable=False),
        sa.Column("stability", sa.Integer(), nullable=False),
        sa.Column("found_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_communities")),
    )
    with op.batch_alter_table("missing_communities", schema=None) as batch_op:
        batch_op.create_index("ix_missing_communities_people_id", ["people", "id"], unique=False)

    op.create_table(
        "partnership_projects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("programmes", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_projects")),
        sa.UniqueConstraint("external_id", name=op.f("uq_partnership_projects_external_id")),
    )
    op.create_table(
        "match_choice_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_job", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_account_id"],
            ["accounts.id"],
            name=op.f("fk_match_choice_log_by_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["match_models.id"],
            name=op.f("fk_match_choice_log_model_id_match_models"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_choice_log")),
    )
    op.create_table(
        "match_choices",
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["match_models.id"], name=op.f("fk_match_choices_model_id_match_models"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_match_choices")),
    )
    op.create_table(
        "missing_community_members",
        sa.Column("missing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["missing_id"],
            ["missing_communities.id"],
            name=op.f("fk_missing_community_members_missing_id_missing_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profiles.id"],
            name=op.f("fk_missing_community_members_profile_id_profiles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("missing_id", "profile_id", name=op.f("pk_missing_community_members")),
    )
    with op.batch_alter_table("missing_community_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_missing_community_members_profile_id"), ["profile_id"], unique=False)

    op.create_table(
        "suggestion_appearances",
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profiles.id"],
            name=op.f("fk_suggestion_appearances_profile_id_profiles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("profile_id", "day", "kind", name=op.f("pk_suggestion_appearances")),
    )
    with op.batch_alter_table("suggestion_appearances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_appearances_day"), ["day"], unique=False)

    op.create_table(
        "introducers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("one", sa.String(length=35), nullable=False),
        sa.Column("other", sa.String(length=35), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("known_one", sa.Integer(), nullable=False),
        sa.Column("known_other", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("found_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_introducers_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introducers")),
    )
    with op.batch_alter_table("introducers", schema=None) as batch_op:
        batch_op.create_index("ix_introducers_kind_one", ["kind", "one", "place"], unique=False)
        batch_op.create_index("ix_introducers_kind_other", ["kind", "other", "place"], unique=False)
        batch_op.create_index(batch_op.f("ix_introducers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partner_organisations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("ror_id", sa.String(length=40), nullable=True),
        sa.Column("institution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_partner_organisations_institution_id_institutions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_organisations")),
        sa.UniqueConstraint("external_id", name=op.f("uq_partner_organisations_external_id")),
    )
    with op.batch_alter_table("partner_organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_organisations_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_organisations_ror_id"), ["ror_id"], unique=False)

    op.create_table(
        "partnership_participations",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_type", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["partner_organisations.id"],
            name=op.f("fk_partnership_participations_organisation_id_partner_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["partnership_projects.id"],
            name=op.f("fk_partnership_participations_project_id_partnership_projects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_partnership_participations")),
    )
    with op.batch_alter_table("partnership_participations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_participations_organisation_id"), ["organisation_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("partnership_participations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_participations_organisation_id"))

    op.drop_table("partnership_participations")
    with op.batch_alter_table("partner_organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_organisations_ror_id"))
        batch_op.drop_index(batch_op.f("ix_partner_organisations_institution_id"))

    op.drop_table("partner_organisations")
    with op.batch_alter_table("introducers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introducers_person_id"))
        batch_op.drop_index("ix_introducers_kind_other")
        batch_op.drop_index("ix_introducers_kind_one")

    op.drop_table("introducers")
    with op.batch_alter_table("suggestion_appearances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_appearances_day"))

    op.drop_table("suggestion_appearances")
    with op.batch_alter_table("missing_community_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_missing_community_members_profile_id"))

    op.drop_table("missing_community_members")
    op.drop_table("match_choices")
    op.drop_table("match_choice_log")
    op.drop_table("partnership_projects")
    with op.batch_alter_table("missing_communities", schema=None) as batch_op:
        batch_op.drop_index("ix_missing_communities_people_id")

    op.drop_table("missing_communities")
    with op.batch_alter_table("match_models", schema=None) as batch_op:
        batch_op.drop_index("ix_match_models_kind_id")

    op.drop_table("match_models")
    with op.batch_alter_table("exposure_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exposure_reports_at"))

    op.drop_table("exposure_reports")
