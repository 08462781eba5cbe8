"""Arrays as the serialisation example of PyZMQ's documentation sends them, and as files.

arrays.py send ENDPOINT DIR   a PUSH that sends the arrays of some types, and keeps them with np.save as DIR/000001.npy
                              and so on
arrays.py take ENDPOINT DIR   a PULL that receives arrays, and checks that they are those of DIR
"""
import pathlib
import sys

import numpy as np
import zmq


def send_array(socket, A, flags=0, copy=True, track=False):
    md = dict(dtype=str(A.dtype), shape=A.shape)
    socket.send_json(md, flags | zmq.SNDMORE)
    return socket.send(A, flags, copy=copy, track=track)


def recv_array(socket, flags=0, copy=True, track=False):
    md = socket.recv_json(flags=flags)
    msg = socket.recv(flags=flags, copy=copy, track=track)
    return np.frombuffer(memoryview(msg), dtype=md["dtype"]).reshape(md["shape"])


arrays = [np.arange(6).reshape(2, 3).astype(t) for t in ("?", "i1", ">i4", "u8", "f2", ">f8", "c8")]
arrays += [np.array(2.5), np.arange(100000.0)]
role, endpoint, folder = sys.argv[1:]
context = zmq.Context()
socket = context.socket(zmq.PUSH if role == "send" else zmq.PULL)
socket.connect(endpoint)
files = [pathlib.Path(folder, f"{i:06}.npy") for i in range(1, len(arrays) + 1)]
if role == "send":
    for array, file in zip(arrays, files):
        np.save(file, array)
        send_array(socket, array)
else:
    for file in files:
        want, got = np.load(file), recv_array(socket)
        assert got.dtype == want.dtype and got.shape == want.shape and got.tobytes() == want.tobytes(), file
    print(len(files))
context.destroy(linger=10000)  # an exit alone waits for nothing that is still to be sent
