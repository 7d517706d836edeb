-- A feed is in the order of its channel: of the offsets in the one partition that the channel has. Ids of posts carry the clock of
-- the node that wrote them. Rows of before have 0, so they are behind all others, by the ids of their posts among each other.
alter table feed_entries add column log_offset bigint not null default 0 check (log_offset >= 0);

-- When the row was copied, by this server's clock: it goes when the retention of its channel is over, whatever clock the post has.
alter table feed_entries add column copied_at timestamptz not null default now();
