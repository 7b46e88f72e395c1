;; Traps by reading behind its memory, after a word on stderr.
(module
;; include imports.inc
;; include policy.inc
;; include on-marker.inc

  (data (i32.const 2048) "index out of range\n")
  (func $misbehave
    (call $print (i32.const 2) (i32.const 2048) (i32.const 19))
    (drop (i32.load (i32.const -4))))
)
