-- What the person is told by who is being erased: addresses, names and phone numbers, as JSON. Every step looks for them, also when the log has
-- forgotten the registration already, and in a process that was started in between. Gone with the person's id when the erasure is done.
alter table erasures add column texts text;
