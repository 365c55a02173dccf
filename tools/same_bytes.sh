#!/usr/bin/env bash
# Two builds must simulate the same port to the byte: same seed, same files, whatever compiler made them.
# usage: tools/same_bytes.sh RESULTS OTHER OUTCOMES    (appends one line for tools/tally.py to the file OUTCOMES)
# RESULTS and OTHER are results of GoogleTest; sim/testing.h: record_digest writes there what is compared.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '3p' "$0" >&2; exit 2; }
name='simulate: gcc and clang write the same bytes'
digests() { grep -o 'name="sha256" value="[0-9a-f]*"' "$1" | sort; }
mine=$(digests "$1")
other=$(digests "$2")
if [ "$mine" = "$other" ]; then
  printf 'passed\t%s\t\n' "$name" >>"$3"
else
  why="sha256 in $1 and $2 differ: Simulate.SameSeedSameBytes, Plants.SameSeedSameTruth"
  printf 'failed\t%s\t%s\n' "$name" "$why" >>"$3"
fi
