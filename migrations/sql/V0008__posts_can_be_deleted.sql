-- tailrace.posts: the tombstones. What was deleted is not put into a feed by a copy that is late, and deleting it again makes
-- no difference. Ids alone, and the erasure of the author takes those, too.
create table deleted_posts (
    id         uuid        primary key,
    author_id  uuid        not null,
    deleted_at timestamptz not null default now()
);

create index deleted_posts_by_author on deleted_posts (author_id);
