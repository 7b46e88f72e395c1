;; Sleeps for four seconds in one host call.
(module
;; include imports.inc
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (i32.store8 (i32.const 2056) (i32.const 0)) ;; event type: clock
    (i32.store (i32.const 2064) (i32.const 1)) ;; monotonic
    (i64.store (i32.const 2072) (i64.const 4000000000)) ;; nanoseconds from now
    (drop (call $poll_oneoff (i32.const 2048) (i32.const 2112) (i32.const 1) (i32.const 40))))
)
