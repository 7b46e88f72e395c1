;; Wants a table of 2 Gi elements before it starts.
(module
  (memory (export "memory") 1)
  (table 0x7fffffff funcref)
  (func (export "_start"))
)
