#!/usr/bin/env bash
# Two builds of the program must simulate the same port to the byte: same seed, same files, whatever compiler made them.
# usage: tools/same_bytes.sh PROGRAM OTHER OUTCOMES    (appends one line for tools/tally.py to the file OUTCOMES)
set -euo pipefail
[ $# -eq 3 ] || { sed -n '3p' "$0" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for number in 1 2; do
  "${!number}" simulate --size one-berth --days 7 --seed 3 --from 2026-10-19 --plant pin_fraud:1 --plant rip_off:2 \
    "$folder/$number" 2>"$folder/$number.log" || { cat "$folder/$number.log" >&2; exit 1; }
done
if diff -rq "$folder/1" "$folder/2" >"$folder/differences"; then
  printf 'passed\tsimulate: gcc and clang write the same bytes\t\n' >>"$3"
else
  head -n 5 "$folder/differences" >&2
  printf 'failed\tsimulate: gcc and clang write the same bytes\t%s\n' "$(head -n 1 "$folder/differences")" >>"$3"
fi
