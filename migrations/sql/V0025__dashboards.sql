-- Dashboards, copied from tailrace.dashboards.
create table dashboards (
    id         uuid        primary key,
    owner_id   uuid        not null,
    name       text        not null,
    -- A length such as 15m, which ends now, or two times with .. between them.
    time_range text        not null,
    -- An array of JSON: what each panel shows.
    panels     text        not null,
    -- With this word anybody may read it; null if it is not shared.
    link       text,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create index dashboards_owner on dashboards (owner_id, id);
create index dashboards_link on dashboards (link) where link is not null;
