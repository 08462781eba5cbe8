"""A socket of any type that does nothing.

talker.py bind|connect ENDPOINT TYPE
"""
import sys

import zmq

side, endpoint, kind = sys.argv[1:]
sock = zmq.Context().socket(getattr(zmq, kind))
getattr(sock, side)(endpoint)
print("ready")
sys.stdin.read()
