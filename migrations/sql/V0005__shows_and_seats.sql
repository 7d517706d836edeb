-- Copies of what the log says about shows and their seats. Nothing here decides who gets a seat: the one stream task that
-- owns the show has decided before a row appears.

-- tailrace.shows. A show never changes.
create table shows (
    id                 uuid        primary key,
    organizer_id       text        not null,
    name               text        not null,
    starts_at          timestamptz not null,
    -- In the organizer's order: [{"name", "rows", "seats_per_row", "price"}], as in the log.
    sections           text        not null,
    hold_seconds       int         not null,
    max_hold_seconds   int         not null,
    max_seats_per_user int         not null
);

-- tailrace.seat-commands: the holds that were asked for. One that has no row in reservations is not decided, or its
-- decision is not copied yet.
create table hold_requests (
    id           uuid        primary key,
    show_id      uuid        not null,
    user_id      text        not null,
    seats        text[]      not null,
    requested_at timestamptz not null
);

-- tailrace.seat-events: each reservation as it stands, also those that were refused.
create table reservations (
    id         uuid        primary key,
    show_id    uuid        not null,
    user_id    text        not null,
    -- held, confirmed, released, expired, refused
    state      text        not null,
    -- Why it was refused.
    reason     text,
    -- The seats of the reservation, or those that it was refused for.
    seats      text[]      not null,
    expires_at timestamptz
);

-- tailrace.seat-events: the seats that were sold. The key is an alarm and not an arbiter: were one seat ever sold twice, the
-- second sale would become a dead letter that names this key.
create table confirmed_seats (
    show_id        uuid not null,
    seat           text not null,
    reservation_id uuid not null,
    constraint a_seat_is_sold_once unique (show_id, seat)
);

-- tailrace.channels.show: the seats that are not free. With its position in projection_positions this is the seat map when
-- Redis has none.
create table taken_seats (
    show_id uuid not null,
    seat    text not null,
    -- held or confirmed
    state   text not null,
    primary key (show_id, seat)
);
