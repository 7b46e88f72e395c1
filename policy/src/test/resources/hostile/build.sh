#!/bin/sh
# Assembles the modules in this folder from src/. Needs wat2wasm (Debian package wabt 1.0.32).
set -eu
cd "$(dirname "$0")/src"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for source in *.wat; do
  name=${source%.wat}
  awk '/^;; include /{while ((getline line < $3) > 0) print line; close($3); next} {print}' \
    "$source" > "$work/$source"
  wat2wasm "$work/$source" -o "../$name.wasm"
done

echo 'This is a text file, whatever its name says.' > ../not-wasm.wasm
head -c 200 ../trap.wasm > ../truncated.wasm
# The preamble of the component model: version 13, layer 1.
printf '\000asm\015\000\001\000' > ../component.wasm
: > ../empty.wasm
