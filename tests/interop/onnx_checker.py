#!/usr/bin/python3
"""Checks by ONNX itself the models that Cajal's tests export: every layer, every architecture, and 8-bit networks.

  onnx_checker.py DIR    DIR holds *.onnx
"""
import glob
import os
import sys

import onnx

LEAST = 80

files = sorted(glob.glob(os.path.join(sys.argv[1], "*.onnx")))
assert len(files) >= LEAST, f"only {len(files)} models were exported"
for path in files:
    onnx.checker.check_model(onnx.load(path), full_check=True)

# The checker is awake: it refuses a model with an operator that does not exist.
broken = onnx.load(files[0])
broken.graph.node[0].op_type = "Tahn"
try:
    onnx.checker.check_model(broken, full_check=True)
except onnx.checker.ValidationError:
    print(f"onnx.checker {onnx.__version__}: {len(files)} exported models are valid")
else:
    sys.exit("onnx.checker accepts an unknown operator")
