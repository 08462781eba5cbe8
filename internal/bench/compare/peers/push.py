"""The lines of stdin as messages: push.py ENDPOINT"""

import sys

import zmq

context = zmq.Context()
sock = context.socket(zmq.PUSH)
sock.connect(sys.argv[1])
for line in sys.stdin.buffer:
    sock.send(line.rstrip(b"\n"))
sock.close()
context.term()
