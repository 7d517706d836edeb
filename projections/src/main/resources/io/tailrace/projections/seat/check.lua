-- Says whether the copy of a partition is where it was left, and that it may be used.
-- KEYS: the partition's hash. ARGV: generation, next, '1' if it is near the log's end.
local at = redis.call('HMGET', KEYS[1], 'generation', 'next')
if at[1] ~= ARGV[1] or at[2] ~= ARGV[2] then return 0 end
if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'ready', '1') end
return 1
