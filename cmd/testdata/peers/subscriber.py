"""A SUB like the article's sub_client.py and sub_server.py.

subscriber.py bind|connect ENDPOINT CHANNEL
"""
import sys

import zmq

side, endpoint, channel = sys.argv[1:]
sub = zmq.Context().socket(zmq.SUB)
getattr(sub, side)(endpoint)
sub.setsockopt_string(zmq.SUBSCRIBE, channel)

while True:
    topic, value = sub.recv_string().split()
    print(f"Ch {topic} -> {value} received")
