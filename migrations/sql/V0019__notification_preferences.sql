-- How people want to be notified, as they have said it; who has no row has said nothing. Written and read by ingest-api, and gone with
-- the account.
create table notification_preferences (
    user_id          uuid        primary key references accounts (id) on delete cascade,
    -- JSON: time zone, quiet hours, the chat of Telegram, and the means by kind.
    document         text        not null,
    -- An endpoint of webhooks that they have registered.
    webhook_endpoint uuid        references webhook_endpoints (id) on delete set null,
    changed_at       timestamptz not null default now()
);

-- For the deletion of an endpoint.
create index notification_preferences_by_endpoint on notification_preferences (webhook_endpoint)
    where webhook_endpoint is not null;
