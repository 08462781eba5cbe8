"""Payloads of Python's msgpack or cbor2, sent and taken through libzmq.

structured.py msgpack|cbor2 PUSH REQ PULL

Sends values to the first endpoint, shows the reply to [1, 2.5] from the second,
and checks that the third sends the same values.
"""
import importlib
import math
import sys

import zmq

module, *endpoints = sys.argv[1:]
library = importlib.import_module(module)
if module == "msgpack":
    dumps, loads = library.packb, lambda payload: library.unpackb(payload, strict_map_key=False)
else:
    dumps, loads = library.dumps, library.loads

values = [
    None, True, -1, 2**64 - 1, -2**63, 1.5, 0.1, -math.inf, "日本\n", b"\x00\xff", [], {},
    {"b": [1, {"c": None}], "a": b"", "": [[[]]]}, list(range(1000)),
]
context = zmq.Context()
push, req, pull = (context.socket(kind) for kind in (zmq.PUSH, zmq.REQ, zmq.PULL))
for socket, endpoint in zip((push, req, pull), endpoints):
    socket.connect(endpoint)
for value in values:
    push.send(dumps(value))
req.send(dumps([1, 2.5]))
print("sum", loads(req.recv()))
for value in values:
    got = loads(pull.recv())
    assert repr(got) == repr(value), f"{got!r} is not {value!r}"
print("the same")
context.destroy(linger=10000)
