/**
 * Everything that a breaker asks the server for, as one script: it is run whole or not at all, by the server's own clock,
 * and touches the keys of one breaker only. Its one argument is the request in JSON, and so is its answer.
 *
 * The keys: the fleet's circuit (hash), the nodes that are alive, those that have opened by themselves, and the half-open
 * slots that are lent (sorted sets by server time), the hands that isolate, and the failures that are shared (hashes).
 * Whatever is written gets a time to live. `epoch` grows with every change of the fleet's circuit; it is never lower than
 * the server's clock, so that it goes on growing after the server has lost its data. The token of a lease grows likewise,
 * and is lower than the next epoch, so that a lease from before a change is known by it. `resetEpoch` is that of the last
 * reset: whoever has held the circuit open since before it learns that this has ended.
 */
export const fleetScript = `
local circuit, nodes, votes, slots, holds, failures = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local request = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = 86400000
local answer, changed = {}, false

local function integer(number) return string.format('%.0f', number) end

local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, integer(ms)) end
end

-- A circuit keeps its name when the server loses its data, as long as somebody knows it.
local id = redis.call('HGET', circuit, 'id') or (request.known.id ~= '' and request.known.id) or request.member

-- What cannot be published is heard of by those who ask.
local function tell(news)
  news.name, news.id = request.name, id
  local reply = redis.pcall('PUBLISH', request.channel, cjson.encode(news))
  answer.refusal = type(reply) == 'table' and reply.err or nil
end

local saved = redis.call('HMGET', circuit, 'epoch', 'isOpen', 'due', 'wait', 'reopenings', 'reason', 'token',
  'resetEpoch')
local epoch = tonumber(saved[1] or 0)
local isOpen = saved[2] == '1'
local due, wait, reopenings = tonumber(saved[3] or 0), tonumber(saved[4] or 0), tonumber(saved[5] or 0)
local reason, token, resetEpoch = saved[6] or '', tonumber(saved[7] or 0), tonumber(saved[8] or 0)
-- After the server's clock went back, nothing lasts longer than a whole wait, or a whole lease, from now.
due = math.min(due, now + wait)

local function save()
  redis.call('HSET', circuit, 'epoch', integer(epoch), 'isOpen', isOpen and '1' or '0', 'due', integer(due),
    'wait', tostring(wait), 'reopenings', integer(reopenings), 'reason', reason, 'token', integer(token),
    'resetEpoch', integer(resetEpoch))
end

local function change()
  epoch = math.max(epoch + 1, token + 1, now)
  changed = true
  redis.call('DEL', slots)
  redis.call('HDEL', circuit, 'wantedBy')
  save()
end

local function open()
  isOpen, due, wait = true, now - request.age + request.wait, request.wait
  reopenings, reason = request.reopenings, request.reason
  change()
end

local function close()
  isOpen, due, wait, reopenings, reason = false, 0, 0, 0, ''
  redis.call('DEL', votes, failures)
  change()
end

local function isIsolated() return redis.call('HLEN', holds) > 0 end

local function hold(count)
  redis.call('HSET', holds, request.member, count)
end

local function quorum()
  return math.max(1, math.min(request.quorum, redis.call('ZCARD', nodes)))
end

local function slotOf(lease) return integer(lease) .. ':' .. request.member end

local function holdsSlot(lease)
  local score = redis.call('ZSCORE', slots, slotOf(lease))
  return score and tonumber(score) > now
end

local function isDue() return isOpen and due <= now and not isIsolated() end

local function lend(slot, ms)
  redis.call('ZADD', slots, integer(now + ms), slot)
  keep(slots, ms)
end

if request.op == 'leave' then
  if request.isLast then
    redis.call('ZREM', nodes, request.node)
    redis.call('ZREM', votes, request.node)
  end
else
  -- After a loss of data, those who have not come back yet are not to be missing from the quorum.
  if not redis.call('ZSCORE', nodes, request.node) then
    for _, node in ipairs(request.known.nodes) do
      redis.call('ZADD', nodes, 'NX', integer(now + request.alive), node)
    end
  end
  redis.call('ZADD', nodes, integer(now + request.alive), request.node)
  redis.call('ZREMRANGEBYSCORE', nodes, '-inf', integer(now))
  keep(nodes, request.alive)
end

-- A server that has lost its data learns from its clients what it knew.
local known = request.known
if known.epoch > epoch then
  epoch, isOpen, due, wait = known.epoch, known.isOpen, now + known.rest, known.wait
  reopenings, reason, resetEpoch = known.reopenings, known.reason, known.resetEpoch
  for _, holder in ipairs(known.holders) do redis.call('HSETNX', holds, holder, 1) end
  save()
  changed = true
end
if known.epoch == epoch and request.holds > 0 and redis.call('HEXISTS', holds, request.member) == 0 then
  hold(request.holds)
  close()
end

redis.call('ZREMRANGEBYSCORE', slots, '-inf', integer(now))
local op = request.op

if op == 'open' then
  if request.token and isOpen and holdsSlot(request.token) then
    open()
  -- One that is told once more by somebody who has missed its end is none.
  elseif not (request.isRetold and known.epoch < epoch) then
    redis.call('ZADD', votes, integer(now - request.age), request.node)
    redis.call('ZREMRANGEBYSCORE', votes, '-inf', '(' .. integer(now - request.window))
    keep(votes, request.window)
    if not isOpen and not isIsolated() and redis.call('ZCARD', votes) >= quorum() then open() end
  end
elseif op == 'close' then
  redis.call('ZREM', votes, request.node)
  if request.token and isOpen and holdsSlot(request.token) then close() end
elseif op == 'reset' then
  redis.call('DEL', holds)
  close()
  resetEpoch = epoch
  save()
elseif op == 'hold' then
  local before = redis.call('HGET', holds, request.member)
  if request.holds > 0 then
    hold(request.holds)
    if not before then close() end
  elseif before then
    redis.call('HDEL', holds, request.member)
    close()
  end
elseif op == 'fail' then
  local width = request.window / 10
  redis.call('HINCRBY', failures, integer(math.floor(now / width) * width) .. ':' .. request.node, request.count)
  keep(failures, request.window + width)
  local sum, nodeCount, seen = 0, 0, {}
  local all = redis.call('HGETALL', failures)
  for index = 1, #all, 2 do
    local beginning, node = string.match(all[index], '^(%d+):(.*)$')
    if math.abs(now - tonumber(beginning)) > request.window then
      redis.call('HDEL', failures, all[index])
    else
      sum = sum + tonumber(all[index + 1])
      if not seen[node] then nodeCount = nodeCount + 1 end
      seen[node] = true
    end
  end
  if not isOpen and not isIsolated() and sum >= request.threshold and nodeCount >= quorum() then
    redis.call('DEL', failures)
    open()
  end
elseif op == 'acquire' then
  if isDue() then
    local mine
    for _, slot in ipairs(redis.call('ZRANGE', slots, 0, -1)) do
      -- Lent already, but the answer was lost on its way.
      local lease, member = string.match(slot, '^(%d+):(.*)$')
      if member == request.member and not request.leases[lease] then mine = slot end
      if tonumber(redis.call('ZSCORE', slots, slot)) > now + request.ttl then lend(slot, request.ttl) end
    end
    if mine then
      answer.token = string.match(mine, '^%d+')
      lend(mine, request.ttl)
    elseif redis.call('ZCARD', slots) < request.trials then
      token = math.max(token + 1, epoch, now)
      save()
      redis.call('HDEL', circuit, 'wantedBy')
      answer.token = integer(token)
      lend(slotOf(token), request.ttl)
    else
      answer.retry = tonumber(redis.call('ZRANGE', slots, 0, 0, 'WITHSCORES')[2]) - now
      if request.isWanted then
        -- Told once; whoever has the slot asks for it, too.
        if redis.call('HSETNX', circuit, 'wantedBy', request.member) == 1 then tell({ wantedBy = request.member }) end
      end
    end
  end
elseif op == 'renew' then
  answer.kept = {}
  answer.wantedBy = redis.call('HGET', circuit, 'wantedBy') or nil
  for lease, ttl in pairs(request.leases) do
    local isFree = redis.call('ZCARD', slots) < request.trials
    if isDue() and tonumber(lease) >= epoch and (holdsSlot(tonumber(lease)) or isFree) then
      lend(slotOf(tonumber(lease)), ttl)
      answer.kept[lease] = ttl
    end
  end
elseif op == 'release' or op == 'leave' then
  local freed = 0
  for lease in pairs(request.leases) do freed = freed + redis.call('ZREM', slots, slotOf(tonumber(lease))) end
  if freed > 0 and not changed then tell({ isFree = true }) end
end

if op ~= 'leave' then redis.call('HSETNX', circuit, 'id', id) end
if op ~= 'leave' or epoch > 0 then keep(circuit, math.max(due - now, 0) + request.keep) end
if isIsolated() then keep(holds, day) end
-- As text: how precisely numbers are written is a setting that every script of a server can change.
answer.epoch, answer.resetEpoch = integer(epoch), integer(resetEpoch)
answer.isOpen, answer.wait, answer.reopenings, answer.reason = isOpen, wait, reopenings, reason
answer.id = id
answer.nodes = redis.call('ZREVRANGE', nodes, 0, request.quorum - 1)
answer.rest = isOpen and math.max(0, due - now) or 0
answer.holders = redis.call('HKEYS', holds)
if changed then tell(answer) end
answer.name = nil
return cjson.encode(answer)
`;
