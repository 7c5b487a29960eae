#!lua name=LIBRARY
-- The Redis functions of the store. LIBRARY becomes a name made of this text, so that nodes of two versions
-- have functions of their own beside each other; what they keep must suit both.
-- The keys are described in RedisStore. Numbers are sent and kept as decimal text.

-- A fault inside a function is an answer of its own; an error reply would fail the whole pipeline.
local function register(name, work, flags)
  redis.register_function{
    function_name = 'LIBRARY_' .. name,
    callback = function(keys, args)
      local done, result = pcall(work, keys, args)
      if done then return result end
      return {'fault', type(result) == 'table' and tostring(result.err) or tostring(result)}
    end,
    flags = flags or {}
  }
end

local READS = {'no-writes'}

local function integer(number)
  return string.format('%.0f', number)
end

-- Which reign of which process this is: a primary draws its replication id when it starts and when it is
-- promoted, so a log that lost its end is always read under another one.
local function reign_now()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end

-- The epoch of the log. It becomes `candidate` with the first append of a log, and when the log was last
-- written in another reign. `known` is {epoch, reign} as they are stored, `reign` is the caller's belief.
local function epoch_of(head, known, reign, candidate)
  if known[1] and known[2] == reign then return known[1] end
  local actual = reign_now()
  if known[1] and known[2] == actual then return known[1] end
  redis.call('HSET', head, 'epoch', candidate, 'reign', actual)
  return candidate
end

-- The lowest offset left and the highest given out.
local function span(head, log)
  local first = tonumber(redis.call('HGET', head, 'first') or '1')
  local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  if not newest then return first, first - 1, nil end
  return first, tonumber(string.sub(newest[1], 3)), newest
end

-- The netstring of `record` at `at`, and where the next one begins.
local function netstring(record, at)
  local colon = string.find(record, ':', at, true)
  local next = colon + 1 + tonumber(string.sub(record, at, colon - 1))
  return string.sub(record, colon + 1, next - 1), next
end

-- The first two netstrings of a record, which name an entry of `cids`, and the third, its time.
local function cid_and_time(record)
  local _, second = netstring(record, 1)
  local _, third = netstring(record, second)
  return string.sub(record, 1, third - 1), tonumber((netstring(record, third)))
end

-- Makes `user` a member unless it is one; whether it was none.
local function enter(members, users, user, role, now, head)
  local added = redis.call('HSETNX', members, user, role .. ' ' .. now .. ' ' .. integer(head) .. ' 0 0')
  if added == 1 then redis.call('ZADD', users, 0, user) end
  return added
end

-- A member's {role, since, joined, delivered, read}, or nil.
local function member(members, user)
  local found = redis.call('HGET', members, user)
  if not found then return nil end
  local role, since, joined, delivered, read = string.match(found, '^(%d+) (%-?%d+) (%d+) (%d+) (%d+)$')
  return {role, since, tonumber(joined), tonumber(delivered), tonumber(read)}
end
