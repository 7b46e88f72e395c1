;; Takes table elements, 64 Ki at a time; traps when there are no more.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (table $table 1 funcref)
  (func $misbehave
    (loop $more
      (if (i32.eq (table.grow $table (ref.null func) (i32.const 65536)) (i32.const -1))
        (then (unreachable)))
      (br $more)))
)
