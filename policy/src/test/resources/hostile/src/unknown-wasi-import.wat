;; Imports a function that WASI preview 1 does not have.
(module
;; include imports.inc
  (import "wasi_snapshot_preview1" "sock_connect" (func $sock_connect (param i32 i32) (result i32)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave)
)
