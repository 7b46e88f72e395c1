;; Never comes back from its start section, so that not even _start is reached.
(module
  (memory (export "memory") 1)
  (func $forever
    (loop $forever (br $forever)))
  (start $forever)
  (func (export "_start"))
)
