#!/bin/sh
# Holds a number of logged-in connections with heartbeats on one node, on one machine, and measures: connecting, a broadcast
# to all, direct messages between random pairs, an expiry, an orderly stop. Needs java, the two jars, Linux, and open files:
# `parley doctor --connections N` says what else. Every figure is printed, and lies in $OUT.
#
#   CONNECTIONS=100000 ./run.sh
#
# Any of these may be set:
here=$(cd "$(dirname "$0")" && pwd)
: "${CONNECTIONS:=1000000}"
: "${SERVER_JAR:=$here/../../target/parley.jar}"
: "${LOADTEST_JAR:=$here/../target/parley-loadtest.jar}"
: "${OUT:=$here/../out/million}"
: "${SILENT:=$((CONNECTIONS / 10))}"  # so many expire
: "${HEARTBEAT:=120s}"
: "${EXPIRY:=180s}"
: "${HOLD:=60s}"
: "${MESSAGES:=3}"                    # broadcasts
: "${INTERVAL:=20s}"                  # between them: longer than one takes
: "${DIRECT:=30s}"
: "${RATE:=0}"                        # direct messages a second; 0: 64 outstanding
: "${CONNECT_RATE:=0}"                # 0: as fast as the window allows
: "${WINDOW:=256}"
: "${DRAIN:=30s}"
: "${TIMEOUT:=60s}"                   # of one connect
: "${PATIENCE:=15m}"
: "${MAX_LAG:=1s}"
: "${PORTS:=4}"
: "${WORKERS:=1}"
: "${METRICS=http://127.0.0.1:8081}"    # of the node, read every second; empty: not at all
: "${PER_PAIR:=16000}"                # connections of one pair of source address and port
: "${SERVER_ON:=}"                    # a command before the node's java, such as "taskset 1"
: "${CLIENT_ON:=}"                    # and before the load test's
: "${SERVER_ARGS:=}"                  # further arguments of the node, such as "--set server.event-loops=1"
: "${CLIENT_ARGS:=}"                  # and of the load test, such as "--loops 1"
# Heaps, in MB: what a connection needs, with room for garbage, and the young generation.
: "${SERVER_HEAP:=$((192 + CONNECTIONS * 22 / 10240))}"
: "${CLIENT_HEAP:=$((96 + CONNECTIONS * 16 / 10240))}"
: "${SERVER_GC:=-XX:+UseParallelGC -XX:-UseAdaptiveSizePolicy -Xmn128m}"
: "${CLIENT_GC:=-XX:+UseParallelGC -XX:-UseAdaptiveSizePolicy -Xmn64m}"

fail() {
  echo "million: $*" >&2
  exit 2
}

version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
[ -n "$version" ] || fail "no java on the PATH"
flags="-Djava.util.concurrent.ForkJoinPool.common.parallelism=4"
[ "$version" -lt 24 ] || flags="$flags --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false"
[ "$version" -lt 25 ] || flags="$flags -XX:+UseCompactObjectHeaders"
[ "$version" -lt 22 ] || flags="$flags -XX:TrimNativeHeapInterval=5000"
export MALLOC_ARENA_MAX=2
[ -f "$SERVER_JAR" ] || fail "SERVER_JAR=$SERVER_JAR: no such file; ./parley builds it"
[ -f "$LOADTEST_JAR" ] || fail "LOADTEST_JAR=$LOADTEST_JAR: no such file; mvn -f loadtest/pom.xml package builds it"
ulimit -n "$(ulimit -Hn)"
files=$(ulimit -n)
[ "$files" = unlimited ] || [ "$files" -ge $((CONNECTIONS + 1000)) ] ||
  fail "open files: $files for each process, needed $((CONNECTIONS + 1000)); see docs/tuning.md"

