"""A REQ like the article's req_server.py: one array, one reply, the end.

requester.py bind|connect ENDPOINT
"""
import json
import sys

import numpy as np
import zmq

side, endpoint = sys.argv[1:]
req = zmq.Context().socket(zmq.REQ)
getattr(req, side)(endpoint)

matrix = np.asarray([[0, 1, 2], [2, 1, 0]])
req.send_multipart([str(matrix.dtype).encode(), json.dumps(matrix.shape).encode(), matrix.tobytes()])
print(f"Request:\n{matrix} sent")

dtype, shape, data = req.recv_multipart()
answer = np.frombuffer(data, dtype=dtype.decode())
answer.shape = json.loads(shape)
print(f"Reply:\n{answer} received")
