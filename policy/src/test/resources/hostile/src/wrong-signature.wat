;; Imports a function of WASI preview 1 with parameters that it does not have.
(module
;; include imports.inc
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i64 i64) (result i64)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave)
)
