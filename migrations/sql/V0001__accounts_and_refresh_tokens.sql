-- Who may sign in. The one place that holds a secret of a person (the password's hash), so it never becomes an event.
create table accounts (
    id            uuid        primary key,
    email         text        not null check (char_length(email) between 3 and 320),
    -- The address in lower case: two spellings of one address are one account. The database says so, because two
    -- registrations at the same moment both pass a check that only reads.
    email_key     text        not null unique check (email_key = lower(email_key)),
    name          text        not null check (name <> ''),
    phone         text,
    -- Argon2id in PHC string form: $argon2id$v=19$m=19456,t=2,p=1$salt$hash
    password_hash text        not null check (password_hash like '$argon2id$%'),
    roles         text[]      not null default '{}',
    created_at    timestamptz not null
);

-- A refresh token works once. The used row stays until it expires: only so can a second use be told from a forgery.
create table refresh_tokens (
    -- SHA-256 of the token: who reads this table cannot sign in with it.
    token_hash bytea       primary key check (octet_length(token_hash) = 32),
    -- All tokens that descend from one login. The reuse of one of them ends the family.
    family     uuid        not null,
    account_id uuid        not null references accounts (id) on delete cascade,
    issued_at  timestamptz not null,
    expires_at timestamptz not null check (expires_at >= issued_at),
    used_at    timestamptz
);

create index refresh_tokens_by_family on refresh_tokens (family);
create index refresh_tokens_by_account on refresh_tokens (account_id);
-- For the sweep that deletes what has expired.
create index refresh_tokens_by_expiry on refresh_tokens (expires_at);

-- One row ends a family, however many of its tokens are being refreshed at that moment.
create table revoked_families (
    family     uuid        primary key,
    revoked_at timestamptz not null default now()
);
