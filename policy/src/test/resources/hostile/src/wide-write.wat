;; Writes 4 GiB to stdout in one call: 65,536 iovecs that all name the same 64 KiB.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (local $iovec i32)
    (local.set $iovec (i32.shl (memory.grow (i32.const 8)) (i32.const 16)))
    (loop $more
      (i32.store (local.get $iovec) (i32.const 65536))
      (i32.store offset=4 (local.get $iovec) (i32.const 65536))
      (local.set $iovec (i32.add (local.get $iovec) (i32.const 8)))
      (br_if $more (i32.lt_u (local.get $iovec) (i32.shl (memory.size) (i32.const 16)))))
    (drop (call $fd_write (i32.const 1) (i32.const 131072) (i32.const 65536) (i32.const 40))))
)
