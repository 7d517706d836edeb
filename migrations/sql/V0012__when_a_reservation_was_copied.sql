-- When the row was copied, by this server's clock. A refusal for want of a show has no show whose end could say when it may go.
alter table reservations add column copied_at timestamptz not null default now();
