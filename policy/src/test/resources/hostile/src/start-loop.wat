;; Accepts its settings, then never answers a request, whatever is in it.
(module
;; include imports.inc
;; include policy.inc
;; include always.inc

  (func $misbehave
    (loop $forever (br $forever)))
)
