#!/bin/sh
# The loop of lifecycle.ts with commands: choose → report → registry → serve → monitor → feedback → retrain → promote.
# `sh examples/lifecycle.sh [FOLDER]`; the folder is made, or a temporary one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
node="$here/../node_modules/node/bin/node"
[ -x "$node" ] || node=node
heddle() { "$node" "$here/../bin/heddle.js" "$@"; }
part() {
  name=$1
  shift
  "$node" "$here/lifecycle/$name.ts" "$@"
}
step() { printf '\n== %s\n' "$*"; }
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
cd "$folder"
folder=$(pwd)
export HEDDLE_REGISTRY="$folder/registry"

step 'collect: known.csv is the past, later.csv what is asked about, quarter.csv a new quarter of larger, dearer houses'
part tables "$here/data/ames.csv" .

step 'choose, train, evaluate, register'
heddle train known.csv --target price --budget-seconds 20 --budget-trials 12 --no-learning-curve --run run --register ames --alias champion

step 'report'
heddle report run

step 'serve'
# Not through the function: a signal should reach the server itself.
"$node" "$here/../bin/heddle.js" serve ames@champion --port 0 --log predictions.db --json > server.json 2> server.log &
server=$!
trap 'kill "$server" 2> /dev/null || true' EXIT
part wait server.json
url=$(part wait server.json url)
echo "$url"

step '1,000 requests for houses as they always were: no alarm'
part requests "$url" later.csv 1000 > /dev/null
sleep 1
heddle monitor ames@champion --log predictions.db

step 'the new quarter: an alarm that names the columns, and exit code 2'
sleep 1
since=$("$node" -p 'new Date().toISOString()')
part requests "$url" quarter.csv 500 > answers.csv
sleep 1
code=0
heddle monitor ames@champion --log predictions.db --since "$since" | tee alarms.txt || code=$?
heddle monitor ames@champion --log predictions.db --since "$since" > /dev/null || code=$?
[ "$code" -eq 2 ]
grep -q 'area' alarms.txt
grep -q 'Neighborhood' alarms.txt

step 'feedback: what the houses went for'
heddle feedback predictions.db --file answers.csv --author sales

step 'retrain while requests go on, promote'
part requests "$url" later.csv until-version-2 > traffic.csv &
traffic=$!
heddle retrain ames --data known.csv --log predictions.db --margin 0.01
# The client fails with the first request that does.
wait "$traffic"

step 'the server answers with the new version'
part requests "$url" quarter.csv 1
heddle registry history ames

kill -TERM "$server"
wait "$server"
trap - EXIT
step "done; all of it is in $folder"
