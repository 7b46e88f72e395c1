#!/bin/sh
# Builds the module of one sample, still without its metadata section. With the compilers pinned
# here the bytes are the same on every machine and in every folder.
#
# usage: samples/build.sh NAME OUT.wasm
# exit codes: 0 built, 1 build failed, 2 wrong usage, 3 the pinned compiler is not installed
set -eu

GO_VERSION=go1.26.8
DEBIAN_PACKAGES='clang-14=1:14.0.6-12 lld-14=1:14.0.6-12 libclang-rt-14-dev-wasm32=1:14.0.6-12
wasi-libc=0.0~git20220510.9886d3d-2'

fail() {
  code=$1
  shift
  echo "samples/build.sh: $*" >&2
  exit "$code"
}

build_go() {
  # Nothing of the caller's Go configuration may reach the module.
  unset GOFLAGS GOWASM GOEXPERIMENT GODEBUG GOFIPS140
  export GOENV=off GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0 GOOS=wasip1 GOARCH=wasm
  found=$(go env GOVERSION 2>/dev/null) || fail 3 "needs $GO_VERSION, found no go"
  [ "$found" = "$GO_VERSION" ] || fail 3 "needs $GO_VERSION, found $found"
  go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$out" . || fail 1 "go build failed for $name"
}

build_c() {
  for package in $DEBIAN_PACKAGES; do
    found=$(dpkg-query -W -f '${Version}' "${package%%=*}" 2>/dev/null) || found=none
    [ "$found" = "${package#*=}" ] || fail 3 "needs the Debian package $package, found $found"
  done
  clang-14 --target=wasm32-wasi -std=c11 -Oz -Wall -Wextra -Werror \
    -Wl,--strip-all -Wl,--stack-first -Wl,-z,stack-size=65536 \
    -o "$out" main.c json.c || fail 1 "clang failed for $name"
}

[ $# -eq 2 ] || fail 2 "usage: samples/build.sh NAME OUT.wasm"
name=$1
case $2 in
  /*) out=$2 ;;
  *) out=$PWD/$2 ;;
esac
cd "$(dirname "$0")/$name" || fail 2 "there is no sample called $name"

if [ -f go.mod ]; then
  build_go
elif [ -f main.c ]; then
  build_c
else
  fail 2 "there is no sample called $name"
fi
