-- Whether a value has one of some texts in it, in any case. The texts have line breaks between them. For erasures, which look for a person in
-- the copies of jobs.
create function has_one_of(value text, texts text) returns boolean language sql immutable as $$
    select exists (
        select from unnest(string_to_array(texts, chr(10))) as t (part)
        where part <> '' and (strpos(value, part) > 0 or strpos(lower(value), lower(part)) > 0))
$$;
