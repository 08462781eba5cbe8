"""COUNT messages as lines on stdout: pull.py COUNT"""

import sys

import zmq

context = zmq.Context()
sock = context.socket(zmq.PULL)
port = sock.bind_to_random_port("tcp://127.0.0.1")
print(f"bound tcp://127.0.0.1:{port}", file=sys.stderr, flush=True)
for _ in range(int(sys.argv[1])):
    sys.stdout.buffer.write(sock.recv() + b"\n")
sys.stdout.buffer.flush()
sock.close()
context.term()
