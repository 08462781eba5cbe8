"""A PUSH of libzmq's that sends numbered lines, as killed_test.go has them,
without end.

pusher.py bind|connect ENDPOINT FIRST
"""
import itertools
import sys

import zmq

side, endpoint, first = sys.argv[1:]
sock = zmq.Context().socket(zmq.PUSH)
sock.sndhwm = 100
getattr(sock, side)(endpoint)
for n in itertools.count(int(first)):
    sock.send(b"%09d " % n + b"x" * 4000 + b".")
