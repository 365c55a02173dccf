#!/bin/sh
# The release archive in a tree that holds a C library, a shell and nothing else, without a network and with 4 GB of
# address space: it starts with one command and answers. Needs root.
#   archive_test.sh quaywatch-VERSION-linux-amd64.tar.gz
set -eu
archive=$(readlink -f "$1")
tree=$(mktemp -d)
trap 'rm -rf --one-file-system "$tree"' EXIT

# Of the machine only this: no library that the archive should have brought.
for program in /bin/sh /usr/bin/dirname /usr/bin/env; do
  mkdir -p "$tree$(dirname "$program")"
  cp -L "$program" "$tree$program"
  ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$tree$(dirname "$library")"
    cp -L "$library" "$tree$library"
  done
done
for library in libc.so.6 libm.so.6 ld-linux-x86-64.so.2; do
  path=$(ldconfig -p | awk -v name="$library" '$1 == name {print $NF; exit}')
  mkdir -p "$tree$(dirname "$path")"
  cp -L "$path" "$tree$path"
done
mkdir -p "$tree/usr/share" "$tree/opt" "$tree/tmp" "$tree/proc" "$tree/dev"
cp -r /usr/share/zoneinfo "$tree/usr/share/"
tar -xzf "$archive" -C "$tree/opt"

cat >"$tree/inside" <<'TEXT'
set -eu
ip link set lo up
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
ulimit -v 4194304
chroot "$1" /bin/sh -c 'exec /opt/quaywatch-*/start --sample' >"$1/tmp/out" 2>"$1/tmp/err" &
server=$!
i=0
until [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8420/ready)" = 200 ]; do
  i=$((i + 1))
  if [ $i -gt 300 ]; then cat "$1/tmp/out" "$1/tmp/err"; exit 1; fi
  sleep 0.1
done
echo "ready after $((i / 10)).$((i % 10)) s, peak $(awk '/VmHWM/ {print int($2 / 1024)}' "$1/proc/$server/status") MB"
grep 'one-time password' "$1/tmp/out"
curl -sf http://127.0.0.1:8420/ | grep -q '<title>'
password=$(sed -n 's/.*one-time password //p' "$1/tmp/out")
curl -sf -X POST http://127.0.0.1:8420/api/session -H 'Content-Type: application/json' \
  -d "{\"login\": \"admin\", \"password\": \"$password\"}" | grep -q csrf_token
kill "$server"
wait "$server"
TEXT
unshare --net --mount --pid --fork --kill-child sh "$tree/inside" "$tree"
echo "archive: starts with one command, no network, 4 GB"
