;; Wants 4 GiB of memory before it starts.
(module
  (memory (export "memory") 65536)
  (func (export "_start"))
)
