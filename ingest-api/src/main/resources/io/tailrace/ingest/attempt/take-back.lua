-- Takes an attempt back in all tallies: it was no failure. KEYS: the tallies.
for _, key in ipairs(KEYS) do
  local failures = tonumber(redis.call('HGET', key, 'failures') or '0') or 0
  if failures > 0 then
    redis.call('HSET', key, 'failures', tostring(math.max(0, failures - 1)), 'until', '0')
  end
end
return 0
