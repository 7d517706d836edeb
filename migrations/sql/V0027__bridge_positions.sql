-- How far the metrics of bridges have been copied, written by the one attempt at the job of the bridge that holds its rows. Which bridges
-- there are is in the schedules. If these rows are lost, bridges begin again at the time at which they were created, and what their
-- sources still have comes again under other ids.
create table bridge_positions (
    bridge        text collate "C" not null,
    remote        text             not null,
    name          text             not null,
    metric_id     uuid             not null,
    -- Whose rows these are: an attempt that is not the holder any more changes nothing.
    job_id        uuid             not null,
    token         bigint           not null,
    -- What the position counts for: target, resolution, and when the bridge was created.
    numbering     text             not null,
    epoch         text,
    sequence      bigint           not null default 0,
    cursor        text             not null default '',
    last_at       timestamptz,
    -- What was copied with the last step, as JSON: stored with the position, and written into the log after that, so whoever goes on writes it again.
    pending       text,
    state         text             not null,
    error_type    text,
    error         text,
    readings      bigint           not null default 0,
    duplicates    bigint           not null default 0,
    refused       bigint           not null default 0,
    conflated     bigint           not null default 0,
    gaps          bigint           not null default 0,
    -- The last gap, as JSON.
    last_gap      text,
    reconnects    bigint           not null default 0,
    -- When the holder last said that it is there.
    seen_at       timestamptz      not null default now(),
    primary key (bridge, remote)
);
