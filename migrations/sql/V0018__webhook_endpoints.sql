-- Where webhooks are delivered to, as people and programs have registered it. ingest-api writes the rows, workers read them and
-- disable an endpoint that says that it is gone.
create table webhook_endpoints (
    id              uuid        primary key,
    -- The subject of the token that registered it; empty if that was a person who has been erased.
    owner           text        not null,
    url             text        not null,
    -- Patterns of the types of events that it wants, with commas between them.
    events          text        not null,
    -- enabled or disabled
    state           text        not null,
    -- gone: it answered 410. asked: somebody disabled it. Null while it is enabled.
    disabled_reason text,
    -- What webhooks are signed with; encrypted if there is a key for it.
    secret          text        not null,
    -- The secret before that, with which they are signed as well until the time.
    previous_secret text,
    previous_until  timestamptz,
    created_at      timestamptz not null default now(),
    changed_at      timestamptz not null default now()
);

create index webhook_endpoints_by_owner on webhook_endpoints (owner, id);

-- The deliveries of an endpoint, whose id is the key of their jobs.
create index jobs_of_webhooks on jobs (limit_key, enqueued_at desc, id desc) where type = 'webhook';
