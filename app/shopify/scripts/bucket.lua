-- One shop's bucket of query points: take some, or settle a request that took some.
-- KEYS[1] hash: level, at (seconds), rate (points a second), capacity, seq
-- KEYS[2] sorted set of requests in flight, scored by when they began, "cost:seq:alone"
-- ARGV[1] "take", cost, part of the capacity to leave           -> seconds to wait, "0" when granted
-- ARGV[1] "settle", taken, used, available, capacity, rate      -> new level (negatives: not told)
local FORGET = 30        -- a request older than this lost its worker
local KEEP = 86400

local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000

local stored = redis.call('HMGET', KEYS[1], 'level', 'at', 'rate', 'capacity', 'seq')
local capacity = tonumber(stored[4]) or 2000
local rate = tonumber(stored[3]) or 100
local level = tonumber(stored[1]) or capacity
local at = tonumber(stored[2]) or now
local seq = tonumber(stored[5]) or 0

local function cost_of(member)
  return tonumber(string.match(member, '^[^:]+'))
end

local function refill()
  level = math.min(capacity, level + math.max(0, now - at) * rate)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - FORGET)) do
    level = math.min(capacity, level + cost_of(member))
    redis.call('ZREM', KEYS[2], member)
  end
end

local function save()
  redis.call('HSET', KEYS[1], 'level', level, 'at', now, 'rate', rate, 'capacity', capacity, 'seq', seq)
  redis.call('EXPIRE', KEYS[1], KEEP)
  redis.call('EXPIRE', KEYS[2], KEEP)
end

local function take(cost, leave)
  local need = math.min(capacity, cost + leave * capacity)
  if level < need then
    return (need - level) / rate
  end
  local alone = redis.call('ZCARD', KEYS[2]) == 0 and 1 or 0
  seq = seq + 1
  level = level - cost
  redis.call('ZADD', KEYS[2], now, cost .. ':' .. seq .. ':' .. alone)
  return 0
end

-- Returns whether nobody else was in flight from the request's start to its end.
local function land(taken)
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if cost_of(member) == taken then
      redis.call('ZREM', KEYS[2], member)
      level = level + taken
      return string.match(member, ':(%d+:%d)$') == seq .. ':1'
    end
  end
  return false
end

local function settle(taken, used, available, told_capacity, told_rate)
  local alone = land(taken)
  if told_capacity > 0 then capacity = told_capacity end
  if told_rate > 0 then rate = told_rate end
  level = math.min(capacity, level - used)
  if available >= 0 and (alone or available < level) then
    level = available
  end
  return level
end

local given = {}
for position = 2, #ARGV do given[position - 1] = tonumber(ARGV[position]) end
refill()
local answer
if ARGV[1] == 'take' then
  answer = take(given[1], given[2])
else
  answer = settle(given[1], given[2], given[3], given[4], given[5])
end
save()
return tostring(answer)
