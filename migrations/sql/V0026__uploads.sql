-- The files that people have uploaded, as the facts in tailrace.uploads have them. The files themselves are in the file store.
create table uploads (
    id uuid primary key,
    owner_id uuid not null,
    name text not null,
    declared_type text,
    detected_type text not null,
    size bigint not null,
    sha256 text not null,
    created_at timestamptz not null
);

create index uploads_of_owner on uploads (owner_id, id);
create index uploads_of_content on uploads (owner_id, sha256);
