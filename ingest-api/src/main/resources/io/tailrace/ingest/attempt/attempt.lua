-- Counts an attempt in all tallies, or in none if one of them says to wait; as Tally does.
-- KEYS: the tallies. ARGV: for each of them failures without a pause, first pause, longest pause, window (milliseconds).
-- Answers how long to wait, milliseconds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = 0
for _, key in ipairs(KEYS) do
  local blocked = tonumber(redis.call('HGET', key, 'until') or '0')
  wait = math.max(wait, blocked - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local free, first, longest, window = unpack(ARGV, i * 4 - 3, i * 4)
  local seen = redis.call('HMGET', key, 'failures', 'at')
  local failures = tonumber(seen[1] or '0') or 0
  local at = tonumber(seen[2] or '0') or 0
  failures = math.max(0, failures - math.max(0, now - at) * free / window) + 1
  local pause = 0
  local over = math.floor(failures + 0.5) - free
  if over >= 0 then
    pause = math.min(tonumber(longest), first * 2 ^ math.min(40, over))
  end
  redis.call('HSET', key, 'failures', tostring(failures), 'at', string.format('%.0f', now),
    'until', string.format('%.0f', now + pause))
  redis.call('PEXPIRE', key, string.format('%.0f', window * math.max(1, math.ceil(failures / free)) + pause))
end
return 0
