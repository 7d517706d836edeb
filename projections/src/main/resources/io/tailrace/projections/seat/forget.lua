-- Forgets the seats of a show: its hash and what the partition's hash says about it, so that neither is missed.
-- KEYS: the partition's hash, the show's hash. ARGV: the show's mark. Answers 1 if there was something, else 0.
local marked = redis.call('HDEL', KEYS[1], ARGV[1])
return math.max(marked, redis.call('UNLINK', KEYS[2]))
