"""The other side of the codecs: Python's own bytes of numbers and arrays.

values.py send ENDPOINT   a PUB that sends, for each line of stdin, the bytes or
                          list of bytes that the line gives as an expression
values.py take ENDPOINT   a SUB that checks, for each line of stdin, that the
                          next message is what the expression gives

In expressions i(7, 4, "little") is to_bytes, s("<d", 1.5) is struct.pack, and
a([[1, 2]], "int8") is an array's three frames, h([[1, 2]], "int8") the two frames
that the send_array of PyZMQ's documentation sends.
"""
import json
import struct
import sys

import numpy as np
import zmq


def i(value, size, order, signed=True):
    return value.to_bytes(size, order, signed=signed)


def s(form, value):
    return struct.pack(form, value)


def a(values, dtype):
    array = np.array(values, dtype=dtype)
    return [str(array.dtype).encode(), json.dumps(array.shape).encode(), array.tobytes()]


def h(values, dtype):
    array = np.array(values, dtype=dtype)
    return [json.dumps(dict(dtype=str(array.dtype), shape=array.shape)).encode(), array.tobytes()]


def frames(expression):
    value = eval(expression)
    return value if isinstance(value, list) else [value]


role, endpoint = sys.argv[1:]
context = zmq.Context()
if role == "send":
    pub = context.socket(zmq.XPUB)
    pub.connect(endpoint)
    pub.recv()
    for line in sys.stdin:
        pub.send_multipart(frames(line))
else:
    sub = context.socket(zmq.SUB)
    sub.connect(endpoint)
    sub.subscribe(b"")
    for line in sys.stdin:
        got, want = sub.recv_multipart(), frames(line)
        assert got == want, f"{got} is not {want}"
context.destroy(linger=10000 if role == "send" else 0)
