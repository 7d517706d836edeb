-- A copy of what tailrace.schedules says: the jobs that are enqueued again and again. When they fire next is computed from it.
create table schedules (
    -- Ordered by its bytes, as the pages of a list are.
    name       text collate "C" primary key,
    -- JSON, as in the log: cron text, time zone, policies, and what is asked of each job. Text, because jsonb cannot hold every JSON text.
    definition text             not null,
    changed_at timestamptz      not null
);
