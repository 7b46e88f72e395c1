"""Runs one module with wasmtime as Kubewarden does and prints what it costs, as JSON.

The module is compiled once and linked once; every evaluation has a new store and a new instance.
Input is a copy of the same bytes, output is read in full. The C API is called without the Python
layer above it where evaluations need it, as that layer would be measured too; a module that does
nothing shows what is left of it ("harness").

usage: wasmtime_worker.py MODULE STDIN on-demand|pooling WARM_UP_SECONDS SECONDS
"""

import ctypes
import importlib.metadata
import json
import resource
import sys
import time

import wasmtime
from wasmtime import _bindings as c

EMPTY = '(module (memory (export "memory") 1) (func (export "_start")))'
PAGE = 64 << 10
LARGEST_MEMORY = 2048 * PAGE
NO_FINALIZER = ctypes.cast(None, ctypes.CFUNCTYPE(None, ctypes.c_void_p))


def pooling(config):
    """The pooling allocator with slots for the largest module and few instances."""
    pool = c.wasmtime_pooling_allocation_config_new()
    c.wasmtime_pooling_allocation_config_total_core_instances_set(pool, 4)
    c.wasmtime_pooling_allocation_config_total_memories_set(pool, 4)
    c.wasmtime_pooling_allocation_config_total_tables_set(pool, 4)
    c.wasmtime_pooling_allocation_config_max_core_instance_size_set(pool, 16 << 20)
    c.wasmtime_pooling_allocation_config_max_memory_size_set(pool, LARGEST_MEMORY)
    c.wasmtime_pooling_allocation_config_table_elements_set(pool, 1 << 20)
    c.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, 4 << 20)
    c.wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 1 << 20)
    c.wasmtime_pooling_allocation_strategy_set(config.ptr(), pool)
    c.wasmtime_pooling_allocation_config_delete(pool)


class Program:
    """A module that is compiled and linked."""

    def __init__(self, engine, source):
        self.engine = engine
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        before = cpu()
        self.module = wasmtime.Module(engine, source)
        self.compile_seconds = cpu() - before
        self.linked = linker.instantiate_pre(self.module)
        self.output = bytearray()
        # Keeps the callback alive for as long as the program.
        self.write = ctypes.CFUNCTYPE(
            ctypes.c_ssize_t, ctypes.c_void_p, ctypes.POINTER(ctypes.c_ubyte), ctypes.c_size_t
        )(self._write)
        self.argv = (ctypes.c_char_p * 2)(b"policy.wasm", b"validate")

    def _write(self, _data, buffer, size):
        self.output += ctypes.string_at(buffer, size)
        return size

    def _wasi(self, stdin):
        config = c.wasi_config_new()
        argv = ctypes.cast(self.argv, ctypes.POINTER(ctypes.POINTER(ctypes.c_char)))
        c.wasi_config_set_argv(config, 2, argv)
        copy = c.wasm_byte_vec_t()
        c.wasm_byte_vec_new(ctypes.byref(copy), len(stdin), stdin)
        c.wasi_config_set_stdin_bytes(config, ctypes.byref(copy))
        c.wasi_config_set_stdout_custom(config, self.write, None, NO_FINALIZER)
        return config

    def evaluate(self, stdin):
        """One evaluation; gives back what the module wrote."""
        self.output.clear()
        store = wasmtime.Store(self.engine)
        c.wasmtime_context_set_wasi(store._context(), self._wasi(stdin))
        instance = self.linked.instantiate(store)
        try:
            instance.exports(store)["_start"](store)
        except wasmtime.ExitTrap as e:
            if e.code != 0:
                raise
        store.close()
        return bytes(self.output)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def times(program, stdin, seconds):
    """CPU of each evaluation in milliseconds, sorted; and the mean of all with what is between."""
    each = []
    end = time.monotonic() + seconds
    began = cpu()
    while time.monotonic() < end or not each:
        before = time.thread_time_ns()
        program.evaluate(stdin)
        each.append((time.thread_time_ns() - before) / 1e6)
    return sorted(each), 1000 * (cpu() - began) / len(each)


def percentile(ordered, percent):
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def main(module, stdin, allocator, warm_up, seconds):
    config = wasmtime.Config()
    if allocator == "pooling":
        pooling(config)
    engine = wasmtime.Engine(config)
    with open(stdin, "rb") as file:
        data = file.read()
    stdin = (c.wasm_byte_t * len(data)).from_buffer_copy(data)
    with open(module, "rb") as file:
        program = Program(engine, file.read())
    answer = json.loads(program.evaluate(stdin))
    times(program, stdin, float(warm_up))
    each, mean = times(program, stdin, float(seconds))
    harness, _ = times(Program(engine, wasmtime.wat2wasm(EMPTY)), stdin, min(1.0, float(seconds)))
    json.dump(
        {
            "wasmtime": importlib.metadata.version("wasmtime"),
            "allocator": allocator,
            "accepted": answer["accepted"],
            "evaluations": len(each),
            "compileCpuSeconds": program.compile_seconds,
            "cpu": {f"p{p}": percentile(each, p) for p in (50, 95, 99)},
            "processCpu": mean,
            "harnessCpuP50": percentile(harness, 50),
            "peakResidentBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
