"""A PULL of libzmq's that prints each message as a line.

puller.py bind|connect ENDPOINT
"""
import sys

import zmq

side, endpoint = sys.argv[1:]
sock = zmq.Context().socket(zmq.PULL)
sock.rcvhwm = 100
getattr(sock, side)(endpoint)
while True:
    sys.stdout.buffer.write(sock.recv() + b"\n")
