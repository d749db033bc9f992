-- One shop's bucket of query points: take some, or settle a request that took some.
-- KEYS[1] hash: level, at (seconds), rate (points a second), capacity, seq, spent (ever)
-- KEYS[2] sorted set of requests in flight, scored by when they began, "cost:seq:spent by then"
-- ARGV[1] "take", cost, part of the capacity to leave           -> seconds to wait, "0" when granted
-- ARGV[1] "settle", taken, used, available, capacity, rate      -> new level (negatives: not told)
local FORGET = 30        -- a request older than this lost its worker
local KEEP = 86400

local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000

local stored = redis.call('HMGET', KEYS[1], 'level', 'at', 'rate', 'capacity', 'seq', 'spent')
local capacity = tonumber(stored[4]) or 2000
local rate = tonumber(stored[3]) or 100
local level = tonumber(stored[1]) or capacity
local at = tonumber(stored[2]) or now
local seq = tonumber(stored[5]) or 0
local spent = tonumber(stored[6]) or 0

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
  redis.call('HSET', KEYS[1], 'level', level, 'at', string.format('%.6f', now), 'rate', rate,
    'capacity', capacity, 'seq', seq, 'spent', spent)
  redis.call('EXPIRE', KEYS[1], KEEP)
  redis.call('EXPIRE', KEYS[2], KEEP)
end

local function take(cost, leave)
  local need = math.min(capacity, cost + leave * capacity)
  if level < need then
    return (need - level) / rate
  end
  seq = seq + 1
  level = level - cost
  redis.call('ZADD', KEYS[2], string.format('%.6f', now), cost .. ':' .. seq .. ':' .. spent)
  return 0
end

-- Ends a request in flight. Returns what others used since it began, and what they may yet use.
local function land(taken)
  local meanwhile, flying, landed = 0, 0, false
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if not landed and cost_of(member) == taken then
      redis.call('ZREM', KEYS[2], member)
      level = level + taken
      meanwhile = spent - tonumber(string.match(member, '[^:]+$'))
      landed = true
    else
      flying = flying + cost_of(member)
    end
  end
  return meanwhile, flying
end

-- Shopify's count may include none or all of what others did during the request: the truth lies
-- between it and it less all of that. Our own count is kept within these bounds.
local function settle(taken, used, available, told_capacity, told_rate)
  local meanwhile, flying = land(taken)
  if told_capacity > 0 then capacity = told_capacity end
  if told_rate > 0 then rate = told_rate end
  spent = spent + used
  level = math.min(capacity, level - used)
  if available >= 0 then
    level = math.min(available, math.max(level, available - flying - meanwhile))
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
