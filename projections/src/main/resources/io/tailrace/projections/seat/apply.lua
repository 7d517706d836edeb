-- Applies a batch to the seat maps of one partition: all of it, or nothing.
-- KEYS: the partition's hash, then the hash of each show in the batch.
-- ARGV: generation, from, to, leader epoch, then for each show: its mark, how many seats, and so many pairs of seat and state ('' is free).
-- Answers 1 if it is applied, 0 if the partition is not at "from", -1 if the hash of a show was lost.
local partition, generation, from, to = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local at = redis.call('HMGET', partition, 'generation', 'next')
if at[1] ~= generation or at[2] ~= from then return 0 end

local known = {}
local arg = 5
for i = 2, #KEYS do
  known[i] = redis.call('HGET', partition, ARGV[arg])
  if known[i] and known[i] ~= redis.call('HGET', KEYS[i], 'next') then
    redis.call('DEL', partition)
    return -1
  end
  arg = arg + 2 + 2 * tonumber(ARGV[arg + 1])
end

arg = 5
for i = 2, #KEYS do
  -- Of an earlier life of the partition's hash: this one begins with the first record of the show.
  if not known[i] then redis.call('DEL', KEYS[i]) end
  redis.call('HSET', partition, ARGV[arg], to)
  redis.call('HSET', KEYS[i], 'next', to)
  local seats = tonumber(ARGV[arg + 1])
  for seat = arg + 2, arg + 2 * seats, 2 do
    if ARGV[seat + 1] == '' then
      redis.call('HDEL', KEYS[i], ARGV[seat])
    else
      redis.call('HSET', KEYS[i], ARGV[seat], ARGV[seat + 1])
    end
  end
  arg = arg + 2 + 2 * seats
end
redis.call('HSET', partition, 'next', to, 'epoch', ARGV[4])
return 1
