# Sourced by ./run and ./test: what a machine needs, and the two steps both share (install, configure + build).
# Silent and instant when nothing is missing. Progress goes to stderr; stdout belongs to the caller.
# shellcheck shell=bash

# Boost by its 1.81 packages: the unversioned ones are 1.74 on Debian 12, and the two cannot be installed together.
QUAYWATCH_PACKAGES=(
  g++ cmake ninja-build ccache mold python3 git ca-certificates tzdata pkg-config
  libboost1.81-dev libsimdjson-dev nlohmann-json3-dev libyaml-cpp-dev libtomlplusplus-dev libcli11-dev libfmt-dev
  libmimalloc-dev libsqlite3-dev libsodium-dev libzxcvbn-dev
  libminizip-dev libpugixml-dev libssl-dev libre2-dev libexpected-dev libhowardhinnant-date-dev zlib1g-dev
  libgtest-dev libgmock-dev librapidcheck-dev age minisign
  clang-14 libclang-rt-14-dev python3-venv
)
# The console. Elsewhere than in Debian nodejs brings its own npm, and the two packages exclude each other.
command -v npm >/dev/null || QUAYWATCH_PACKAGES+=(nodejs npm)

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Prints the packages of the list that are not installed, one a line.
missing_packages() {
  local installed
  # dpkg-query fails when one name is unknown to it and still prints the others.
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${QUAYWATCH_PACKAGES[@]}" 2>/dev/null || true)
  local package
  for package in "${QUAYWATCH_PACKAGES[@]}"; do
    grep -qxF "ii  $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# Installs what is missing, as root or through sudo. Elsewhere than on Debian the build itself says what it lacks.
setup_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "note: no apt here. Needed, under the names of Debian 12: ${QUAYWATCH_PACKAGES[*]}"
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] && return 0

  local command=(env DEBIAN_FRONTEND=noninteractive apt-get)
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing and there is no sudo; run as root:
  apt-get install --no-install-recommends ${missing[*]}"
    command=(sudo "${command[@]}")
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${command[@]}" update -q && "${command[@]}" install -y -q --no-install-recommends "${missing[@]}"; } \
      </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install them. Check the network and /etc/apt/sources.list (Debian 12 main is enough); try:
  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  rm -f "$log"
}

# ccache must be told that compiled headers (QUAYWATCH_PCH) are as good as what they were made of.
export CCACHE_SLOPPINESS=pch_defines,time_macros

# As many compilers as processors, fewer when memory is short: the largest source takes about 1.3 GB.
build_jobs() {
  local processors memory_kb by_memory
  processors=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo 2>/dev/null || true)
  by_memory=$(( ${memory_kb:-4000000} / 1400000 ))
  [ "$by_memory" -lt 1 ] && by_memory=1
  printf '%s\n' "$(( processors < by_memory ? processors : by_memory ))"
}

# Shows ninja's [12/80] on one line of a terminal; passes nothing on in a pipe.
show_progress() {
  if [ -t 2 ]; then
    awk '/^\[[0-9]+\/[0-9]+\]/ {printf "\r  %-14s", $1 > "/dev/stderr"; fflush("/dev/stderr")}
         END {printf "\r                \r" > "/dev/stderr"}'
  else
    cat >/dev/null
  fi
}

# build_preset PRESET [TARGET...]: configures and builds quietly into build/PRESET, log in build/PRESET/build.log.
build_preset() {
  local preset=$1 folder=build/$1 target
  shift
  local log=$folder/build.log options=() targets=()
  mkdir -p "$folder"
  command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  command -v mold >/dev/null && options+=(-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold)
  for target in "$@"; do targets+=(--target "$target"); done
  if ! { cmake --preset "$preset" "${options[@]}" \
      && cmake --build --preset "$preset" -j "$(build_jobs)" "${targets[@]}"; } 2>&1 | tee "$log" | show_progress; then
    grep -nE 'error|Error|FAILED' "$log" | head -n 40 >&2 || true
    tail -n 40 "$log" >&2
    say "error: the $preset build failed; the whole log is $log"
    return 1
  fi
}
