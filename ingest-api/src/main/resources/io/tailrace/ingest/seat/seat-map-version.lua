-- Says which copy of a show's seats there is, without the seats.
-- KEYS: the partition's hash, the show's hash. ARGV: generation, the show's mark.
-- Answers the offset that it is true at and the offset of the show's last change, which is empty if no seat of it was ever
-- taken; or nothing if there is no copy that can be used.
local at = redis.call('HMGET', KEYS[1], 'generation', 'next', 'ready', ARGV[2])
if at[1] ~= ARGV[1] or not at[2] or at[3] ~= '1' then return {} end
if not at[4] then return { at[2], '' } end
if redis.call('HGET', KEYS[2], 'next') ~= at[4] then
  -- The show's hash was lost. Without the partition's hash, the projections make all of it again.
  redis.call('DEL', KEYS[1])
  return {}
end
return { at[2], at[4] }
