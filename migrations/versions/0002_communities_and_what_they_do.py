"""communities and what they do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The table of search tokens of posts is no model: it is made by hand, for each database in its own way.
SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_fts_posts USING fts5(tokens, tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\", prefix = '4 5')",
        "CREATE TRIGGER search_fts_posts_follow AFTER DELETE ON posts BEGIN DELETE FROM search_fts_posts WHERE rowid = old.id; END",
    ),
    "postgresql": (
        "CREATE TABLE search_fts_posts (post_id BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, tokens TSVECTOR NOT NULL)",
        "CREATE INDEX search_fts_posts_tokens ON search_fts_posts USING gin (tokens)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "rendition_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("lang_base", sa.String(length=8), nullable=False),
        sa.Column("source_base", sa.String(length=8), nullable=False),
        sa.Column("open_key", sa.String(length=100), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("machine_note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition_requests")),
        sa.UniqueConstraint("open_key", name=op.f("uq_rendition_requests_open_key")),
    )
    with op.batch_alter_table("rendition_requests", schema=None) as batch_op:
        batch_op.create_index("ix_rendition_requests_kind_thing_id", ["kind", "thing_id"], unique=False)
        batch_op.create_index(
            "ix_rendition_requests_open", ["answered_at", "lang_base", "source_base", "id"], unique=False
        )

    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_calendar_feeds_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_table(
        "communities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("template", sa.String(length=20), nullable=False),
        sa.Column("canvas", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("joining", sa.String(length=12), nullable=False),
        sa.Column("reading", sa.String(length=12), nullable=False),
        sa.Column("inviting", sa.String(length=12), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("first_task", sa.String(length=500), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("chapter_kind", sa.String(length=12), nullable=True),
        sa.Column("chapter_code", sa.String(length=35), nullable=True),
        sa.Column("host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("orphaned_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=True),
        sa.Column("text_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("dormant_warned_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_communities_created_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["profiles.id"], name=op.f("fk_communities_host_id_profiles"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["communities.id"], name=op.f("fk_communities_parent_id_communities"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("slug", name=op.f("uq_communities_slug")),
    )
    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_communities_parent_id_chapter", ["parent_id", "chapter_kind", "chapter_code"], unique=True
        )
        batch_op.create_index("ix_communities_state_active_at_id", ["state", "active_at", "id"], unique=False)

    op.create_table(
        "external_networks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("url_key", sa.String(length=500), nullable=False),
        sa.Column("summary", sa.String(length=600), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("reach", sa.String(length=12), nullable=False),
        sa.Column("who_can_join", sa.String(length=20), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["persons.id"], name=op.f("fk_external_networks_added_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["persons.id"], name=op.f("fk_external_networks_checked_by_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_networks")),
        sa.UniqueConstraint("slug", name=op.f("uq_external_networks_slug")),
        sa.UniqueConstraint("url_key", name=op.f("uq_external_networks_url_key")),
    )
    with op.batch_alter_table("external_networks", schema=None) as batch_op:
        batch_op.create_index("ix_external_networks_checked_at_id", ["checked_at", "id"], unique=False)

    op.create_table(
        "guidance_reads",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("piece", sa.String(length=30), nullable=False),
        sa.Column(
            "community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_guidance_reads_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "piece", "community_id", name=op.f("pk_guidance_reads")),
    )
    op.create_table(
        "notice_settings",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("digest_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_notice_settings_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_settings")),
    )
    op.create_table(
        "profile_hours",
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["persons.id"], name=op.f("fk_profile_hours_profile_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "weekday", "begin", name=op.f("pk_profile_hours")),
    )
    op.create_table(
        "rendition_askers",
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_rendition_askers_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["rendition_requests.id"],
            name=op.f("fk_rendition_askers_request_id_rendition_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_rendition_askers")),
    )
    with op.batch_alter_table("rendition_askers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_askers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "renditions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_lang", sa.String(length=35), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("reviewed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviewed_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["persons.id"], name=op.f("fk_renditions_by_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["persons.id"], name=op.f("fk_renditions_reviewed_by_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renditions")),
        sa.UniqueConstraint("kind", "thing_id", "lang", name=op.f("uq_renditions_kind_thing_id_lang")),
    )
    with op.batch_alter_table("renditions", schema=None) as batch_op:
        batch_op.create_index("ix_renditions_by_person_id_id", ["by_person_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_renditions_reviewed_by"), ["reviewed_by"], unique=False)

    op.create_table(
        "translators_asked",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_translators_asked_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_translators_asked")),
    )
    op.create_table(
        "charter_offers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chapter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["persons.id"], name=op.f("fk_charter_offers_answered_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["chapter_id"],
            ["communities.id"],
            name=op.f("fk_charter_offers_chapter_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["persons.id"], name=op.f("fk_charter_offers_offered_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["communities.id"], name=op.f("fk_charter_offers_parent_id_communities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_offers")),
    )
    with op.batch_alter_table("charter_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charter_offers_chapter_id"), ["chapter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charter_offers_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "community_facets",
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_facets_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", "kind", "code", name=op.f("pk_community_facets")),
    )
    with op.batch_alter_table("community_facets", schema=None) as batch_op:
        batch_op.create_index("ix_community_facets_kind_code", ["kind", "code"], unique=False)

    op.create_table(
        "community_follows",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_follows_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_community_follows_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "community_id", name=op.f("pk_community_follows")),
    )
    with op.batch_alter_table("community_follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_follows_community_id"), ["community_id"], unique=False)

    op.create_table(
        "community_invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"],
            ["persons.id"],
            name=op.f("fk_community_invitations_by_person_id_persons"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_invitations_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_community_invitations_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_invitations")),
        sa.UniqueConstraint("code", name=op.f("uq_community_invitations_code")),
    )
    with op.batch_alter_table("community_invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_invitations_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_community_invitations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "community_members",
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answers_lang", sa.String(length=35), nullable=True),
        sa.Column("asked_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("joined_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("active_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("charter_version", sa.Integer(), nullable=True),
        sa.Column("muted_until", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_until", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("measure_reason", sa.Text(), nullable=False),
        sa.Column("measure_lang", sa.String(length=35), nullable=True),
        sa.Column("buddy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("buddy_willing", sa.Boolean(), nullable=False),
        sa.Column("first_post_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("task_done_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("offered_role", sa.String(length=12), nullable=True),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["buddy_id"], ["persons.id"], name=op.f("fk_community_members_buddy_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_members_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["persons.id"], name=op.f("fk_community_members_offered_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_community_members_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_community_members")),
    )
    with op.batch_alter_table("community_members", schema=None) as batch_op:
        batch_op.create_index(
            "ix_community_members_list", ["community_id", "state", "role", "joined_at", "person_id"], unique=False
        )
        batch_op.create_index("ix_community_members_person_id_state", ["person_id", "state"], unique=False)

    op.create_table(
        "community_seeds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("for_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_seeds_community_id_communities"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["for_person_id"], ["persons.id"], name=op.f("fk_community_seeds_for_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_seeds")),
    )
    with op.batch_alter_table("community_seeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_seeds_for_person_id"), ["for_person_id"], unique=False)

    op.create_table(
        "community_threads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_count", sa.Integer(), nullable=False),
        sa.Column("last_post_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("locked_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("moved_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_threads_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["threads.id"], name=op.f("fk_community_threads_id_threads"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["last_author_id"],
            ["persons.id"],
            name=op.f("fk_community_threads_last_author_id_persons"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["moved_to_id"], ["threads.id"], name=op.f("fk_community_threads_moved_to_id_threads"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["persons.id"], name=op.f("fk_community_threads_opened_by_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_threads")),
        sa.UniqueConstraint("community_id", "token", name=op.f("uq_community_threads_community_id_token")),
    )
    with op.batch_alter_table("community_threads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_threads_last_author_id"), ["last_author_id"], unique=False)
        batch_op.create_index(
            "ix_community_threads_list", ["community_id", "pinned", "last_post_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_community_threads_opened_by"), ["opened_by"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("starts_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interpretation", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("yes_count", sa.Integer(), nullable=False),
        sa.Column("maybe_count", sa.Integer(), nullable=False),
        sa.Column("recording", sa.String(length=500), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notes_lang", sa.String(length=35), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_events_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_events_created_by_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("community_id", "token", "number", name=op.f("uq_events_community_id_token_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_events_uid")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_community_id_starts_at_id", ["community_id", "starts_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_series"), ["series"], unique=False)

    op.create_table(
        "guidance_choices",
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("piece", sa.String(length=30), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["persons.id"], name=op.f("fk_guidance_choices_by_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_guidance_choices_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", "piece", name=op.f("pk_guidance_choices")),
    )
    op.create_table(
        "house_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["persons.id"], name=op.f("fk_house_log_by_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_house_log_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_house_log_person_id_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_log")),
    )
    with op.batch_alter_table("house_log", schema=None) as batch_op:
        batch_op.create_index("ix_house_log_community_id_id", ["community_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_house_log_person_id"), ["person_id"], unique=False)

    op.create_table(
        "house_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("open_key", sa.String(length=80), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["persons.id"], name=op.f("fk_house_reports_about_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["persons.id"], name=op.f("fk_house_reports_by_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_house_reports_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["persons.id"], name=op.f("fk_house_reports_decided_by_persons"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_reports")),
        sa.UniqueConstraint("open_key", name=op.f("uq_house_reports_open_key")),
    )
    with op.batch_alter_table("house_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_house_reports_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_house_reports_by_person_id"), ["by_person_id"], unique=False)
        batch_op.create_index("ix_house_reports_community_id_state_id", ["community_id", "state", "id"], unique=False)
        batch_op.create_index("ix_house_reports_kind_thing_id", ["kind", "thing_id"], unique=False)

    op.create_table(
        "network_facets",
        sa.Column("network_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["external_networks.id"],
            name=op.f("fk_network_facets_network_id_external_networks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("network_id", "kind", "code", name=op.f("pk_network_facets")),
    )
    with op.batch_alter_table("network_facets", schema=None) as batch_op:
        batch_op.create_index("ix_network_facets_kind_code", ["kind", "code"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_notices_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_notices_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", "person_id", name=op.f("uq_notices_key_person_id")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_community_id"), ["community_id"], unique=False)
        batch_op.create_index("ix_notices_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_notices_person_id_read_at", ["person_id", "read_at"], unique=False)

    op.create_table(
        "rendition_versions",
        sa.Column("rendition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"],
            ["persons.id"],
            name=op.f("fk_rendition_versions_by_person_id_persons"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["rendition_id"],
            ["renditions.id"],
            name=op.f("fk_rendition_versions_rendition_id_renditions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rendition_id", "version", name=op.f("pk_rendition_versions")),
    )
    with op.batch_alter_table("rendition_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_versions_by_person_id"), ["by_person_id"], unique=False)

    op.create_table(
        "resources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("live_key", sa.String(length=100), nullable=True),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=True),
        sa.Column("withdrawn_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("link_state", sa.String(length=10), nullable=False),
        sa.Column("link_checked_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("link_failed_since", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("link_failed_days", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["persons.id"], name=op.f("fk_resources_added_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_resources_community_id_communities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("live_key", name=op.f("uq_resources_live_key")),
    )
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resources_added_by"), ["added_by"], unique=False)
        batch_op.create_index("ix_resources_changed_at_id", ["changed_at", "id"], unique=False)
        batch_op.create_index(
            "ix_resources_community_id_created_at_id", ["community_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_resources_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_resources_link_checked_at_id", ["link_checked_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resources_url_hash"), ["url_hash"], unique=False)

    op.create_table(
        "charters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("base_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("small", sa.Boolean(), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_id"], ["charters.id"], name=op.f("fk_charters_base_id_charters"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_charters_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_charters_created_by_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["charter_offers.id"], name=op.f("fk_charters_offer_id_charter_offers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charters")),
        sa.UniqueConstraint("community_id", "version", name=op.f("uq_charters_community_id_version")),
    )
    op.create_table(
        "community_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("seed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("founded_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_community_drafts_community_id_communities"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_community_drafts_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seed_id"],
            ["community_seeds.id"],
            name=op.f("fk_community_drafts_seed_id_community_seeds"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_drafts")),
    )
    with op.batch_alter_table("community_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_drafts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "event_answers",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_answers_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_event_answers_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_answers")),
    )
    with op.batch_alter_table("event_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_answers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "event_loads",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_loads_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_event_loads_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_loads")),
    )
    with op.batch_alter_table("event_loads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_loads_person_id"), ["person_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("answers_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("via", sa.String(length=8), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["posts.id"], name=op.f("fk_posts_answers_id_posts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persons.id"], name=op.f("fk_posts_author_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_posts_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["community_threads.id"],
            name=op.f("fk_posts_thread_id_community_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("thread_id", "token", name=op.f("uq_posts_thread_id_token")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_answers_id"), ["answers_id"], unique=False)
        batch_op.create_index("ix_posts_author_id_id", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_posts_community_id_created_at_id", ["community_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_posts_thread_id_id", ["thread_id", "id"], unique=False)

    op.create_table(
        "practice_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("adapted", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("again", sa.String(length=8), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subject", sa.String(length=4), nullable=True),
        sa.Column("level", sa.String(length=4), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("class_size", sa.String(length=8), nullable=True),
        sa.Column("connectivity", sa.String(length=12), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persons.id"], name=op.f("fk_practice_notes_author_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_practice_notes_community_id_communities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_practice_notes_resource_id_resources"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_notes")),
        sa.UniqueConstraint("community_id", "token", name=op.f("uq_practice_notes_community_id_token")),
    )
    with op.batch_alter_table("practice_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_practice_notes_community_id_created_at_id", ["community_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_practice_notes_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "resource_facets",
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_facets_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "kind", "code", name=op.f("pk_resource_facets")),
    )
    with op.batch_alter_table("resource_facets", schema=None) as batch_op:
        batch_op.create_index("ix_resource_facets_kind_code", ["kind", "code"], unique=False)

    op.create_table(
        "resource_origins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["resources.id"], name=op.f("fk_resource_origins_parent_id_resources"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.id"],
            name=op.f("fk_resource_origins_resource_id_resources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_origins")),
        sa.UniqueConstraint("resource_id", "url_hash", name=op.f("uq_resource_origins_resource_id_url_hash")),
    )
    with op.batch_alter_table("resource_origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_origins_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "resource_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("inclusion", sa.Integer(), nullable=False),
        sa.Column("suitability", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("created_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", app.core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("inclusion BETWEEN 1 AND 4", name=op.f("ck_resource_reviews_inclusion")),
        sa.CheckConstraint("quality BETWEEN 1 AND 4", name=op.f("ck_resource_reviews_quality")),
        sa.CheckConstraint("suitability BETWEEN 1 AND 4", name=op.f("ck_resource_reviews_suitability")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_resource_reviews_person_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.id"],
            name=op.f("fk_resource_reviews_resource_id_resources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_reviews")),
        sa.UniqueConstraint("resource_id", "person_id", name=op.f("uq_resource_reviews_resource_id_person_id")),
    )
    with op.batch_alter_table("resource_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_reviews_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_resource_reviews_resource_id_id", ["resource_id", "id"], unique=False)

    op.create_table(
        "resource_tokens",
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "token",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_tokens_resource_id_resources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "token", name=op.f("pk_resource_tokens")),
    )
    with op.batch_alter_table("resource_tokens", schema=None) as batch_op:
        batch_op.create_index("ix_resource_tokens_token_resource_id", ["token", "resource_id"], unique=False)

    op.create_table(
        "thread_follows",
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_thread_follows_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["community_threads.id"],
            name=op.f("fk_thread_follows_thread_id_community_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("thread_id", "person_id", name=op.f("pk_thread_follows")),
    )
    with op.batch_alter_table("thread_follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_follows_person_id"), ["person_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("answers_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["posts.id"], name=op.f("fk_drafts_answers_id_posts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_drafts_community_id_communities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_drafts_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint(
            "person_id", "community_id", "thread_id", name=op.f("uq_drafts_person_id_community_id_thread_id")
        ),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_answers_id"), ["answers_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_community_id"), ["community_id"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_mentions_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_mentions_post_id_posts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_mentions")),
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "post_versions",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_versions_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "version", name=op.f("pk_post_versions")),
    )
    op.create_table(
        "reactions",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", app.core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_reactions_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_reactions_post_id_posts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", "kind", name=op.f("pk_reactions")),
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reactions_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=True))

    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_fts_posts_follow")
    op.execute("DROP TABLE search_fts_posts")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_column("extra")

    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reactions_person_id"))

    op.drop_table("reactions")
    op.drop_table("post_versions")
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentions_person_id"))

    op.drop_table("mentions")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_community_id"))
        batch_op.drop_index(batch_op.f("ix_drafts_answers_id"))

    op.drop_table("drafts")
    with op.batch_alter_table("thread_follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_follows_person_id"))

    op.drop_table("thread_follows")
    with op.batch_alter_table("resource_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_resource_tokens_token_resource_id")

    op.drop_table("resource_tokens")
    with op.batch_alter_table("resource_reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_resource_reviews_resource_id_id")
        batch_op.drop_index(batch_op.f("ix_resource_reviews_person_id"))

    op.drop_table("resource_reviews")
    with op.batch_alter_table("resource_origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_origins_parent_id"))

    op.drop_table("resource_origins")
    with op.batch_alter_table("resource_facets", schema=None) as batch_op:
        batch_op.drop_index("ix_resource_facets_kind_code")

    op.drop_table("resource_facets")
    with op.batch_alter_table("practice_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_notes_resource_id"))
        batch_op.drop_index("ix_practice_notes_community_id_created_at_id")
        batch_op.drop_index(batch_op.f("ix_practice_notes_author_id"))

    op.drop_table("practice_notes")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_thread_id_id")
        batch_op.drop_index("ix_posts_community_id_created_at_id")
        batch_op.drop_index("ix_posts_author_id_id")
        batch_op.drop_index(batch_op.f("ix_posts_answers_id"))

    op.drop_table("posts")
    with op.batch_alter_table("event_loads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_loads_person_id"))

    op.drop_table("event_loads")
    with op.batch_alter_table("event_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_answers_person_id"))

    op.drop_table("event_answers")
    with op.batch_alter_table("community_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_drafts_person_id"))

    op.drop_table("community_drafts")
    op.drop_table("charters")
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resources_url_hash"))
        batch_op.drop_index("ix_resources_link_checked_at_id")
        batch_op.drop_index("ix_resources_created_at_id")
        batch_op.drop_index("ix_resources_community_id_created_at_id")
        batch_op.drop_index("ix_resources_changed_at_id")
        batch_op.drop_index(batch_op.f("ix_resources_added_by"))

    op.drop_table("resources")
    with op.batch_alter_table("rendition_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_versions_by_person_id"))

    op.drop_table("rendition_versions")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_person_id_read_at")
        batch_op.drop_index("ix_notices_person_id_id")
        batch_op.drop_index(batch_op.f("ix_notices_community_id"))

    op.drop_table("notices")
    with op.batch_alter_table("network_facets", schema=None) as batch_op:
        batch_op.drop_index("ix_network_facets_kind_code")

    op.drop_table("network_facets")
    with op.batch_alter_table("house_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_house_reports_kind_thing_id")
        batch_op.drop_index("ix_house_reports_community_id_state_id")
        batch_op.drop_index(batch_op.f("ix_house_reports_by_person_id"))
        batch_op.drop_index(batch_op.f("ix_house_reports_about_id"))

    op.drop_table("house_reports")
    with op.batch_alter_table("house_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_house_log_person_id"))
        batch_op.drop_index("ix_house_log_community_id_id")

    op.drop_table("house_log")
    op.drop_table("guidance_choices")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_series"))
        batch_op.drop_index(batch_op.f("ix_events_created_by"))
        batch_op.drop_index("ix_events_community_id_starts_at_id")

    op.drop_table("events")
    with op.batch_alter_table("community_threads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_threads_opened_by"))
        batch_op.drop_index("ix_community_threads_list")
        batch_op.drop_index(batch_op.f("ix_community_threads_last_author_id"))

    op.drop_table("community_threads")
    with op.batch_alter_table("community_seeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_seeds_for_person_id"))

    op.drop_table("community_seeds")
    with op.batch_alter_table("community_members", schema=None) as batch_op:
        batch_op.drop_index("ix_community_members_person_id_state")
        batch_op.drop_index("ix_community_members_list")

    op.drop_table("community_members")
    with op.batch_alter_table("community_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_invitations_person_id"))
        batch_op.drop_index(batch_op.f("ix_community_invitations_community_id"))

    op.drop_table("community_invitations")
    with op.batch_alter_table("community_follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_follows_community_id"))

    op.drop_table("community_follows")
    with op.batch_alter_table("community_facets", schema=None) as batch_op:
        batch_op.drop_index("ix_community_facets_kind_code")

    op.drop_table("community_facets")
    with op.batch_alter_table("charter_offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charter_offers_parent_id"))
        batch_op.drop_index(batch_op.f("ix_charter_offers_chapter_id"))

    op.drop_table("charter_offers")
    op.drop_table("translators_asked")
    with op.batch_alter_table("renditions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renditions_reviewed_by"))
        batch_op.drop_index("ix_renditions_by_person_id_id")

    op.drop_table("renditions")
    with op.batch_alter_table("rendition_askers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_askers_person_id"))

    op.drop_table("rendition_askers")
    op.drop_table("profile_hours")
    op.drop_table("notice_settings")
    op.drop_table("guidance_reads")
    with op.batch_alter_table("external_networks", schema=None) as batch_op:
        batch_op.drop_index("ix_external_networks_checked_at_id")

    op.drop_table("external_networks")
    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.drop_index("ix_communities_state_active_at_id")
        batch_op.drop_index("ix_communities_parent_id_chapter")

    op.drop_table("communities")
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("rendition_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_rendition_requests_open")
        batch_op.drop_index("ix_rendition_requests_kind_thing_id")

    op.drop_table("rendition_requests")
