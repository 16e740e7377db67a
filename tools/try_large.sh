#!/usr/bin/env bash
# The large deployment on one machine, for trying out: PostgreSQL, a Spark cluster, and two web processes that ask it.
# tools/try_large.sh [FOLDER]; Ctrl-C ends all of it. Needs PostgreSQL, Java 17 and: pip install 'pathworth[spark,postgres]'
set -euo pipefail
folder=$(realpath -m "${1:-large}")
here=$(cd "$(dirname "$0")/.." && pwd)
pathworth=$here/.venv/bin/pathworth
[ -x "$pathworth" ] || pathworth=pathworth
mkdir -p "$folder"
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null || true; wait' EXIT INT TERM

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
owner=()
[ "$(id -u)" -ne 0 ] || owner=(setpriv --reuid=postgres --regid=postgres --clear-groups)
data=$folder/database
if [ ! -d "$data" ]; then
    mkdir -p "$data"
    [ "$(id -u)" -ne 0 ] || chown postgres "$data"
    chmod o+x "$folder"
    "${owner[@]}" "$bin/initdb" -D "$data" -A trust -U pathworth >/dev/null
fi
"${owner[@]}" "$bin/postgres" -D "$data" -h 127.0.0.1 -p 54399 -k /tmp >"$folder/database.log" 2>&1 &
until "$bin/pg_isready" -q -h 127.0.0.1 -p 54399; do sleep 0.2; done

shop=$folder/shop
if [ ! -d "$shop" ]; then
    "$bin/createdb" -h 127.0.0.1 -p 54399 -U pathworth shop
    "$pathworth" init "$shop" --database postgresql+psycopg://pathworth@127.0.0.1:54399/shop
    "$pathworth" import "$here/src/pathworth/run/data/ecom.csv.gz" -w "$shop"
fi
"$pathworth" cluster try "$folder/cluster" >"$folder/cluster.log" 2>&1 &
until grep -q "is up" "$folder/cluster.log" 2>/dev/null; do sleep 0.2; done
master=$(grep -o "spark://[^ ]*" "$folder/cluster.log" | head -1)
"$pathworth" cluster set "$master" -w "$shop" --from-events 0 --conf spark.cores.max=1
"$pathworth" cluster check -w "$shop" 2>/dev/null
"$pathworth" cluster build -w "$shop" 2>/dev/null
export PATHWORTH_CLUSTER=1
"$pathworth" serve -w "$shop" --port 8710 &
"$pathworth" serve -w "$shop" --port 8711 &
wait
