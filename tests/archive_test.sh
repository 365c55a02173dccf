#!/bin/sh
# The release archive in a tree that holds a C library and four commands, without a network and with 4 GB of address
# space: it starts with one command, shows findings and the map. Needs root; ends with 77 where it cannot be tried.
#   archive_test.sh quaywatch-VERSION-linux-amd64.tar.gz    the archive that is handed out
#   archive_test.sh BUILD_DIR                               what would be in it
set -eu
given=$(readlink -f "$1")
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" = 0 ] || skip "only root makes such a tree"
for tool in curl patchelf ip; do command -v $tool >/dev/null || skip "$tool is not here"; done
unshare --net --mount --pid --fork --kill-child mount -t proc proc /proc || skip "no namespace can be made here"
tree=$(mktemp -d)
trap 'rm -rf --one-file-system "$tree"' EXIT

# Of the machine only this: no library that the archive should have brought.
for program in /bin/sh /usr/bin/dirname /bin/cp /bin/mv /bin/rm; do
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
mkdir -p "$tree/etc" "$tree/usr/share" "$tree/opt" "$tree/tmp" "$tree/proc" "$tree/dev"
echo root:x:0:0:root:/root:/bin/sh >"$tree/etc/passwd"
cp -r /usr/share/zoneinfo "$tree/usr/share/"
if [ -d "$given" ]; then
  "$(dirname "$0")/../tools/archive_tree.sh" "$given" "$tree/opt/quaywatch-built"
else
  tar -xzf "$given" -C "$tree/opt"
fi

cat >"$tree/inside" <<'TEXT'
set -eu
ip link set lo up
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
ulimit -v 4194304
base=http://127.0.0.1:8420
get() { curl -sf -b "$1/tmp/cookies" "$base$2"; }
chroot "$1" /bin/sh -c 'exec /opt/quaywatch-*/start --sample' >"$1/tmp/out" 2>"$1/tmp/err" &
server=$!
i=0
until [ "$(curl -s -o /dev/null -w '%{http_code}' $base/ready)" = 200 ]; do
  i=$((i + 1))
  if [ $i -gt 900 ] || ! kill -0 "$server" 2>/dev/null; then cat "$1/tmp/out" "$1/tmp/err"; exit 1; fi
  sleep 0.1
done
megabytes() { awk "/$1/ {print int(\$2 / 1024)}" "$2/proc/$server/status"; }
echo "ready after $((i / 10)).$((i % 10)) s, peak $(megabytes VmHWM "$1") MB, address space $(megabytes VmPeak "$1") MB"
grep 'one-time password' "$1/tmp/out"
if [ -e "$1"/opt/quaywatch-*/share/quaywatch/console/index.html ]; then curl -sf $base/ | grep -q '<title>'; fi
password=$(sed -n 's/.*one-time password //p' "$1/tmp/out")
sign_in() {
  curl -sf -c "$1/tmp/cookies" -X POST $base/api/session -H 'Content-Type: application/json' \
    -d "{\"login\": \"admin\", \"password\": \"$2\"}" | sed -n 's/.*"csrf_token":"\([^"]*\)".*/\1/p'
}
token=$(sign_in "$1" "$password")
curl -sf -b "$1/tmp/cookies" -X PUT $base/api/session/password -H 'Content-Type: application/json' \
  -H "X-CSRF-Token: $token" -d "{\"current\": \"$password\", \"new\": \"harbour lights at midnight\"}" >/dev/null
sign_in "$1" "harbour lights at midnight" >/dev/null
get "$1" '/api/alerts?level=high,critical' | grep -q '"alert_id"'
get "$1" /api/map | grep -q '"kind":"block"'
kill "$server"
wait "$server"
TEXT
unshare --net --mount --pid --fork --kill-child sh "$tree/inside" "$tree"
echo "archive: starts with one command, no network, 4 GB"
