-- Where the channels of feeds ended when everything of a person was deleted, as JSON by partition. The erasure is done when the
-- broker has nothing before these offsets any more. Null until then, and for erasures that the version before has brought so far.
alter table erasures add column channel_ends text;
