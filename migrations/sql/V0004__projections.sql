-- Copies of the log. All of it can be deleted and rebuilt from offset zero.
--
-- No foreign keys here, and few checks: partitions advance independently, so that a follow may arrive before its user,
-- and a constraint that refuses what the log holds would stop the projection without mending the log.

-- How far each projection has read each partition. Written in the transaction that writes the rows, so that rows and
-- position cannot disagree; a reader that must see its own write waits for it.
create table projection_positions (
    projection  text        not null,
    topic       text        not null,
    partition   int         not null check (partition >= 0),
    next_offset bigint      not null check (next_offset >= 0),
    -- The Kafka topic id: the offsets of a topic that was deleted and created again mean something else.
    generation  text        not null,
    updated_at  timestamptz not null default now(),
    primary key (projection, topic, partition)
);

-- tailrace.users
create table users (
    id         uuid        primary key,
    email      text        not null,
    name       text        not null,
    phone      text,
    created_at timestamptz not null
);

-- tailrace.follows
create table follows (
    follower_id uuid        not null,
    followee_id uuid        not null,
    since       timestamptz not null,
    primary key (follower_id, followee_id)
);

create index follows_by_followee on follows (followee_id);

-- tailrace.posts
create table posts (
    id         uuid        primary key,
    author_id  uuid        not null,
    text       text        not null,
    created_at timestamptz not null
);

-- Ids are UUIDv7 and uuid compares bytewise, so descending ids are newest first.
create index posts_by_author on posts (author_id, id desc);

-- tailrace.channels.feed. A page of a feed is a backward scan of the primary key, and needs no join.
create table feed_entries (
    user_id    uuid        not null,
    post_id    uuid        not null,
    author_id  uuid        not null,
    text       text        not null,
    created_at timestamptz not null,
    primary key (user_id, post_id)
);

-- tailrace.metrics
create table metrics (
    id         uuid        primary key,
    name       text        not null,
    created_at timestamptz not null
);
