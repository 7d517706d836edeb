-- The shows that began long ago.
drop index concurrently if exists shows_by_start;
create index concurrently shows_by_start on shows (starts_at, id);

-- What belongs to a show. The seats have it in their keys.
drop index concurrently if exists hold_requests_by_show;
create index concurrently hold_requests_by_show on hold_requests (show_id);

drop index concurrently if exists reservations_by_show;
create index concurrently reservations_by_show on reservations (show_id);

-- What was asked of a show that there is not.
drop index concurrently if exists reservations_of_no_show;
create index concurrently reservations_of_no_show on reservations (copied_at) where reason = 'unknown_show';
