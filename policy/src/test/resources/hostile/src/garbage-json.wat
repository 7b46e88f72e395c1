;; Answers with something that is not JSON.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (data (i32.const 2048) "certainly, go ahead")
  (func $misbehave
    (call $print (i32.const 1) (i32.const 2048) (i32.const 19))
    (call $proc_exit (i32.const 0)))
)
