;; Imports a function that no host has.
(module
;; include imports.inc
  (import "env" "foo" (func $foo (param i32) (result i32)))
;; include policy.inc
;; include on-marker.inc

  (func $misbehave)
)
