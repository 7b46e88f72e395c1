;; Answers twice: JSON, and then JSON again.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (call $print (i32.const 1) (i32.const 1056) (i32.const 17)))
)
