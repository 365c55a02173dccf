#!/usr/bin/env bash
# Makes what is handed out: the Debian package and the archive that needs no installation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/setup.sh
. tools/setup.sh

usage() {
  cat <<'TEXT'
usage: tools/package.sh [--check] [--into DIR] [--preset NAME] [--sign KEYFILE]

Builds preset release (or NAME, to try the packaging) and the console, and makes in build/package (or DIR)

  quaywatch_VERSION_amd64.deb             program, console, rules, code lists, documents, service
  quaywatch-VERSION-linux-amd64.tar.gz    the same without the service, with its libraries: unpack, ./start
  SHA256SUMS

  --sign    also a NAME.minisig for each, with a secret key of minisign without a password (quaywatch keygen signature)
  --check   try both: the package on a machine made of this one (tests/package_test.py), the archive in an empty
            tree without a network and with 4 GB (tests/archive_test.sh). Needs root
  --help    this text
TEXT
}

check=
out=build/package
preset=release
signing_key=
while [ $# -gt 0 ]; do
  case $1 in
    --check) check=1 ;;
    --into) out=${2:?--into needs a folder}; shift ;;
    --preset) preset=${2:?--preset needs a name}; shift ;;
    --sign) signing_key=$(realpath -e "${2:?--sign needs a key file}"); shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

QUAYWATCH_PACKAGES+=(dpkg-dev file patchelf curl)
setup_packages
build_preset "$preset" quaywatch
tools/console.sh --build
[ -e console/dist/index.html ] || die "the console was not built; see build/console/build.log"
cmake --preset "$preset" >/dev/null  # sees the console
mkdir -p "$out"

cpack --config "build/$preset/CPackConfig.cmake" -G DEB -B build/package/work >build/package.log 2>&1 ||
  die "cpack failed; see build/package.log"
package=$(ls build/package/work/quaywatch_*_amd64.deb)
mv "$package" "$out/"
package=$out/$(basename "$package")
version=$(dpkg-deb -f "$package" Version)

name=quaywatch-$version-linux-amd64
tools/archive_tree.sh "build/$preset" "build/package/work/$name"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C build/package/work \
  -cf - "$name" | gzip -n9 >"$out/$name.tar.gz"
(cd "$out" && sha256sum "$(basename "$package")" "$name.tar.gz" >SHA256SUMS)
if [ -n "$signing_key" ]; then
  for made in "$package" "$out/$name.tar.gz" "$out/SHA256SUMS"; do
    "build/$preset/bin/quaywatch" sign-file "$made" --key "$signing_key" >/dev/null
  done
else
  rm -f "$out"/*.minisig  # of files that were here before
fi
say "made in $out:"
(cd "$out" && du -h -- *.deb *.tar.gz >&2)

if [ -n "$check" ]; then
  QUAYWATCH_PACKAGE=$package python3 tests/package_test.py "build/$preset" .
  tests/archive_test.sh "$out/$name.tar.gz"
fi
