;; Writes to stdout without end.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (loop $more
      (call $print (i32.const 1) (i32.const 65536) (i32.const 65536))
      (br $more)))
)
