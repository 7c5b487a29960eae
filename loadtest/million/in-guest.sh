#!/usr/bin/env bash
# Runs run.sh in a throw-away virtual machine that has no limit on open files, for those who may not raise theirs. Takes a launcher
# that knows `--mem SIZE --put FILE... --run SCRIPT [--timeout SECONDS]`: it boots a Linux with a JDK, puts the files into /app,
# runs the script there and prints what it prints.
#
#   GUEST=path/to/launcher CONNECTIONS=100000 ./in-guest.sh [MEMORY]
#
# Settings of run.sh are passed on. What the guest wrote comes back into $OUT.
set -euo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${GUEST:?expected the path of a launcher}"
out=${OUT:-$here/../out/million}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/run.sh" "$work/million.sh"
{
  echo "export SERVER_JAR=/app/parley.jar LOADTEST_JAR=/app/parley-loadtest.jar OUT=/app/out"
  for setting in CONNECTIONS SILENT HEARTBEAT EXPIRY HOLD MESSAGES INTERVAL DIRECT RATE CONNECT_RATE WINDOW DRAIN TIMEOUT PATIENCE \
    MAX_LAG METRICS PORTS WORKERS PER_PAIR SERVER_HEAP CLIENT_HEAP SERVER_GC CLIENT_GC SERVER_ON CLIENT_ON SERVER_ARGS CLIENT_ARGS; do
    [ -z "${!setting+set}" ] || printf 'export %s=%q\n' "$setting" "${!setting}"
  done
  echo 'sh /app/million.sh; code=$?'
  echo 'rm -rf /app/out/data; echo "-- files"; tar czf - -C /app out | base64; echo "-- end"; exit $code'
} >"$work/run.sh"
mkdir -p "$out"
"$GUEST" --mem "${1:-18G}" --timeout "${GUEST_TIMEOUT:-5400}" --put "${SERVER_JAR:-$here/../../target/parley.jar}" \
  --put "${LOADTEST_JAR:-$here/../target/parley-loadtest.jar}" --put "$work/million.sh" --run "$work/run.sh" |
  tee "$work/console.txt" | sed -u '/^-- files/,/^-- end/d'
sed '/^-- files/,/^-- end/d' "$work/console.txt" | tr -d '\r' >"$out/console.txt"
sed -n '/^-- files/,/^-- end/p' "$work/console.txt" | tr -d '\r' | sed '1d;$d' | base64 -d | tar xzf - -C "$out" --strip-components=1
