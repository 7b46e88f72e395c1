;; Writes to stderr without end.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (loop $more
      (call $print (i32.const 2) (i32.const 65536) (i32.const 65536))
      (br $more)))
)
