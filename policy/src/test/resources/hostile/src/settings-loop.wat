;; Never comes back, not even when it is asked about its settings.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $forever (br $forever)))
)
