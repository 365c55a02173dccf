#!/usr/bin/env bash
# Lays out what the release archive holds: what cmake installs, beside the libraries that the program found here, but
# those of the C library, which must be those of the system it runs on.
#   tools/archive_tree.sh BUILD_DIR TREE
set -euo pipefail
build=$(realpath -e "$1")
tree=$(realpath -m "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf "$tree"
cmake --install "$build" --prefix "$tree" --component Unspecified --strip >/dev/null
mkdir -p "$tree/lib/quaywatch" "$tree/share/doc/quaywatch/licences"
c_library='^(libc|libm|libdl|libpthread|librt|libresolv)\.so|^ld-linux'
ldd "$build/bin/quaywatch" | awk '$2 == "=>" {print $1, $3}' | while read -r soname path; do
  grep -qE "$c_library" <<<"$soname" && continue
  cp -L "$path" "$tree/lib/quaywatch/$soname"
  owner=$(dpkg-query -S "$(readlink -f "$path")" 2>/dev/null || dpkg-query -S "*/$(basename "$(readlink -f "$path")")")
  owner=${owner%%:*}
  cp -L "/usr/share/doc/$owner/copyright" "$tree/share/doc/quaywatch/licences/$owner"
done
# DT_RPATH, which the libraries inherit for what they need themselves; DT_RUNPATH would not reach them.
patchelf --force-rpath --set-rpath "\$ORIGIN/../lib/quaywatch" "$tree/bin/quaywatch"
install -m 0755 packaging/start "$tree/start"
install -m 0644 packaging/archive.md "$tree/README.md"
