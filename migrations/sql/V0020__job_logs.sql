-- What handlers have logged, copied from tailrace.job-logs. Goes with the job, and after thirty days at the latest: lines can come for a
-- job that is no longer there.
create table job_log_lines (
    job_id  uuid        not null,
    attempt int         not null,
    -- From 1, without gaps but for lines that the log did not take.
    line    int         not null,
    -- By the worker's clock.
    at      timestamptz not null,
    -- trace, debug, info, warn or error
    level   text        not null,
    text    text        not null,
    primary key (job_id, attempt, line)
);

create index job_log_lines_by_age on job_log_lines (at);

-- Attempts that have logged more than is kept.
create table job_log_drops (
    job_id  uuid        not null,
    attempt int         not null,
    -- How many lines are not kept.
    dropped int         not null,
    at      timestamptz not null,
    primary key (job_id, attempt)
);

create index job_log_drops_by_age on job_log_drops (at);
