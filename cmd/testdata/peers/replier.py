"""A REP like the article's rep_client.py: one array, plus one, the end.

replier.py bind|connect ENDPOINT SECONDS
"""
import json
import sys
import time

import numpy as np
import zmq

side, endpoint, pause = sys.argv[1:]
context = zmq.Context()
rep = context.socket(zmq.REP)
getattr(rep, side)(endpoint)

dtype, shape, data = rep.recv_multipart()
matrix = np.frombuffer(data, dtype=dtype.decode())
matrix.shape = json.loads(shape)
print(f"Request:\n{matrix} received")

matrix = matrix + 1
time.sleep(float(pause))
rep.send_multipart([dtype, shape, matrix.tobytes()])
print(f"Reply:\n{matrix} sent")

# pyzmq does not wait for what is queued when the interpreter ends by itself.
rep.close()
context.term()
