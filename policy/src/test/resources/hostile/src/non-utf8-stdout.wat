;; Answers with JSON that is not UTF-8.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (data (i32.const 2048) "{\"accepted\":true,\"message\":\"\ff\fe\"}")
  (func $misbehave
    (call $print (i32.const 1) (i32.const 2048) (i32.const 32))
    (call $proc_exit (i32.const 0)))
)
