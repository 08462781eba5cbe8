"""Checks a REP that adds N to arrays against NumPy.

adder.py ENDPOINT N

Sends arrays of every dtype that is a number or a bool, of many shapes, and
compares what comes back with NumPy's own array + N: dtype, shape and values. An
integer N that the dtype can't hold is to be refused. The
dtype of the array is kept as in NumPy 2, which an older NumPy does not do for
arrays without dimensions; so N is given that dtype first where it is one.
"""
import itertools
import json
import sys

import numpy as np
import zmq

endpoint, n = sys.argv[1], json.loads(sys.argv[2])
np.seterr(all="ignore")
req = zmq.Context().socket(zmq.REQ)
req.connect(endpoint)

numbers = [f"{order}{kind}" for order in "<>" for kind in
           ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")]
dtypes = numbers + ["i1", "u1", "?", "b1", "|b1", "|i1", "|u1",
                    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                    "float16", "float32", "float64", "complex64", "complex128", "bool"]
shapes = [(), (0,), (1,), (7,), (2, 3), (2, 0, 3), (2, 3, 2), (1, 2, 1, 3), (2, 1, 2, 1, 2)]


def example(dtype, shape):
    """An array with the largest and the smallest value and random bits."""
    rng = np.random.default_rng(len(shape))
    size = int(np.prod(shape))
    bits = rng.integers(0, 256, size * dtype.itemsize, dtype=np.uint8)
    if dtype.kind == "b":
        bits &= 1
    array = np.frombuffer(bits.tobytes(), dtype=dtype).copy()
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        array[:2] = [limits.max, limits.min][:size]
    elif dtype.kind == "f":
        array[:6] = [np.finfo(dtype).max, np.inf, -np.inf, np.nan, -0.0, 0.1][:size]
    return array.reshape(shape)


def total(array):
    """array + n by the rules of NumPy 2, in native byte order."""
    native = array.astype(array.dtype.newbyteorder("="))
    keeps = array.dtype.kind in "fc" or array.dtype.kind in "iu" and isinstance(n, int)
    addend = native.dtype.type(n) if keeps else n
    return np.asarray(native + addend)


count = 0
for name, shape in itertools.product(dtypes, shapes):
    dtype = np.dtype(name)
    array = example(dtype, shape)
    req.send_multipart([name.encode(), json.dumps(shape).encode(), array.tobytes()])
    reply = req.recv_multipart()
    if dtype.kind in "iu" and isinstance(n, int) and not np.iinfo(dtype).min <= n <= np.iinfo(dtype).max:
        assert len(reply) == 1 and reply[0].startswith(b"error: "), (name, shape, reply)
        count += 1
        continue
    want = total(array)
    assert len(reply) == 3, (name, shape, reply)
    got = np.frombuffer(reply[2], dtype=reply[0].decode()).reshape(json.loads(reply[1]))
    assert got.dtype == want.dtype and got.dtype.isnative, (name, shape, reply[0], want.dtype)
    assert reply[0].decode() == str(want.dtype), (name, shape, reply[0])
    assert reply[1].decode() == json.dumps(shape), (name, shape, reply[1])
    assert np.array_equal(got, want, equal_nan=want.dtype.kind in "fc"), (name, shape, array, got, want)
    count += 1
print(count, "sums")
