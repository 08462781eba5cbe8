"""All that a publisher sends, as lines on stdout: sub.py ENDPOINT"""

import sys

import zmq

sock = zmq.Context().socket(zmq.SUB)
sock.subscribe(b"")
sock.connect(sys.argv[1])
while True:
    sys.stdout.buffer.write(sock.recv() + b"\n")
