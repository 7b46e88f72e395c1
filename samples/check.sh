#!/bin/sh
# Tests the samples' sources and that each committed policy.wasm is what build.sh makes of them, plus
# the metadata section at its end. Says what it leaves out for want of a compiler.
#
# usage: samples/check.sh
# exit codes: 0 all that could be checked is right, 1 something is wrong
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

wrong() {
  echo "samples/check.sh: $*" >&2
  failed=1
}

for file in main.go main_test.go; do
  for sample in pod-defaults raw-quota; do
    cmp -s "required-labels/$file" "$sample/$file" || wrong "$sample/$file differs from required-labels/$file"
  done
done

if command -v go >/dev/null; then
  for sample in required-labels pod-defaults raw-quota unique-ingress-hosts; do
    [ -z "$(gofmt -l "$sample")" ] || wrong "$sample is not formatted: gofmt -w samples/$sample"
    (cd "$sample" && GOWORK=off GOTOOLCHAIN=local go vet . && GOWORK=off GOTOOLCHAIN=local go test .) ||
      wrong "the tests of $sample failed"
  done
else
  echo "left out: Go tests (no go)"
fi

for file in json.c json.h; do
  cmp -s "no-latest-tag/$file" "team-label/$file" || wrong "team-label/$file differs from no-latest-tag/$file"
done

if command -v clang-14 >/dev/null; then
  for sample in no-latest-tag team-label; do
    (cd "$sample" && clang-14 -std=c11 -D_POSIX_C_SOURCE=200809L -g -Wall -Wextra -Werror \
      -fsanitize=address,undefined -fno-sanitize-recover -o "$work/policy_test" policy_test.c json.c &&
      ASAN_OPTIONS=detect_leaks=0 "$work/policy_test") || wrong "the tests of $sample failed"
  done
else
  echo "left out: C tests (no clang-14)"
fi

for sample in required-labels pod-defaults raw-quota unique-ingress-hosts no-latest-tag team-label; do
  code=0
  ./build.sh "$sample" "$work/$sample.wasm" || code=$?
  case $code in
    0)
      size=$(wc -c < "$work/$sample.wasm")
      head -c "$size" "$sample/policy.wasm" | cmp -s - "$work/$sample.wasm" ||
        wrong "$sample/policy.wasm is not built from this source: see samples/README.md, \"Build\""
      ;;
    3) echo "left out: whether $sample/policy.wasm is built from this source" ;;
    *) wrong "$sample does not build" ;;
  esac
done
exit "$failed"
