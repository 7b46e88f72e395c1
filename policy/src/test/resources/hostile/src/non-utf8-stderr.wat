;; Answers well, but writes to stderr what is not UTF-8.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (data (i32.const 2048) "\ff\fe")
  (func $misbehave
    (call $print (i32.const 2) (i32.const 2048) (i32.const 2)))
)
