"""A REP that reads messages with Google's own library and sends back what it makes
of them: their bytes, and before them their JSON.

protobufs.py ENDPOINT DESCRIPTORS MESSAGE COUNT
"""
import json
import sys

import zmq
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

endpoint, descriptors, name, count = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
with open(descriptors, "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)
Message = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName(name))

rep = zmq.Context().socket(zmq.REP)
rep.connect(endpoint)
for _ in range(int(count)):
    message = Message.FromString(rep.recv())
    shown = json_format.MessageToDict(message, descriptor_pool=pool)
    print(json.dumps(shown, ensure_ascii=False), flush=True)
    again = json_format.ParseDict(shown, Message(), descriptor_pool=pool)
    rep.send(again.SerializeToString())
rep.close()
