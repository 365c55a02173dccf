#!/usr/bin/env bash
# Builds the console (console/dist) and tests it. Quiet and instant when nothing changed since it last did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tools/console.sh [--build | --browser | --served PROGRAM]

Installs the packages of console/package-lock.json when it changed, builds console/dist, and runs the tests of its
logic. Needs Debian's nodejs (18 or later) and npm; the network only to install.

  --build     build only
  --browser   afterwards also open every page in Chromium (Debian: chromium-headless-shell or chromium); screenshots go
              to build/console
  --served    afterwards only walk a simulated week in Chromium, which PROGRAM (a built quaywatch) serves
  --help      this text
TEXT
}

mode=
case ${1-} in
  "") ;;
  --build | --browser) mode=$1 ;;
  --served)
    mode=$1
    QUAYWATCH_PROGRAM=$(realpath "${2:?--served needs a PROGRAM}")
    export QUAYWATCH_PROGRAM
    ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

for program in node npm; do
  command -v "$program" >/dev/null || { echo "error: no $program. On Debian: apt-get install nodejs npm" >&2; exit 1; }
done

stamps=console/node_modules/.quaywatch
log=build/console/build.log
[ "$mode" != --served ] || log=build/console/served.log
mkdir -p build/console

# What a step depends on, as one hash: the step is skipped while it is that of the last time it passed.
hash_of() {
  find "$@" -type f ! -path '*/node_modules/*' ! -name schema.ts -print0 | LC_ALL=C sort -z | xargs -0 sha256sum |
    sha256sum | cut -d' ' -f1
}
# run STEP HASH FILE COMMAND...: FILE is what the step makes; without it the step is done again.
is_done() { [ -e "$3" ] && [ "$(cat "$stamps.$1" 2>/dev/null || true)" = "$2" ]; }
run() {
  local step=$1 hash=$2 made=$3
  shift 3
  is_done "$step" "$hash" "$made" && return 0
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "error: the console failed at: $step; the whole log is $log" >&2
    exit 1
  fi
  printf '%s\n' "$hash" >"$stamps.$step"
}
in_console() { (cd console && "$@"); }

settings=(console/package.json console/package-lock.json console/tsconfig.json console/vite.config.ts
  console/vitest.config.ts console/licences.mjs)
template=tools/templates/detector/rule.yml  # which the editor of rules takes up
texts=data/texts  # which a Spanish page says for what the server gives in English
run install "$(hash_of console/package-lock.json)" console/node_modules in_console npm ci --no-audit --no-fund
built=$(hash_of "${settings[@]}" "$template" "$texts" console/src console/public console/index.html api/openapi.yaml)
run build "$built" console/dist/index.html in_console npm run build
[ "$mode" = --build ] && exit 0

tested=$(hash_of "${settings[@]}" "$template" "$texts" detectors/*/rule.yml console/src console/test api/openapi.yaml)
# results NAME: options of vitest that leave the cases for tools/tally.py in build/console/NAME.xml.
results() { printf '%s\n' --reporter=default --reporter=junit "--outputFile.junit=../build/console/$1.xml"; }
mapfile -t options < <(results unit)
run test "$tested" build/console/unit.xml in_console npm test -- "${options[@]}"
served=test/served.e2e.ts  # the one that needs the program
if [ "$mode" = --served ]; then
  mapfile -t options < <(results served)
  served_by="$tested $(hash_of "$QUAYWATCH_PROGRAM")"
  run served "$served_by" build/console/served.xml in_console npm run e2e -- "$served" "${options[@]}"
fi
[ "$mode" = --browser ] || exit 0
mapfile -t options < <(results browser)
run browser "$tested" build/console/browser.xml in_console npm run e2e -- --exclude "$served" "${options[@]}"
# As console/test/browser.ts reports it; a test that failed twice does not come to this line.
if grep -E '^".*" failed at http' "$log" >&2; then
  echo "browser tests passed only when tried again, as above: the page or the test is at fault; see $log" >&2
fi
