#!/usr/bin/env bash
# Takes the pictures of docs/console.md anew: a simulated week served, each page opened in Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tools/pictures.sh PROGRAM

Has PROGRAM, a built quaywatch, serve a simulated week that has just ended, and writes docs/console/NAME.png, 1200 wide
and of 64 colours. Needs what tools/console.sh --browser needs.
TEXT
}

case ${1-} in
  "") usage >&2; exit 2 ;;
  --help | -h) usage; exit 0 ;;
esac
QUAYWATCH_PROGRAM=$(realpath "$1")
export QUAYWATCH_PROGRAM
tools/console.sh --build
(cd console && CONSOLE_PICTURES=1 npx vitest run --reporter=dot)
python3 tools/small_png.py docs/console/*.png
