-- The answers to write requests that named an Idempotency-Key, so that the same request gets the same answer again.
create table idempotency_keys (
    -- Keys are the caller's own: two people may use the same one.
    subject      text        not null,
    key          text        not null check (char_length(key) between 1 and 255),
    -- Of method, path and body: the same key for another request is an error.
    request_hash bytea       not null,
    -- pending: the request runs, or its process died while it ran.
    state        text        not null check (state in ('pending', 'done')),
    status       int         check (status between 100 and 599),
    headers      text,
    body         text,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null,
    primary key (subject, key),
    check (state = 'pending' or status is not null)
);

-- For the sweep that deletes what has expired.
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
