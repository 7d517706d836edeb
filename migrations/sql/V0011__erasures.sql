-- People who are being erased. A worker moves each through its steps, in any process, and can be killed between any two.
create table erasures (
    id           uuid        primary key,
    -- Null when nothing is left to do: then this table does not know the person either.
    user_id      uuid        unique,
    -- running: the facts and their copies go; compacting: the log forgets what it holds behind tombstones; done.
    state        text        not null check (state in ('running', 'compacting', 'done')),
    -- The step that comes next.
    step         int         not null default 0 check (step >= 0),
    -- Not before.
    due_at       timestamptz not null default now(),
    requested_at timestamptz not null default now(),
    finished_at  timestamptz,
    check ((state = 'done') = (user_id is null)),
    check ((state = 'done') = (finished_at is not null))
);

create index erasures_by_due on erasures (due_at) where state <> 'done';

-- A person's own feed and what they wrote in the feeds of others are found by a walk through the table, which is rare.
