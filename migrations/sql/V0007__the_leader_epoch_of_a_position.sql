-- After an unclean election other records may stand at offsets that were applied. The leader epoch of the last record that
-- was applied lets a worker find that out, also one that was started since (KIP-320). Null: not known.
alter table projection_positions add column leader_epoch int check (leader_epoch >= 0);
