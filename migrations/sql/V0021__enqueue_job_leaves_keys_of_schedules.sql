-- As before, and without unique keys that are those of schedules: POST /jobs refuses them as well, because a job that has the key of a
-- schedule would keep it from firing.
create or replace function enqueue_job(
    job_type        text,
    payload         jsonb,
    queue           text        default 'default',
    run_at          timestamptz default null,
    delay_seconds   int         default 0,
    priority        int         default 5,
    unique_key      text        default null,
    unique_seconds  int         default 0,
    max_attempts    int         default 5,
    timeout_seconds int         default 300,
    key             text        default null,
    job_id          uuid        default gen_random_uuid()
) returns uuid language plpgsql as $$
declare
    wrong text;
begin
    wrong := case
        when job_type is null or job_type !~ '^[a-z][a-z0-9_.-]{0,63}$' then 'job_type: expected [a-z][a-z0-9_.-]{0,63}'
        when queue is null or queue !~ '^[a-z][a-z0-9_-]{0,31}$' then 'queue: expected the name of a declared queue'
        when payload is null then 'payload: expected JSON; null of JSON is ''null''::jsonb'
        when octet_length(payload::text) > 262144
            then 'payload: ' || octet_length(payload::text) || ' bytes of JSON, expected at most 262144'
        when run_at > timestamptz '9999-12-31 23:59:59.999+00' or run_at in ('infinity', '-infinity')
            then 'run_at: expected a time of the year 9999 at the latest'
        when delay_seconds is null or delay_seconds < 0 then 'delay_seconds: expected 0 or more'
        when run_at is not null and delay_seconds <> 0 then 'run_at and delay_seconds: expected one of them'
        when priority is null or priority not between 0 and 9 then 'priority: expected 0 to 9'
        when octet_length(unique_key) not between 1 and 512 or unique_key ~ '[[:cntrl:]]'
            then 'unique_key: expected 1 to 512 bytes without control characters'
        when starts_with(unique_key, 'schedule/') then 'unique_key: expected none that begins with schedule/'
        when unique_seconds is null or unique_seconds not between 0 and 2592000 or (unique_key is null and unique_seconds <> 0)
            then 'unique_seconds: expected 0 to 2592000, with unique_key alone'
        when max_attempts is null or max_attempts not between 1 and 100 then 'max_attempts: expected 1 to 100'
        when timeout_seconds is null or timeout_seconds not between 1 and 86400 then 'timeout_seconds: expected 1 to 86400'
        when octet_length(key) not between 1 and 128 or key ~ '[[:cntrl:]]'
            then 'key: expected 1 to 128 bytes without control characters'
        when job_id is null or job_id = '00000000-0000-0000-0000-000000000000' then 'job_id: expected an id that is not nil'
    end;
    if wrong is not null then
        raise exception 'enqueue_job: %', wrong using errcode = 'invalid_parameter_value';
    end if;
    insert into outbox (event_id, topic, record_key, type, source, subject, time, data)
    values (job_id, 'tailrace.job-commands', queue, 'job_enqueue_requested', '/tailrace/postgresql', queue, now(),
        jsonb_build_object(
            'command_id', job_id,
            'queue', queue,
            'payload', payload,
            'job', jsonb_build_object(
                'type', job_type,
                'priority', priority,
                'run_at', to_char(run_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'delay_seconds', delay_seconds,
                'unique_key', unique_key,
                'unique_seconds', unique_seconds,
                'max_attempts', max_attempts,
                'timeout_seconds', timeout_seconds,
                'key', key,
                'retry', jsonb_build_object('first_delay_ms', 2000, 'longest_delay_ms', 600000, 'give_up_on', '[]'::jsonb)))::text);
    -- Wakes the relay when the transaction commits.
    perform pg_notify('tailrace_outbox', '');
    return job_id;
end
$$;
