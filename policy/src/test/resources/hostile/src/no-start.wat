;; Is a fine module, but nothing that can be run: there is no _start.
(module
  (memory (export "memory") 1)
  (func (export "main"))
)
