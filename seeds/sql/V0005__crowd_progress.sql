-- How much of a large demo set (--people N) is in the log, so that it can be gone on with and enlarged.
create table crowd_progress (
    -- people, follows, posts or shows
    step text   primary key,
    -- the number of the next person of whom this step is still to be done
    next bigint not null check (next >= 0)
);
