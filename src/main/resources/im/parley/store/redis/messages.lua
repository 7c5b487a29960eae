
-- append: finds the first message of this sender and cid, or appends one.
-- KEYS head log cids members users
-- ARGV 1 reign (text), 2 candidate epoch (text), 3 sender and cid (two netstrings), 4 record (see Entry),
--      5 time (ms), 6.. users that are members of a direct conversation
-- Returns {'new', epoch, offset} or {'dup', epoch, offset, record}
local function append(keys, args)
  local head, log, cids = keys[1], keys[2], keys[3]
  local known = redis.call('HMGET', head, 'epoch', 'reign', 'joined')
  local epoch = epoch_of(head, known, args[1], args[2])
  local first = redis.call('HGET', cids, args[3])
  if first then
    local entry = redis.call('XRANGE', log, '0-' .. first, '0-' .. first)[1]
    if entry then return {'dup', epoch, first, entry[2][2]} end
  end
  if #args > 5 and not known[3] then
    for i = 6, #args do enter(keys[4], keys[5], args[i], '0', args[5], 0) end
    redis.call('HSET', head, 'joined', '1')
  end
  local offset = string.sub(redis.call('XADD', log, '0-*', 'm', args[4]), 3)
  redis.call('HSET', cids, args[3], offset)
  return {'new', epoch, offset}
end
register('append', append)

-- renew: gives the log a new epoch if it was last written in another reign.
-- KEYS head
-- ARGV 1 candidate epoch (text)
-- Returns the reign (text)
local function renew(keys, args)
  local known = redis.call('HMGET', keys[1], 'epoch', 'reign')
  if known[1] then epoch_of(keys[1], known, '', args[1]) end
  return reign_now()
end
-- Reading goes on while memory is used up.
register('renew', renew, {'allow-oom'})

-- page: a part of the log.
-- KEYS head log
-- ARGV 1 'after' or 'before', 2 offset, 3 limit
-- Returns {epoch or '', reign or '', first, head, then offset and record of each message, ascending}
local function page(keys, args)
  local known = redis.call('HMGET', keys[1], 'epoch', 'reign')
  local first, last = span(keys[1], keys[2])
  local answer = {known[1] or '', known[2] or '', integer(first), integer(last)}
  local edge, limit = tonumber(args[2]), tonumber(args[3])
  local entries = {}
  if args[1] == 'after' and edge < last and limit > 0 then
    local from = math.max(edge + 1, first)
    entries = redis.call('XRANGE', keys[2], '0-' .. integer(from), '+', 'COUNT', limit)
  elseif args[1] == 'before' and edge > first and limit > 0 then
    local to = math.min(edge - 1, last)
    local from = math.max(first, to - limit + 1)
    entries = redis.call('XRANGE', keys[2], '0-' .. integer(from), '0-' .. integer(to))
  end
  for _, entry in ipairs(entries) do
    answer[#answer + 1] = string.sub(entry[1], 3)
    answer[#answer + 1] = entry[2][2]
  end
  return answer
end
register('page', page, READS)

-- trim: raises the log's first offset, and removes what is below it and no longer needed to answer a
-- repeated send; a slice of both.
-- KEYS head log cids
-- ARGV 1 time below which messages go (ms), 2 messages to keep (0 for all), 3 time below which a cid may be
--      forgotten (ms), 4 most messages to look at
-- Returns {'1' when there is more to do, number of messages removed}
local function trim(keys, args)
  local head, log, cids = keys[1], keys[2], keys[3]
  local first, last, newest = span(head, log)
  if not newest then return {'0', '0'} end
  local age, count, forget, slice = tonumber(args[1]), tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local kept = first
  if count > 0 then kept = math.max(kept, last - count + 1) end
  local more = '0'
  if age > 0 then
    local old = redis.call('XRANGE', log, '0-' .. integer(kept), '+', 'COUNT', slice)
    for i, entry in ipairs(old) do
      local _, time = cid_and_time(entry[2][2])
      if time >= age then break end
      kept = tonumber(string.sub(entry[1], 3)) + 1
      if i == slice then more = '1' end
    end
  end
  if kept > first then redis.call('HSET', head, 'first', integer(kept)) end
  local gone, edge = {}, nil
  if kept > 1 then
    local oldest = redis.call('XRANGE', log, '-', '0-' .. integer(kept - 1), 'COUNT', slice)
    for i, entry in ipairs(oldest) do
      local cid, time = cid_and_time(entry[2][2])
      if time >= forget then break end
      gone[i] = cid
      edge = tonumber(string.sub(entry[1], 3)) + 1
      if i == slice then more = '1' end
    end
  end
  for i = 1, #gone, 500 do
    redis.call('HDEL', cids, unpack(gone, i, math.min(i + 499, #gone)))
  end
  if edge then redis.call('XTRIM', log, 'MINID', '0-' .. integer(edge)) end
  return {more, integer(kept - first)}
end
register('trim', trim)
