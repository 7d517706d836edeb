-- Reads the seats of a show that are not free, with the offset that this is true at.
-- KEYS: the partition's hash, the show's hash. ARGV: generation, the show's mark.
-- Answers the offset, the offset of the show's last change (empty if no seat of it was ever taken), and the show's hash as
-- one text of names and values joined by spaces: as a list, the hundred thousands of replies of a large show take the reader
-- longer than it waits for Redis. Or nothing if there is no copy that can be used.
local at = redis.call('HMGET', KEYS[1], 'generation', 'next', 'ready', ARGV[2])
if at[1] ~= ARGV[1] or not at[2] or at[3] ~= '1' then return {} end
-- No seat of it was ever taken.
if not at[4] then return { at[2], '', '' } end
if redis.call('HGET', KEYS[2], 'next') ~= at[4] then
  -- The show's hash was lost. Without the partition's hash, the projections make all of it again.
  redis.call('DEL', KEYS[1])
  return {}
end
return { at[2], at[4], table.concat(redis.call('HGETALL', KEYS[2]), ' ') }
