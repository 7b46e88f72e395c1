;; Calls itself until something gives.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $deeper (param $depth i32) (result i32)
    (i32.add (i32.const 1) (call $deeper (i32.add (local.get $depth) (i32.const 1)))))
  (func $misbehave
    (drop (call $deeper (i32.const 0))))
)
