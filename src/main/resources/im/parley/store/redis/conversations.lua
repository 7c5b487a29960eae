
-- state: the conversation as one of its members sees it.
-- KEYS head log members
-- ARGV 1 user, 2 the user as a netstring, with which its own records begin
-- Returns {} when the user is no member, else
--         {epoch, reign, first, head, unread, delivered, read, then offset and record of the newest message}
local MOST_UNREAD, UNREAD_WINDOW, CHUNK = 1000, 10000, 250
local function state(keys, args)
  local me = member(keys[3], args[1])
  if not me then return {} end
  local known = redis.call('HMGET', keys[1], 'epoch', 'reign')
  local first, last, newest = span(keys[1], keys[2])
  local seen = math.max(me[3], me[5], last - UNREAD_WINDOW, first - 1)
  local unread, at = 0, last
  while at > seen and unread < MOST_UNREAD do
    local entries = redis.call('XREVRANGE', keys[2], '0-' .. integer(at), '0-' .. integer(seen + 1), 'COUNT', CHUNK)
    if #entries == 0 then break end
    for _, entry in ipairs(entries) do
      if string.sub(entry[2][2], 1, #args[2]) ~= args[2] then unread = unread + 1 end
    end
    at = at - #entries
  end
  local answer = {known[1] or '', known[2] or '', integer(first), integer(last),
    integer(math.min(unread, MOST_UNREAD)), integer(me[4]), integer(me[5])}
  if newest and last >= first then
    answer[8], answer[9] = integer(last), newest[2][2]
  end
  return answer
end
register('state', state, READS)

-- mark: moves a member's marks forward.
-- KEYS head log members
-- ARGV 1 user, 2 delivered (offset), 3 read (offset)
-- Returns {} when the user is no member, else {'1' when one moved or '0', delivered, read}
local function mark(keys, args)
  local me = member(keys[3], args[1])
  if not me then return {} end
  local _, last = span(keys[1], keys[2])
  local read = math.max(me[5], math.min(tonumber(args[3]), last))
  local delivered = math.max(read, me[4], math.min(tonumber(args[2]), last))
  if read == me[5] and delivered == me[4] then return {'0', integer(delivered), integer(read)} end
  redis.call('HSET', keys[3], args[1],
    table.concat({me[1], me[2], integer(me[3]), integer(delivered), integer(read)}, ' '))
  return {'1', integer(delivered), integer(read)}
end
register('mark', mark)

-- members: a page of the members in the order of their ids.
-- KEYS members users
-- ARGV 1 start as of ZRANGEBYLEX, 2 limit
-- Returns user and '<role> <since> <joined> <delivered> <read>' of each
local function members(keys, args)
  local found = redis.call('ZRANGEBYLEX', keys[2], args[1], '+', 'LIMIT', 0, args[2])
  local answer = {}
  for _, user in ipairs(found) do
    answer[#answer + 1] = user
    answer[#answer + 1] = redis.call('HGET', keys[1], user)
  end
  return answer
end
register('members', members, READS)
