-- What makes a used token's successor again for as long as the grace lasts: the successor is HMAC-SHA256 of this under the
-- token itself. Neither is enough alone, so who reads this table still cannot sign in, and who has an old token cannot
-- make the ones after it. Null before the first use, after the grace, and where there is no grace.
alter table refresh_tokens
    add column successor_salt bytea check (octet_length(successor_salt) = 32);

-- For the sweep that forgets salts whose grace is over.
create index refresh_tokens_with_salt on refresh_tokens (used_at) where successor_salt is not null;
