;; Calls the host with names and a payload that lie behind its memory.
(module
;; include imports.inc
  (import "host" "call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (drop (call $host_call
      (i32.const -16) (i32.const 64)
      (i32.const 0x7ffffff0) (i32.const 0x7fffffff)
      (i32.const 0) (i32.const -1)
      (i32.const -1) (i32.const -1))))
)
