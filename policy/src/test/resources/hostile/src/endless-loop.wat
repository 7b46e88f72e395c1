;; Never comes back.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (func $misbehave
    (loop $forever (br $forever)))
)
