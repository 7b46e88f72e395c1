;; Reads with a buffer of 4 GiB, then with 512 Mi buffers.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (i32.store (i32.const 32) (i32.const 0))
    (i32.store (i32.const 36) (i32.const -1))
    (drop (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)))
    (i32.store (i32.const 36) (i32.const 0x7fffffff))
    (drop (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)))
    (drop (call $fd_read (i32.const 0) (i32.const 32) (i32.const 0x20000000) (i32.const 40))))
)
