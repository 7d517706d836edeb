-- A page of a feed, backwards.
drop index concurrently if exists feed_entries_in_order;
create index concurrently feed_entries_in_order on feed_entries (user_id, log_offset, post_id);

-- What has outlived the retention of its channel.
drop index concurrently if exists feed_entries_by_age;
create index concurrently feed_entries_by_age on feed_entries (copied_at);
