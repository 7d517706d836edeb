-- Events that were decided together with rows of this database, on their way to Kafka. Written in the transaction that
-- writes the rows, so that a registered user always becomes an event; deleted when the broker has acknowledged it.
create table outbox (
    -- The order in which the relay sends.
    id         bigint      generated always as identity primary key,
    -- The event's id. The relay may send an event twice (it dies between the acknowledgement and the delete);
    -- readers know it again by this id.
    event_id   uuid        not null unique,
    topic      text        not null check (topic <> ''),
    -- Null: the partition follows from the key.
    partition  int         check (partition >= 0),
    record_key text        not null,
    type       text        not null check (type <> ''),
    source     text        not null check (source <> ''),
    subject    text,
    time       timestamptz not null,
    -- JSON on one line, because an edge frames it without parsing it: a line break would cut the frame in two.
    data       text        not null check (data <> '' and data !~ '[\n\r]'),
    created_at timestamptz not null default now()
);
