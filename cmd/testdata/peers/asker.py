"""A REQ that sends what it is told and shows what comes back.

asker.py bind|connect ENDPOINT

Each line of stdin is a request: a JSON list of frames, as text in which a
character is a byte. Each reply is such a line.
"""
import json
import sys

import zmq

side, endpoint = sys.argv[1:]
req = zmq.Context().socket(zmq.REQ)
getattr(req, side)(endpoint)
for line in sys.stdin:
    req.send_multipart([frame.encode("latin-1") for frame in json.loads(line)])
    print(json.dumps([frame.decode("latin-1") for frame in req.recv_multipart()]))