mkdir -p "$OUT"
rm -rf "$OUT"/data "$OUT"/*.log "$OUT"/*.txt
first=8089 last=$((8089 + PORTS - 1)) ports=8089
for port in $(seq $((first + 1)) $last); do ports=$ports,$port; done
pairs=$(((CONNECTIONS + PER_PAIR - 1) / PER_PAIR))
sources=$(((pairs + PORTS - 1) / PORTS))
[ "$sources" -le 250 ] || fail "$sources source addresses: more PORTS, or more PER_PAIR, make them at most 250"

rss() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status" 2>/dev/null; }
meminfo() { sed -n "s/^$1:[^0-9]*\([0-9]*\) kB/\1/p" /proc/meminfo; }
sockets() { cat /proc/net/sockstat /proc/net/sockstat6 2>/dev/null | awk '/^TCP6?: inuse/ { n += $3 } END { print n }'; }

# Memory at one moment, in kB, as one line for the table and the kernel's caches for the file.
snapshot() {
  {
    echo "== $1"
    cat /proc/net/sockstat /proc/net/sockstat6 2>/dev/null
    grep -E '^(TCP|sock_inode_cache|filp|dentry|eventpoll|tw_sock|request_sock|skbuff|tcp_|kmalloc)' /proc/slabinfo 2>/dev/null
  } >>"$OUT/kernel.txt"
  line="$1: seconds $(($(date +%s) - began)) server $(rss "$server") generator $(rss "${client:-0}") slab $(meminfo Slab) available $(meminfo MemAvailable)"
  line="$line sockets $(sockets) tcp-pages $(sed -n 's/^TCP: .* mem \([0-9]*\)/\1/p' /proc/net/sockstat)"
  echo "memory $line"
  echo "$line" >>"$OUT/memory.txt"
}

# Waits until the generator's progress names a phase, of those in a pattern, or it has ended.
await_phase() {
  until grep -Eq "^($1) " "$OUT/generator.log" || ! kill -0 "$client" 2>/dev/null; do sleep 1; done
}

: >"$OUT/generator.log"
began=$(date +%s)
echo "million: $CONNECTIONS connections from $sources addresses to $PORTS ports, server heap $SERVER_HEAP MB, generator heap $CLIENT_HEAP MB, java $version, $(nproc) processors, $(uname -r)"
# shellcheck disable=SC2086 # flags are words
$SERVER_ON java $flags $SERVER_GC "-Xms${SERVER_HEAP}m" "-Xmx${SERVER_HEAP}m" -XX:+ExitOnOutOfMemoryError -XX:+StartAttachListener \
  "-Xlog:gc*:file=$OUT/server-gc.log:uptime" \
  -jar "$SERVER_JAR" serve --data "$OUT/data" --ws-port "$ports" \
  --set "gateway.max-connections=$((CONNECTIONS + 1000))" --set "gateway.max-connections-per-address=$((CONNECTIONS + 1000))" \
  --set "gateway.expiry=$EXPIRY" --set "gateway.heartbeat=$HEARTBEAT" --set "drain.grace=$DRAIN" $SERVER_ARGS >"$OUT/server.log" 2>&1 &
server=$!
trap 'kill $server ${client:-} 2>/dev/null' EXIT INT TERM
until grep -q 'open http' "$OUT/server.log"; do
  kill -0 "$server" 2>/dev/null || { cat "$OUT/server.log"; fail "the node did not start"; }
  sleep 1
done
snapshot "node started"

# shellcheck disable=SC2086
$CLIENT_ON java $flags $CLIENT_GC "-Xms${CLIENT_HEAP}m" "-Xmx${CLIENT_HEAP}m" -XX:+ExitOnOutOfMemoryError "-Xlog:gc*:file=$OUT/generator-gc.log:uptime" \
  -jar "$LOADTEST_JAR" scale -u "ws://127.0.0.1:$first-$last/acc" --sources "127.0.0.2-127.0.0.$((sources + 1))" -c "$CONNECTIONS" \
  --workers "$WORKERS" --connect-rate "$CONNECT_RATE" --window "$WINDOW" --timeout "$TIMEOUT" --heartbeat "$HEARTBEAT" --hold "$HOLD" \
  --messages "$MESSAGES" --interval "$INTERVAL" -d "$DIRECT" --rate "$RATE" --quiet 10s --silent "$SILENT" --patience "$PATIENCE" \
  --max-lag "$MAX_LAG" --until-stopped --server-pid "$server" --server-gc ${METRICS:+--admin-url $METRICS} $CLIENT_ARGS -o "$OUT" \
  >"$OUT/report.txt" 2>"$OUT/generator.log" &
client=$!
tail -n +1 -f "$OUT/generator.log" &
shown=$!
trap 'kill $server $client $shown 2>/dev/null' EXIT INT TERM

await_phase hold
snapshot "all connected"
await_phase broadcast
snapshot "held"
await_phase 'direct|quiet'
snapshot "after the broadcasts"
await_phase 'expire|await stop'
snapshot "after the direct messages"
await_phase 'await stop'
snapshot "after the expiry"
kill -TERM "$server"
stopping=$(date +%s)
wait "$server"
stopped=$?
echo "million: the node stopped with exit code $stopped after $(($(date +%s) - stopping)) s"
# Connections that do not hear of the node's end are no reason to wait on: interrupted, it reports what it has.
(sleep 60 && kill -TERM "$client") 2>/dev/null &
patient=$!
wait "$client"
measured=$?
kill "$patient" 2>/dev/null
snapshot "after the stop"
kill "$shown" 2>/dev/null

cat "$OUT/report.txt"
for process in server generator; do
  sed -n 's/.*Pause \([A-Z][a-z]*\).* \([0-9.]*\)ms$/\1 \2/p' "$OUT/$process-gc.log" | awk -v who="$process" '
    { n[$1]++; sum[$1] += $2; if ($2 > max[$1]) max[$1] = $2 }
    END { for (k in n) printf "pauses of the %s: %s %d, together %.1f s, longest %.0f ms\n", who, k, n[k], sum[k] / 1000, max[k] }'
done
echo "what the node logged as warning or error:"
grep -E ' (WARN|ERROR) ' "$OUT/server.log" | head -n 20
echo "million: the load test ended with $measured (0 clean, 1 something failed, 3 the generator was saturated: its speeds do not count, 130 it was interrupted a minute after the node's end)"
[ "$stopped" = 0 ] || exit 1
exit "$measured"
