;; Asks for 4 GiB of random bytes, then for 2 GiB.
(module
;; include imports.inc
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (drop (call $random_get (i32.const 0) (i32.const -1)))
    (drop (call $random_get (i32.const 0) (i32.const 0x7fffffff))))
)
