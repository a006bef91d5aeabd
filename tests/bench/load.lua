-- Sends the requests of a file, each ended by a zero byte, round and round, and tells what it saw as JSON.
-- Each thread has a port of its own, as a proxy shares its connections between processes.
-- What stands in them for a form's own key is a new one each time: LOAD_ONCE, 22 characters, of which no two are sent.
local started = 0

function setup(thread)
  local ports = {}
  for port in os.getenv("LOAD_PORTS"):gmatch("%d+") do ports[#ports + 1] = port end
  thread.addr = wrk.lookup("127.0.0.1", ports[started % #ports + 1])[1]
  thread:set("skipped", started)
  started = started + 1
end

function init(arguments)
  local file = assert(io.open(os.getenv("LOAD_REQUESTS"), "rb"))
  requests = {}
  for one in file:read("*a"):gmatch("%Z+") do requests[#requests + 1] = one end
  file:close()
  once, run, sent = os.getenv("LOAD_ONCE"), os.getenv("LOAD_RUN"), 0
  keyed = requests[1]:find(once, 1, true) ~= nil
  -- Threads begin apart, so that they do not ask for the same thing at the same time.
  at = math.floor(#requests * skipped / 2)
end

function request()
  at = at % #requests + 1
  if not keyed then return requests[at] end
  sent = sent + 1
  return (requests[at]:gsub(once, string.format("%s%d%09d", run, skipped, sent)))
end

function done(summary, latency)
  local seen = {}
  for place = 1, #latency do
    local value, count = latency(place)
    seen[place] = string.format("[%d,%d]", tonumber(value), tonumber(count))
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"latency":[%s]}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, table.concat(seen, ",")))
end
