;; Says why on stderr and exits with code 3.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (data (i32.const 2048) "  the policy lost its way\n")
  (func $misbehave
    (call $print (i32.const 2) (i32.const 2048) (i32.const 26))
    (call $proc_exit (i32.const 3)))
)
