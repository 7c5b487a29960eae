
-- create: makes a room with its members.
-- KEYS head room members users
-- ARGV 1 reign (text), 2 candidate epoch (text), 3 room, 4 name, 5 owner, 6 join policy (number),
--      7 time of creation (ms), 8 now (ms), 9.. first members
-- Returns 'made', 'there' when this owner's room is there, 'taken' when another's is
local function create(keys, args)
  local there = redis.call('HMGET', keys[2], 'room', 'owner')
  if there[1] then
    return (there[1] == args[3] and there[2] == args[5]) and 'there' or 'taken'
  end
  epoch_of(keys[1], redis.call('HMGET', keys[1], 'epoch', 'reign'), args[1], args[2])
  redis.call('HSET', keys[2], 'room', args[3], 'name', args[4], 'owner', args[5], 'policy', args[6], 'created', args[7])
  enter(keys[3], keys[4], args[5], '2', args[8], 0)
  for i = 9, #args do enter(keys[3], keys[4], args[i], '0', args[8], 0) end
  return 'made'
end
register('create', create)

-- room: what is known of a room.
-- KEYS room users
-- ARGV 1 room
-- Returns {} when there is none of that id, else {name, owner, policy, created, number of members}
local function room(keys, args)
  local found = redis.call('HMGET', keys[1], 'room', 'name', 'owner', 'policy', 'created')
  if found[1] ~= args[1] then return {} end
  return {found[2], found[3], found[4], found[5], integer(redis.call('ZCARD', keys[2]))}
end
register('room', room, READS)

-- enlist: names a room in a user's list, unless the list is full.
-- KEYS rooms of a user
-- ARGV 1 entry, 2 most entries (number)
-- Returns 1 or 0: whether it is named there
local function enlist(keys, args)
  if redis.call('ZSCORE', keys[1], args[1]) then return 1 end
  if redis.call('ZCARD', keys[1]) >= tonumber(args[2]) then return 0 end
  return redis.call('ZADD', keys[1], 0, args[1])
end
register('enlist', enlist)

-- join: adds members, who have the log up to now behind them.
-- KEYS head log room members users
-- ARGV 1 room, 2 now (ms), 3 most members (number), 4.. users
-- Returns {} when there is no such room, {'full'} when it would have too many members, else
--         {'room', then 1 or 0 for each user: whether it was none before}
local function join(keys, args)
  if redis.call('HGET', keys[3], 'room') ~= args[1] then return {} end
  local fresh = 0
  for i = 4, #args do fresh = fresh + 1 - redis.call('HEXISTS', keys[4], args[i]) end
  if fresh > 0 and redis.call('ZCARD', keys[5]) + fresh > tonumber(args[3]) then return {'full'} end
  local _, last = span(keys[1], keys[2])
  local answer = {'room'}
  for i = 4, #args do
    answer[#answer + 1] = enter(keys[4], keys[5], args[i], '0', args[2], last)
  end
  return answer
end
register('join', join)

-- Whether member `a` inherits the room rather than `b`: power, then time, then the log, then the id.
local function before(a, b)
  for _, field in ipairs({'role', 'since', 'joined'}) do
    if a[field] ~= b[field] then
      if field == 'role' then return a.role > b.role end
      return a[field] < b[field]
    end
  end
  return a.user < b.user
end

-- leave: removes a member; an owner's room passes on.
-- KEYS room members users
-- ARGV 1 room, 2 user
-- Returns 'none' when there is no such room, 'out' when the user was no member, else 'left'
local function leave(keys, args)
  local there = redis.call('HMGET', keys[1], 'room', 'owner')
  if there[1] ~= args[1] then return 'none' end
  if redis.call('HDEL', keys[2], args[2]) == 0 then return 'out' end
  redis.call('ZREM', keys[3], args[2])
  if there[2] ~= args[2] then return 'left' end
  local heir
  for _, user in ipairs(redis.call('ZRANGE', keys[3], 0, -1)) do
    local one = member(keys[2], user)
    local candidate = {user = user, role = tonumber(one[1]), since = tonumber(one[2]), joined = one[3]}
    if not heir or before(candidate, heir) then heir = candidate end
  end
  if heir then
    local one = member(keys[2], heir.user)
    redis.call('HSET', keys[2], heir.user,
      table.concat({'2', one[2], integer(one[3]), integer(one[4]), integer(one[5])}, ' '))
    redis.call('HSET', keys[1], 'owner', heir.user)
  end
  return 'left'
end
register('leave', leave)
