-- Says where the copy of a partition is, and begins a new one if there is none of this generation.
-- KEYS: the partition's hash. ARGV: generation, '1' to begin anew in any case.
-- Answers the offset to go on at, the leader epoch of the record before it (-1 if unknown), and 1 if a copy of another
-- generation was thrown away.
local partition, generation = KEYS[1], ARGV[1]
local at = redis.call('HMGET', partition, 'generation', 'next', 'epoch')
if at[1] == generation and at[2] and ARGV[2] ~= '1' then return { at[2], at[3] or '-1', 0 } end
local replaced = 0
if at[1] and at[1] ~= generation then replaced = 1 end
redis.call('DEL', partition)
redis.call('HSET', partition, 'generation', generation, 'next', '0')
return { '0', '-1', replaced }
