-- Begins the erasure of a person in the transaction that calls it, whoever asks for it: the person, an operator, a job. The account,
-- its sessions and the stored answers go with it, so nobody can sign in when it has committed; ingest-api makes the steps that follow
-- (docs/decisions/0040). A person who is being erased has an erasure already, whose id is given;
-- an id that an erasure had already begins none.
create function request_erasure(person uuid, erasure_id uuid) returns uuid language plpgsql as $$
declare
    known uuid;
begin
    delete from idempotency_keys where subject = 'subject:' || person;
    delete from idempotency_keys where subject in (
        select 'email:' || encode(sha256(convert_to(email_key, 'UTF8')), 'hex') from accounts where id = person);
    -- Webhook endpoints go on, and are nobody's.
    update webhook_endpoints set owner = '' where owner = person::text;
    delete from accounts where id = person;
    insert into erasures (id, user_id, state) values (erasure_id, person, 'running') on conflict do nothing;
    select id into strict known from erasures where user_id = person or id = erasure_id order by user_id nulls last limit 1;
    return known;
end
$$;
