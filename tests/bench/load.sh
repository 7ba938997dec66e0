#!/bin/sh
# A simulated host gives the same result at any load: main jobs in one process, eight at a time, at nice 10, beside two busy loops of other
# processes. None may fail, and each must give, message by message, what a quiet one gave.
# Usage: tests/bench/load.sh [JOBS], a hundred by default. Builds first. Ends with the test's verdict.
set -eu
cd "$(dirname "$0")/../.."
dotnet build tests/Simulation.Tests -v quiet
(while :; do :; done) & first=$!
(while :; do :; done) & second=$!
trap 'kill "$first" "$second"' EXIT
XDD_LOAD_JOBS=${1:-100} nice -n 10 dotnet test --project tests/Simulation.Tests --no-build --filter-class '*.LoadTests' --output Detailed
