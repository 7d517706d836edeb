-- Windows of readings, copied from the channels series:{metric_id}:{resolution}. A partition has one resolution and a part of the time, so
-- that what is no longer kept goes by dropping partitions; projections makes and drops them, and names them
-- series_points_<seconds>_<first day>.
create table series_points (
    metric_id     uuid             not null,
    resolution_ms int              not null,
    -- When the window begins.
    t             timestamptz      not null,
    count         bigint           not null,
    sum           double precision not null,
    min           double precision not null,
    max           double precision not null,
    mean          double precision not null,
    -- The values of the earliest and the latest reading.
    first         double precision not null,
    last          double precision not null,
    last_at       timestamptz      not null,
    p50           double precision not null,
    p95           double precision not null,
    p99           double precision not null,
    -- Where in its partition of the channels' topic the state stands; a later one replaces it.
    log_offset    bigint           not null,
    primary key (metric_id, resolution_ms, t)
) partition by range (resolution_ms, t);

-- Readings of the last days, copied from tailrace.readings, which has them for ever. A partition is a day: readings_<day>.
create table readings (
    metric_id uuid             not null,
    at        timestamptz      not null,
    id        uuid             not null,
    value     double precision not null,
    primary key (metric_id, at, id)
) partition by range (at);

-- The unit of a metric's values; null if it has none.
alter table metrics add column unit text;
