#!/bin/sh
# Builds the policies that only measurements use, to target/bench/policies/NAME.wasm, annotated.
# They are large because of their dependencies, which come from the Go module proxy.
#
# usage: bench/policies/build.sh [NAME…]   all of them by default
set -eu

here=$(cd -P "$(dirname "$0")" && pwd)
root=$(cd -P "$here/../.." && pwd)
out=$root/target/bench/policies
mkdir -p "$out"
[ $# -gt 0 ] || set -- cel kyverno namespaces steerable

# Nothing of the caller's Go configuration may reach the module.
unset GOFLAGS GOWASM GOEXPERIMENT GODEBUG GOFIPS140
export GOENV=off GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0

# Some dependencies use parts of the system that WASI does not have. Builds with copies of them in
# which the files of patch/MODULE/ stand in their places; writes the go.mod for it to $1.
patched() {
  cp go.mod "$1"
  cp go.sum "${1%.mod}.sum"
  for dependency in $(find patch -name '*.txt' -exec dirname {} \; | sed 's|^patch/||' | sed -E 's,^((github.com/[^/]+|[^/]+)/[^/]+).*,\1,' | sort -u); do
    copy=${1%.mod}/$dependency
    go mod download "$dependency"
    rm -rf "$copy"
    mkdir -p "$(dirname "$copy")"
    cp -R "$(go list -m -f '{{.Dir}}' "$dependency")" "$copy"
    chmod -R u+w "$copy"
    (cd "patch/$dependency" && find . -name '*.txt') | while read -r file; do
      cp "patch/$dependency/$file" "$copy/${file%.txt}"
    done
    go mod edit "-replace=$dependency=$copy" "$1"
  done
}

for name in "$@"; do
  cd "$here/$name" || {
    echo "bench/policies/build.sh: there is no policy called $name" >&2
    exit 2
  }
  module=$out/$name.wasm
  if [ -f "$module" ] && [ -z "$(find . "$here/build.sh" -newer "$module" -type f)" ]; then
    continue
  fi
  echo "building the policy $name …" >&2
  flags=
  if [ -d patch ]; then
    patched "$out/$name.mod"
    flags="-modfile=$out/$name.mod"
  fi
  # shellcheck disable=SC2086
  GOOS=wasip1 GOARCH=wasm go build -trimpath -buildvcs=false -ldflags '-s -w' $flags -o "$module.part" .
  "$root/warder" annotate "$module.part" -m metadata.yml -o "$module"
  rm "$module.part"
done
