"""A PUB like the article's pub_server.py and pub_client.py.

publisher.py bind|connect ENDPOINT number|alphabet CHANNELS SECONDS
"""
import itertools
import string
import sys
import time

import zmq

side, endpoint, feed, channels, pause = sys.argv[1:]
pub = zmq.Context().socket(zmq.PUB)
getattr(pub, side)(endpoint)

for i in itertools.count(1):
    if feed == "alphabet":
        letter = string.ascii_lowercase[(i - 1) % 26]
        values = [letter, letter.upper()]
    else:
        values = [ch * i for ch in range(1, int(channels) + 1)]
    for ch, value in enumerate(values, 1):
        pub.send_string(f"{ch} {value}")
        print(f"Ch {ch} <- {value} sent")
    time.sleep(float(pause))
