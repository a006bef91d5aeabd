"""Customers, wake-ups, jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        schema="control",
    )
    op.create_index(
        "acts_customer", "acts", [sa.literal_column("customer_id"), sa.literal_column("id")], schema="control"
    )
    op.create_index(
        "acts_untold", "acts", [sa.literal_column("id")], schema="control", postgresql_where=sa.text("told_at IS NULL")
    )
    op.create_index(op.f("ix_acts_at"), "acts", ["at"], schema="control")
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("check", "subject", "detail", name=op.f("uq_alerts_check_subject_detail")),
        schema="control",
    )
    op.create_index(op.f("ix_alerts_customer_id"), "alerts", ["customer_id"], schema="control")
    op.create_table(
        "clean_ups",
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("due_at", name=op.f("pk_clean_ups")),
        schema="control",
    )
    op.create_table(
        "cluster_figures",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("databases", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("connected", sa.Integer(), nullable=False),
        sa.Column("disk_bytes", sa.BigInteger(), nullable=False),
        sa.Column("standbys", sa.Integer(), nullable=False),
        sa.Column("standbys_away", sa.Integer(), nullable=False),
        sa.Column("standby_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cluster_figures")),
        schema="control",
    )
    op.create_table(
        "clusters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data_centre", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("disk_gb", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'full', 'closed')", name=op.f("ck_clusters_state")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clusters")),
        schema="control",
    )
    op.create_table(
        "confirmations",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_confirmations")),
        schema="control",
    )
    op.create_index(op.f("ix_confirmations_since"), "confirmations", ["since"], schema="control")
    op.create_table(
        "copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("postgresql", sa.Integer(), nullable=False),
        sa.Column("replicas", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("damaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restore_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('scheduled', 'asked', 'safety')", name=op.f("ck_copies_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        schema="control",
    )
    op.create_index(
        "copies_damaged",
        "copies",
        [sa.literal_column("damaged_at")],
        schema="control",
        postgresql_where=sa.text("damaged_at IS NOT NULL"),
    )
    op.create_index(
        "copies_restored",
        "copies",
        [sa.literal_column("restored_at")],
        schema="control",
        postgresql_where=sa.text("restored_at IS NOT NULL"),
    )
    op.create_index(
        "copies_unverified",
        "copies",
        [sa.literal_column("customer_id"), sa.literal_column("began_at")],
        schema="control",
        postgresql_where=sa.text("verified_at IS NULL"),
    )
    op.create_index(
        "copies_verified",
        "copies",
        [sa.literal_column("customer_id"), sa.literal_column("snapshot_at")],
        schema="control",
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_copies_began_at"), "copies", ["began_at"], schema="control")
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("logo", sa.Uuid(), nullable=True),
        sa.Column("logo_type", sa.Text(), nullable=False),
        sa.Column("second_factor", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("primary_name", sa.Text(), nullable=False),
        sa.Column("primary_email", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.Integer(), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial", sa.Text(), nullable=False),
        sa.Column("importing", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_for", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_for", sa.Text(), nullable=False),
        sa.Column("suspended_by", sa.Text(), nullable=False),
        sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erasure_asked", sa.Boolean(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purging_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erasure", sa.Uuid(), nullable=True),
        sa.CheckConstraint("plan IN ('paid', 'trial', 'education', 'free')", name=op.f("ck_customers_plan")),
        sa.CheckConstraint("second_factor IN ('', 'owners', 'workers')", name=op.f("ck_customers_second_factor")),
        sa.CheckConstraint(
            "state IN ('requested', 'provisioning', 'active', 'suspended', 'terminated', 'purging', 'purged')",
            name=op.f("ck_customers_state"),
        ),
        sa.CheckConstraint("trial IN ('', 'runs', 'announced', 'over', 'ended')", name=op.f("ck_customers_trial")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("database", name=op.f("uq_customers_database")),
        sa.UniqueConstraint("slug", name=op.f("uq_customers_slug")),
        schema="control",
    )
    op.create_index(
        "customers_leaving",
        "customers",
        [sa.literal_column("erase_at")],
        schema="control",
        postgresql_where=sa.text("state in ('terminated', 'purging')"),
    )
    op.create_index(
        "customers_trials",
        "customers",
        [sa.literal_column("trial_ends_at")],
        schema="control",
        postgresql_where=sa.text("trial in ('runs', 'announced')"),
    )
    op.create_index(op.f("ix_customers_cluster"), "customers", ["cluster"], schema="control")
    op.create_table(
        "downloads",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('new', 'running', 'done', 'unknown', 'dead', 'superseded')", name=op.f("ck_downloads_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
        sa.UniqueConstraint("key", name=op.f("uq_downloads_key")),
        sa.UniqueConstraint("number", name=op.f("uq_downloads_number")),
        schema="control",
    )
    op.create_index(
        "downloads_offered",
        "downloads",
        [sa.literal_column("expires_at")],
        schema="control",
        postgresql_where=sa.text("file is not null"),
    )
    op.create_index(
        "downloads_one",
        "downloads",
        [sa.literal_column("customer_id"), sa.literal_column("kind")],
        unique=True,
        schema="control",
        postgresql_where=sa.text("state in ('new', 'running')"),
    )
    op.create_index(op.f("ix_downloads_customer_id"), "downloads", ["customer_id"], schema="control")
    op.create_index(
        "ix_downloads_group",
        "downloads",
        [sa.literal_column('"group"'), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running') AND \"group\" IS NOT NULL"),
    )
    op.create_index(
        "ix_downloads_ready",
        "downloads",
        [sa.literal_column("coalesce(lease_until, due_at)"), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running')"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('customer', 'person')", name=op.f("ck_erasures_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        schema="control",
    )
    op.create_index(op.f("ix_erasures_customer_id"), "erasures", ["customer_id"], schema="control")
    op.create_index(op.f("ix_erasures_erased_at"), "erasures", ["erased_at"], schema="control")
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("customers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("components", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "not public or scope in ('everyone', 'data_centre', 'cluster')", name=op.f("ck_incidents_incidents_public")
        ),
        sa.CheckConstraint(
            "scope IN ('everyone', 'data_centre', 'cluster', 'customers', 'people')", name=op.f("ck_incidents_scope")
        ),
        sa.CheckConstraint("severity IN ('minor', 'major', 'critical')", name=op.f("ck_incidents_severity")),
        sa.CheckConstraint("state IN ('draft', 'open', 'resolved')", name=op.f("ck_incidents_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        schema="control",
    )
    op.create_index(
        "incidents_public",
        "incidents",
        [sa.literal_column("published_at")],
        schema="control",
        postgresql_where=sa.text("public and state <> 'draft'"),
    )
    op.create_table(
        "jobs",
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('new', 'running', 'done', 'unknown', 'dead', 'superseded')", name=op.f("ck_jobs_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
        sa.UniqueConstraint("number", name=op.f("uq_jobs_number")),
        schema="control",
    )
    op.create_index(
        "ix_jobs_group",
        "jobs",
        [sa.literal_column('"group"'), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running') AND \"group\" IS NOT NULL"),
    )
    op.create_index(
        "ix_jobs_ready",
        "jobs",
        [sa.literal_column("coalesce(lease_until, due_at)"), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running')"),
    )
    op.create_index("jobs_kind", "jobs", [sa.literal_column("kind"), sa.literal_column("number")], schema="control")
    op.create_table(
        "leases",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("steps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('provision', 'migrate', 'move', 'copy', 'restore', 'purge', 'suspend', 'rotate', 'drill')",
            name=op.f("ck_leases_kind"),
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_leases")),
        schema="control",
    )
    op.create_index(
        "leases_unfinished",
        "leases",
        [sa.literal_column("asked_at")],
        schema="control",
        postgresql_where=sa.text("asked_at IS NOT NULL"),
    )
    op.create_table(
        "limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
        schema="control",
    )
    op.create_table(
        "operations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        schema="control",
    )
    op.create_index(op.f("ix_operations_asked_at"), "operations", ["asked_at"], schema="control")
    op.create_index(
        "operations_customer",
        "operations",
        [sa.literal_column("customer_id"), sa.literal_column("id")],
        schema="control",
    )
    op.create_table(
        "operator_facts",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_operator_facts")),
        schema="control",
    )
    op.create_index(op.f("ix_operator_facts_at"), "operator_facts", ["at"], schema="control")
    op.create_table(
        "operator_heads",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operator_heads")),
        schema="control",
    )
    op.create_table(
        "operator_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("access_id", sa.Uuid(), nullable=True),
        sa.Column("objects", postgresql.JSONB(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_log")),
        sa.UniqueConstraint("number", name=op.f("uq_operator_log_number")),
        schema="control",
    )
    op.create_index(
        "operator_log_about",
        "operator_log",
        [sa.literal_column("about_id"), sa.literal_column("number")],
        schema="control",
    )
    op.create_index(
        "operator_log_customer",
        "operator_log",
        [sa.literal_column("customer_id"), sa.literal_column("number")],
        schema="control",
    )
    op.create_index("operator_log_happened", "operator_log", [sa.literal_column("happened_at")], schema="control")
    op.create_index(
        "operator_log_kind", "operator_log", [sa.literal_column("kind"), sa.literal_column("number")], schema="control"
    )
    op.create_index(
        "operator_log_staff",
        "operator_log",
        [sa.literal_column("staff_id"), sa.literal_column("number")],
        schema="control",
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
        schema="control",
    )
    op.create_index(
        "ix_outbox_group",
        "outbox",
        [sa.literal_column('"group"'), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running') AND \"group\" IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        [sa.literal_column("coalesce(lease_until, due_at)"), sa.literal_column("number")],
        schema="control",
        postgresql_where=sa.text("state IN ('new', 'running')"),
    )
    op.create_table(
        "restores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("writable", sa.Boolean(), nullable=False),
        sa.Column("safe", sa.Boolean(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('drill', 'aside', 'live')", name=op.f("ck_restores_kind")),
        sa.CheckConstraint("state IN ('waiting', 'open', 'done', 'failed')", name=op.f("ck_restores_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restores")),
        schema="control",
    )
    op.create_index(op.f("ix_restores_customer_id"), "restores", ["customer_id"], schema="control")
    op.create_index(
        "restores_standing",
        "restores",
        [sa.literal_column("customer_id"), sa.literal_column("database")],
        schema="control",
        postgresql_where=sa.text("removed_at IS NULL AND database <> ''"),
    )
    op.create_index(
        "restores_waiting",
        "restores",
        [sa.literal_column("rank"), sa.literal_column("asked_at"), sa.literal_column("id")],
        schema="control",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "security_counts",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "customer_id", "what", name=op.f("pk_security_counts")),
        schema="control",
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
        sa.UniqueConstraint("link", name=op.f("uq_staff_link")),
        schema="control",
    )
    op.create_table(
        "staff_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_offers")),
        schema="control",
    )
    op.create_table(
        "store_figures",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_store_figures")),
        schema="control",
    )
    op.create_table(
        "timetable",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_timetable")),
        schema="control",
    )
    op.create_table(
        "access_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_reference", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('owner', 'emergency', 'authority')", name=op.f("ck_access_grants_kind")),
        sa.ForeignKeyConstraint(["approved_by"], ["control.staff.id"], name=op.f("fk_access_grants_approved_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["control.staff.id"], name=op.f("fk_access_grants_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grants")),
        schema="control",
    )
    op.create_index(op.f("ix_access_grants_customer_id"), "access_grants", ["customer_id"], schema="control")
    op.create_table(
        "customer_figures",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("database_bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("told_percent", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("mailboxes", sa.Integer(), nullable=False),
        sa.Column("failing", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("bounced", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["control.customers.id"], name=op.f("fk_customer_figures_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_figures")),
        schema="control",
    )
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bar", sa.Text(), nullable=False),
        sa.Column("bar_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["control.customers.id"], name=op.f("fk_disclosures_customer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["control.staff.id"], name=op.f("fk_disclosures_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        schema="control",
    )
    op.create_index(op.f("ix_disclosures_customer_id"), "disclosures", ["customer_id"], schema="control")
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('scanner', 'report', 'review', 'advisory')", name=op.f("ck_findings_source")),
        sa.CheckConstraint("state IN ('open', 'patched', 'accepted')", name=op.f("ck_findings_state")),
        sa.CheckConstraint("weight IN ('critical', 'high', 'medium', 'low')", name=op.f("ck_findings_weight")),
        sa.ForeignKeyConstraint(["owner_id"], ["control.staff.id"], name=op.f("fk_findings_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        schema="control",
    )
    op.create_index(
        "findings_open",
        "findings",
        [sa.literal_column("due_at")],
        schema="control",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_findings_owner_id"), "findings", ["owner_id"], schema="control")
    op.create_table(
        "former_databases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["control.customers.id"], name=op.f("fk_former_databases_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_databases")),
        sa.UniqueConstraint("cluster", "database", name=op.f("uq_former_databases_cluster_database")),
        schema="control",
    )
    op.create_index(op.f("ix_former_databases_customer_id"), "former_databases", ["customer_id"], schema="control")
    op.create_index(op.f("ix_former_databases_until"), "former_databases", ["until"], schema="control")
    op.create_table(
        "incident_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["control.customers.id"], name=op.f("fk_incident_reports_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["control.incidents.id"], name=op.f("fk_incident_reports_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_reports")),
        sa.UniqueConstraint("incident_id", "customer_id", name=op.f("uq_incident_reports_incident_id_customer_id")),
        schema="control",
    )
    op.create_index(
        "incident_reports_due",
        "incident_reports",
        [sa.literal_column("due_at")],
        schema="control",
        postgresql_where=sa.text("written_at is null"),
    )
    op.create_index(op.f("ix_incident_reports_customer_id"), "incident_reports", ["customer_id"], schema="control")
    op.create_index(op.f("ix_incident_reports_incident_id"), "incident_reports", ["incident_id"], schema="control")
    op.create_table(
        "incident_updates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step IN ('investigating', 'identified', 'watching', 'resolved')", name=op.f("ck_incident_updates_step")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["control.staff.id"], name=op.f("fk_incident_updates_by_id")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["control.incidents.id"], name=op.f("fk_incident_updates_incident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_updates")),
        schema="control",
    )
    op.create_index(op.f("ix_incident_updates_incident_id"), "incident_updates", ["incident_id"], schema="control")
    op.create_table(
        "leaving_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["control.customers.id"], name=op.f("fk_leaving_people_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_leaving_people")),
        schema="control",
    )
    op.create_index(op.f("ix_leaving_people_customer_id"), "leaving_people", ["customer_id"], schema="control")
    op.create_index(op.f("ix_leaving_people_erase_at"), "leaving_people", ["erase_at"], schema="control")
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follower", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("plan IN ('paid', 'trial', 'education', 'free')", name=op.f("ck_sign_ups_plan")),
        sa.ForeignKeyConstraint(["customer_id"], ["control.customers.id"], name=op.f("fk_sign_ups_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_sign_ups_customer_id")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_sign_ups_fingerprint")),
        sa.UniqueConstraint("follower", name=op.f("uq_sign_ups_follower")),
        schema="control",
    )
    op.create_index(op.f("ix_sign_ups_created_at"), "sign_ups", ["created_at"], schema="control")
    op.create_index(
        "sign_ups_unfounded",
        "sign_ups",
        [sa.literal_column("created_at")],
        schema="control",
        postgresql_where=sa.text("confirmed_at IS NOT NULL AND founded_at IS NULL"),
    )
    op.create_table(
        "staff_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("enrols", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["control.staff.id"], name=op.f("fk_staff_entries_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_entries")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_staff_entries_fingerprint")),
        schema="control",
    )
    op.create_index(op.f("ix_staff_entries_expires_at"), "staff_entries", ["expires_at"], schema="control")
    op.create_index(op.f("ix_staff_entries_staff_id"), "staff_entries", ["staff_id"], schema="control")
    op.create_table(
        "staff_factors",
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
        sa.CheckConstraint("kind IN ('authenticator', 'passkey')", name=op.f("ck_staff_factors_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["control.staff.id"], name=op.f("fk_staff_factors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_factors")),
        sa.UniqueConstraint("credential", name=op.f("uq_staff_factors_credential")),
        schema="control",
    )
    op.create_index(op.f("ix_staff_factors_person_id"), "staff_factors", ["person_id"], schema="control")
    op.create_table(
        "staff_recovery_codes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["control.staff.id"], name=op.f("fk_staff_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_staff_recovery_codes")),
        schema="control",
    )
    op.create_index(op.f("ix_staff_recovery_codes_person_id"), "staff_recovery_codes", ["person_id"], schema="control")
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["control.staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_staff_sessions_fingerprint")),
        schema="control",
    )
    op.create_index(op.f("ix_staff_sessions_expires_at"), "staff_sessions", ["expires_at"], schema="control")
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], schema="control")
    op.create_table(
        "wakeups",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["control.customers.id"], name=op.f("fk_wakeups_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_wakeups")),
        schema="control",
    )
    op.create_index(op.f("ix_wakeups_due_at"), "wakeups", ["due_at"], schema="control")
    op.create_table(
        "accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope IN ('read', 'write')", name=op.f("ck_accesses_scope")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["control.access_grants.id"], name=op.f("fk_accesses_grant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["control.staff.id"], name=op.f("fk_accesses_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_accesses_fingerprint")),
        schema="control",
    )
    op.create_index(
        "accesses_customer", "accesses", [sa.literal_column("customer_id"), sa.literal_column("id")], schema="control"
    )
    op.create_index(
        "accesses_staff",
        "accesses",
        [sa.literal_column("staff_id"), sa.literal_column("requested_at")],
        schema="control",
    )
    op.create_index(
        "accesses_standing",
        "accesses",
        [sa.literal_column("until")],
        schema="control",
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "incident_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("mails_sent", sa.Integer(), nullable=False),
        sa.Column("mails_failed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('customer', 'people', 'webhook')", name=op.f("ck_incident_deliveries_kind")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_incident_deliveries_state")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["control.customers.id"],
            name=op.f("fk_incident_deliveries_customer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["control.incidents.id"],
            name=op.f("fk_incident_deliveries_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["control.incident_updates.id"],
            name=op.f("fk_incident_deliveries_update_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_deliveries")),
        sa.UniqueConstraint("once", name=op.f("uq_incident_deliveries_once")),
        schema="control",
    )
    op.create_index(
        "incident_deliveries_incident",
        "incident_deliveries",
        [sa.literal_column("incident_id"), sa.literal_column("id")],
        schema="control",
    )
    op.create_index(
        "incident_deliveries_waiting",
        "incident_deliveries",
        [sa.literal_column("kind"), sa.literal_column("id")],
        schema="control",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        op.f("ix_incident_deliveries_customer_id"), "incident_deliveries", ["customer_id"], schema="control"
    )
