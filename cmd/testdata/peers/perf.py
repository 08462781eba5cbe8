"""What libzmq's perf tools do, with the arguments that they take.

perf.py local_thr|remote_thr|local_lat|remote_lat ENDPOINT SIZE COUNT
"""
import sys

import zmq

tool, endpoint, size, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
types = {"local_thr": zmq.PULL, "remote_thr": zmq.PUSH, "local_lat": zmq.REP, "remote_lat": zmq.REQ}
context = zmq.Context()
sock = context.socket(types[tool])
if tool.startswith("local"):
    sock.bind(endpoint)
else:
    sock.connect(endpoint)


def take():
    message = sock.recv()
    assert len(message) == size, f"message of incorrect size {len(message)}"
    return message


for _ in range(count):
    if tool == "local_thr":
        take()
    elif tool == "remote_thr":
        sock.send(bytes(size))
    elif tool == "local_lat":
        sock.send(take())
    else:
        sock.send(bytes(size))
        take()
sock.close()
context.term()
print("done", count)
