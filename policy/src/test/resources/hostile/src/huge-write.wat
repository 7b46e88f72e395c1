;; Writes from buffers that reach far behind its memory.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (call $print (i32.const 1) (i32.const 0) (i32.const -1))
    (call $print (i32.const 1) (i32.const 0) (i32.const 0x7fffffff))
    (call $print (i32.const 1) (i32.const -16) (i32.const 64))
    (drop (call $fd_write (i32.const 1) (i32.const 32) (i32.const 0x20000000) (i32.const 40))))
)
