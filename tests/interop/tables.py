#!/usr/bin/python3
"""Checks by other programs what Cajal wrote: event files by protoc with TensorFlow's message definitions, safetensors by a decoder of its own, in NumPy.

  tables.py DIR    DIR holds board/ (event files), a.safetensors and expected.npz, which tables.cs wrote
"""
import glob
import json
import os
import struct
import subprocess
import sys
import zlib

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
folder = sys.argv[1]

TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ 0x82F63B78 if n & 1 else n >> 1
    TABLE.append(n)


def masked(data):
    crc = 0xFFFFFFFF
    for b in data:
        crc = TABLE[(crc ^ b) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        assert masked(data[at:at + 8]) == struct.unpack_from("<I", data, at + 8)[0]
        message = data[at + 12:at + 12 + length]
        assert masked(message) == struct.unpack_from("<I", data, at + 12 + length)[0]
        yield message
        at += length + 16


text = ""
for path in glob.glob(f"{folder}/board/*"):
    for message in records(path):
        done = subprocess.run(["protoc", "--decode=Event", f"-I{here}", f"{here}/event.proto"], input=message, capture_output=True, check=True)
        text += done.stdout.decode() + "----\n"
for wanted in ['file_version: "brain.Event:2"', 'tag: "train/loss"', "simple_value: 0.25", 'tag: "weights"', "num: 4", 'plugin_name: "text"', 'string_val: "hello"', 'op: "Linear"', 'name: "0/weight"', "encoded_image_string:", "step: 3"]:
    assert wanted in text, (wanted, text)
for line in text.splitlines():
    assert not line.strip().split(":")[0].isdigit(), f"a field that the definitions do not have: {line}"
print("event files: ok")

with open(f"{folder}/picture.png", "rb") as f:
    png = f.read()
assert png[:8] == b"\x89PNG\r\n\x1a\n"
at, rows = 8, b""
while at < len(png):
    (length,), kind = struct.unpack_from(">I", png, at), png[at + 4:at + 8]
    assert zlib.crc32(png[at + 4:at + 8 + length]) == struct.unpack_from(">I", png, at + 8 + length)[0]
    rows += png[at + 8:at + 8 + length] if kind == b"IDAT" else b""
    at += length + 12
assert zlib.decompress(rows) == bytes([0, 0, 128, 0, 255, 255])
print("png: ok")

with open(f"{folder}/a.safetensors", "rb") as f:
    data = f.read()
(length,) = struct.unpack_from("<Q", data)
header = json.loads(data[8:8 + length])
expected = np.load(f"{folder}/expected.npz")
codes = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "BOOL": "?"}
assert header.pop("__metadata__") == {"note": "größer"}
for name, entry in header.items():
    start, end = entry["data_offsets"]
    raw = data[8 + length + start:8 + length + end]
    if entry["dtype"] == "BF16":
        values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        values = np.frombuffer(raw, codes[entry["dtype"]])
    assert np.array_equal(values.reshape(entry["shape"]).astype("f8"), expected[name].astype("f8")), name
assert len(header) == len(expected.files)
print("safetensors: ok")
