-- How many tokens a person has taken is counted from the jobs of their answers, whose key is the person.
create index jobs_of_answers on jobs (limit_key, enqueued_at desc) where type = 'answer';
