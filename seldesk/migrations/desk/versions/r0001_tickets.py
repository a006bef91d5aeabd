"""A customer's helpdesk: people, tickets, messages, mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_facts",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_facts")),
        schema="app",
    )
    op.create_table(
        "audit_heads",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_audit_heads")),
        schema="app",
    )
    op.create_table(
        "mailboxes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("reopens_for", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailboxes")),
        sa.UniqueConstraint("address", name=op.f("uq_mailboxes_address")),
        schema="app",
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
        schema="app",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'running', 'done', 'unknown', 'dead', 'superseded')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("number", name=op.f("uq_outbox_number")),
        schema="app",
    )
    op.create_index(
        "ix_outbox_group",
        "outbox",
        [sa.literal_column('"group"'), sa.literal_column("number")],
        schema="app",
        postgresql_where=sa.text("state IN ('new', 'running') AND \"group\" IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        [sa.literal_column("coalesce(lease_until, due_at)"), sa.literal_column("number")],
        schema="app",
        postgresql_where=sa.text("state IN ('new', 'running')"),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reach IN ('all', 'own')", name=op.f("ck_roles_reach")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
        schema="app",
    )
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_replies_name")),
        schema="app",
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
        schema="app",
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("objects", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("outcome IN ('attempt', 'done', 'failed', 'denied')", name=op.f("ck_audit_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_number")),
        schema="log",
    )
    op.create_index(
        "audit_access",
        "audit",
        [sa.literal_column("(objects ->> 'access')"), sa.literal_column("number")],
        schema="log",
        postgresql_where=sa.text("(objects ->> 'access') is not null"),
    )
    op.create_index("audit_actor", "audit", [sa.literal_column("actor_id"), sa.literal_column("number")], schema="log")
    op.create_index(
        "audit_attempt",
        "audit",
        [sa.literal_column("(objects ->> 'attempt')")],
        schema="log",
        postgresql_where=sa.text("(objects ->> 'attempt') is not null"),
    )
    op.create_index("audit_happened", "audit", [sa.literal_column("happened_at")], schema="log")
    op.create_index("audit_kind", "audit", [sa.literal_column("kind"), sa.literal_column("number")], schema="log")
    op.create_index(
        "audit_person", "audit", [sa.literal_column("person_id"), sa.literal_column("number")], schema="log"
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("on_behalf_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("bulk_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        schema="log",
    )
    op.create_index(
        "events_bulk",
        "events",
        [sa.literal_column("bulk_id")],
        schema="log",
        postgresql_where=sa.text("bulk_id is not null"),
    )
    op.create_index(
        "events_ticket", "events", [sa.literal_column("ticket_id"), sa.literal_column("created_at")], schema="log"
    )
    op.create_table(
        "answered",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered")),
        schema="secret",
    )
    op.create_table(
        "factor_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_offers")),
        schema="secret",
    )
    op.create_table(
        "limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
        schema="secret",
    )
    op.create_table(
        "organisation_domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["app.organisations.id"],
            name=op.f("fk_organisation_domains_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_organisation_domains_domain")),
        schema="app",
    )
    op.create_index(
        op.f("ix_organisation_domains_organisation_id"), "organisation_domains", ["organisation_id"], schema="app"
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("placed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_of", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("role IN ('requester', 'agent', 'limited', 'owner')", name=op.f("ck_people_role")),
        sa.CheckConstraint("role_id is null or role in ('agent', 'limited')", name=op.f("ck_people_own_role")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["app.organisations.id"], name=op.f("fk_people_organisation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["role_id"], ["app.roles.id"], name=op.f("fk_people_role_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        schema="app",
    )
    op.create_index(op.f("ix_people_organisation_id"), "people", ["organisation_id"], schema="app")
    op.create_index(op.f("ix_people_role_id"), "people", ["role_id"], schema="app")
    op.create_index(
        "people_last_name", "people", [sa.literal_column("lower(regexp_replace(name, '^.* ', ''))")], schema="app"
    )
    op.create_index("people_name", "people", [sa.literal_column("lower(name)")], schema="app")
    op.create_index("people_role", "people", [sa.literal_column("role"), sa.literal_column("name")], schema="app")
    op.create_table(
        "bulks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("results", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_bulks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
        sa.UniqueConstraint("undoes", name=op.f("uq_bulks_undoes")),
        schema="app",
    )
    op.create_index("bulks_created", "bulks", [sa.literal_column("created_at")], schema="app")
    op.create_index(op.f("ix_bulks_person_id"), "bulks", ["person_id"], schema="app")
    op.create_table(
        "departures",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_disabled", sa.Boolean(), nullable=False),
        sa.Column("erasing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erasure", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_departures_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_departures")),
        schema="app",
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["app.teams.id"], name=op.f("fk_memberships_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("team_id", "person_id", name=op.f("uq_memberships_team_id_person_id")),
        schema="app",
    )
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"], schema="app")
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_saved_views_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        schema="app",
    )
    op.create_index(op.f("ix_saved_views_person_id"), "saved_views", ["person_id"], schema="app")
    op.create_index(
        "saved_views_own",
        "saved_views",
        [sa.literal_column("person_id"), sa.literal_column("name")],
        unique=True,
        schema="app",
        postgresql_where=sa.text("not shared"),
    )
    op.create_index(
        "saved_views_shared",
        "saved_views",
        [sa.literal_column("name")],
        unique=True,
        schema="app",
        postgresql_where=sa.text("shared"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("removed", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("mailbox_id", sa.Uuid(), nullable=True),
        sa.Column("cc", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_message_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('mail', 'desk', 'portal', 'api')", name=op.f("ck_tickets_channel")),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name=op.f("ck_tickets_priority")),
        sa.CheckConstraint("removed IN ('spam', 'deleted', 'merged')", name=op.f("ck_tickets_removed")),
        sa.CheckConstraint("status IN ('new', 'open', 'waiting', 'solved', 'closed')", name=op.f("ck_tickets_status")),
        sa.ForeignKeyConstraint(["assignee_id"], ["app.people.id"], name=op.f("fk_tickets_assignee_id")),
        sa.ForeignKeyConstraint(["mailbox_id"], ["app.mailboxes.id"], name=op.f("fk_tickets_mailbox_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["app.people.id"], name=op.f("fk_tickets_requester_id")),
        sa.ForeignKeyConstraint(["team_id"], ["app.teams.id"], name=op.f("fk_tickets_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
        schema="app",
    )
    op.create_index(
        "tickets_assignee",
        "tickets",
        [sa.literal_column("assignee_id"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("status in ('new', 'open', 'waiting') and removed is null"),
    )
    op.create_index(
        "tickets_created", "tickets", [sa.literal_column("created_at"), sa.literal_column("id")], schema="app"
    )
    op.create_index(
        "tickets_merged",
        "tickets",
        [sa.literal_column("merged_into_id")],
        schema="app",
        postgresql_where=sa.text("merged_into_id is not null"),
    )
    op.create_index(
        "tickets_of",
        "tickets",
        [sa.literal_column("assignee_id"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
    )
    op.create_index(
        "tickets_removed",
        "tickets",
        [sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("removed in ('spam', 'deleted')"),
    )
    op.create_index(
        "tickets_requester",
        "tickets",
        [sa.literal_column("requester_id"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
    )
    op.create_index(
        "tickets_status",
        "tickets",
        [sa.literal_column("status"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("removed is null"),
    )
    op.create_index(
        "tickets_tagged",
        "tickets",
        [sa.literal_column("updated_at")],
        schema="app",
        postgresql_where=sa.text("cardinality(tags) > 0"),
    )
    op.create_index("tickets_tags", "tickets", [sa.literal_column("tags")], schema="app", postgresql_using="gin")
    op.create_index(
        "tickets_team",
        "tickets",
        [sa.literal_column("team_id"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("status in ('new', 'open', 'waiting') and removed is null"),
    )
    op.create_index(
        "tickets_unsolved",
        "tickets",
        [sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("status in ('new', 'open', 'waiting') and removed is null"),
    )
    op.create_index(
        "tickets_unsolved_created",
        "tickets",
        [sa.literal_column("created_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("status in ('new', 'open', 'waiting') and removed is null"),
    )
    op.create_index(
        "tickets_unsolved_urgency",
        "tickets",
        [sa.literal_column("urgency"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("status in ('new', 'open', 'waiting') and removed is null"),
    )
    op.create_index(
        "tickets_updated", "tickets", [sa.literal_column("updated_at"), sa.literal_column("id")], schema="app"
    )
    op.create_index(
        "tickets_urgency",
        "tickets",
        [sa.literal_column("urgency"), sa.literal_column("updated_at"), sa.literal_column("id")],
        schema="app",
    )
    op.create_table(
        "devices",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_devices_person_id")),
        sa.PrimaryKeyConstraint("person_id", "fingerprint", name=op.f("pk_devices")),
        schema="secret",
    )
    op.create_index(op.f("ix_devices_seen_at"), "devices", ["seen_at"], schema="secret")
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('password', 'link')", name=op.f("ck_entries_way")),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_entries_fingerprint")),
        schema="secret",
    )
    op.create_index(op.f("ix_entries_expires_at"), "entries", ["expires_at"], schema="secret")
    op.create_index(op.f("ix_entries_person_id"), "entries", ["person_id"], schema="secret")
    op.create_table(
        "factors",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("credential", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('authenticator', 'passkey')", name=op.f("ck_factors_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_factors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
        sa.UniqueConstraint("credential", name=op.f("uq_factors_credential")),
        schema="secret",
    )
    op.create_index(op.f("ix_factors_person_id"), "factors", ["person_id"], schema="secret")
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_invitations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("person_id", name=op.f("uq_invitations_person_id")),
        schema="secret",
    )
    op.create_table(
        "mailed_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('sign_in', 'password')", name=op.f("ck_mailed_links_purpose")),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_mailed_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mailed_links_fingerprint")),
        schema="secret",
    )
    op.create_index(op.f("ix_mailed_links_expires_at"), "mailed_links", ["expires_at"], schema="secret")
    op.create_index(op.f("ix_mailed_links_person_id"), "mailed_links", ["person_id"], schema="secret")
    op.create_table(
        "recovery_codes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_recovery_codes")),
        schema="secret",
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"], schema="secret")
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("factor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "factor IN ('', 'authenticator', 'passkey', 'recovery code')", name=op.f("ck_sign_ins_factor")
        ),
        sa.CheckConstraint("way IN ('password', 'link')", name=op.f("ck_sign_ins_way")),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        schema="secret",
    )
    op.create_index(op.f("ix_sign_ins_at"), "sign_ins", ["at"], schema="secret")
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"], schema="secret")
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_tokens_fingerprint")),
        schema="secret",
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"], schema="secret")
    op.create_table(
        "verifiers",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_verifiers_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_verifiers")),
        schema="secret",
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'note')", name=op.f("ck_drafts_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_drafts_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["app.tickets.id"], name=op.f("fk_drafts_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("person_id", "ticket_id", name=op.f("uq_drafts_person_id_ticket_id")),
        schema="app",
    )
    op.create_index(op.f("ix_drafts_ticket_id"), "drafts", ["ticket_id"], schema="app")
    op.create_table(
        "event_words",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["log.events.id"], name=op.f("fk_event_words_event_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["app.tickets.id"], name=op.f("fk_event_words_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_words")),
        schema="app",
    )
    op.create_index(op.f("ix_event_words_ticket_id"), "event_words", ["ticket_id"], schema="app")
    op.create_table(
        "followers",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["app.people.id"], name=op.f("fk_followers_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["app.tickets.id"], name=op.f("fk_followers_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_followers")),
        schema="app",
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('opened', 'threaded', 'suspended', 'failed', 'bounced')", name=op.f("ck_mails_state")
        ),
        sa.ForeignKeyConstraint(["mailbox_id"], ["app.mailboxes.id"], name=op.f("fk_mails_mailbox_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["app.tickets.id"], name=op.f("fk_mails_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        schema="app",
    )
    op.create_index(op.f("ix_mails_ticket_id"), "mails", ["ticket_id"], schema="app")
    op.create_index(
        "mails_failed",
        "mails",
        [sa.literal_column("received_at"), sa.literal_column("id")],
        schema="app",
        postgresql_where=sa.text("state in ('failed', 'suspended')"),
    )
    op.create_index(
        "mails_message",
        "mails",
        [sa.literal_column("message_id")],
        schema="app",
        postgresql_where=sa.text("message_id is not null"),
    )
    op.create_index(
        "mails_once", "mails", [sa.literal_column("mailbox_id"), sa.literal_column("digest")], unique=True, schema="app"
    )
    op.create_index(
        "mails_received", "mails", [sa.literal_column("mailbox_id"), sa.literal_column("received_at")], schema="app"
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("merged_from_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("visible_end", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("markdown", sa.Text(), nullable=True),
        sa.Column("sent_to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cc", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.Column("match_reason", sa.Text(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivery_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "delivery IN ('', 'queued', 'sent', 'failed', 'unknown')", name=op.f("ck_messages_delivery")
        ),
        sa.CheckConstraint("kind IN ('message', 'note')", name=op.f("ck_messages_kind")),
        sa.CheckConstraint("origin IN ('mail', 'desk', 'portal', 'api')", name=op.f("ck_messages_origin")),
        sa.CheckConstraint("side IN ('requester', 'agent')", name=op.f("ck_messages_side")),
        sa.ForeignKeyConstraint(["author_id"], ["app.people.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(["merged_from_id"], ["app.tickets.id"], name=op.f("fk_messages_merged_from_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["app.tickets.id"], name=op.f("fk_messages_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        schema="app",
    )
    op.create_index(
        "messages_mail_id",
        "messages",
        [sa.literal_column("mail_id")],
        schema="app",
        postgresql_where=sa.text("mail_id is not null"),
    )
    op.create_index(
        "messages_merged",
        "messages",
        [sa.literal_column("merged_from_id")],
        schema="app",
        postgresql_where=sa.text("merged_from_id is not null"),
    )
    op.create_index(
        "messages_ticket",
        "messages",
        [sa.literal_column("ticket_id"), sa.literal_column("created_at"), sa.literal_column("id")],
        schema="app",
    )
    op.create_table(
        "seen",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_seen_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["app.tickets.id"], name=op.f("fk_seen_ticket_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "ticket_id", name=op.f("pk_seen")),
        schema="app",
    )
    op.create_table(
        "ticket_search",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["app.tickets.id"], name=op.f("fk_ticket_search_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_search")),
        schema="app",
    )
    op.create_index(
        "ticket_search_words", "ticket_search", [sa.literal_column("words")], schema="app", postgresql_using="gin"
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("factor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["app.people.id"], name=op.f("fk_sessions_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["app.tickets.id"], name=op.f("fk_sessions_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_sessions_fingerprint")),
        schema="secret",
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], schema="secret")
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], schema="secret")
    op.create_index(op.f("ix_sessions_ticket_id"), "sessions", ["ticket_id"], schema="secret")
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["app.messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("object_id", name=op.f("uq_attachments_object_id")),
        schema="app",
    )
    op.create_index(op.f("ix_attachments_message_id"), "attachments", ["message_id"], schema="app")
    op.create_table(
        "draft_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["app.drafts.id"], name=op.f("fk_draft_files_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_files")),
        sa.UniqueConstraint("object_id", name=op.f("uq_draft_files_object_id")),
        schema="app",
    )
    op.create_index(op.f("ix_draft_files_draft_id"), "draft_files", ["draft_id"], schema="app")
