-- Copies of what tailrace.job-events says about jobs and queues. The one stream task that owns a queue has decided before a row
-- appears. Finished jobs are deleted some time after they ended, and what belongs to them with them.

-- Each job as it stands.
create table jobs (
    id                uuid             primary key,
    queue             text             not null,
    type              text             not null,
    -- scheduled, ready, running, retrying, succeeded, dead, cancelled: as the log last said. Nothing is said when the time of a
    -- job has come: one that is scheduled or retrying for a time in the past is ready.
    state             text             not null,
    priority          int              not null,
    run_at            timestamptz      not null,
    -- The number of the last attempt, 0 before the first.
    attempt           int              not null,
    max_attempts      int              not null,
    timeout_seconds   int              not null,
    -- Whose work it is, where a queue limits the jobs of each key.
    limit_key         text,
    unique_key        text,
    enqueued_at       timestamptz      not null,
    started_at        timestamptz,
    finished_at       timestamptz,
    worker            text,
    -- JSON, as in the log. Text, because jsonb cannot hold every JSON text.
    payload           text,
    result            text,
    -- The attempt that the progress is of; older progress says nothing about the attempt under way.
    progress_attempt  int,
    progress_fraction double precision,
    progress_message  text
);

-- Every list of jobs is merged from ranges of this index, one for each row of job_counts that fits.
create index jobs_by_kind on jobs (queue, type, state, enqueued_at desc, id desc);

create index jobs_that_wait on jobs (queue, run_at) where state in ('scheduled', 'ready', 'retrying');

create index jobs_by_end on jobs (finished_at) where finished_at is not null;

-- The attempts of the jobs in jobs.
create table job_attempts (
    job_id        uuid        not null,
    attempt       int         not null,
    worker        text,
    started_at    timestamptz,
    -- Null while it runs, as is the outcome: succeeded, failed, handed_back or cancelled.
    ended_at      timestamptz,
    outcome       text,
    error_type    text,
    error_message text,
    primary key (job_id, attempt)
);

-- How many rows of jobs there are. Changed with them, in the same transaction; rows with 0 stay.
create table job_counts (
    queue text   not null,
    type  text   not null,
    state text   not null,
    jobs  bigint not null,
    primary key (queue, type, state)
);

-- What happened in each minute, by the log's time; an hour and some minutes of it.
create table job_minutes (
    queue     text        not null,
    minute    timestamptz not null,
    enqueued  bigint      not null,
    started   bigint      not null,
    succeeded bigint      not null,
    -- Attempts that failed; those that a worker handed back did not.
    failed    bigint      not null,
    dead      bigint      not null,
    cancelled bigint      not null,
    primary key (queue, minute)
);

create index job_minutes_by_age on job_minutes (minute);

-- The queues that somebody paused, resumed or limited; the others are as they are declared. 0 is no limit.
create table job_queues (
    queue               text             primary key,
    paused              boolean          not null,
    concurrency         int              not null,
    rate_per_second     double precision not null,
    key_concurrency     int              not null,
    key_rate_per_second double precision not null,
    changed_at          timestamptz      not null
);
