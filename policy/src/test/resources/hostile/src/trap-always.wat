;; Accepts its settings, then traps at every request.
(module
;; include imports.inc
;; include policy.inc
;; include always.inc

  (func $misbehave
    (unreachable))
)
