"""Python's own msgpack and cbor2, beside the codecs of their names.

structured.py msgpack|cbor make   prints many values, each as the hexadecimal
                                  digits of its payload and, behind a space, as
                                  the text that the codec is to print
structured.py msgpack|cbor take   for each line of stdin, the digits of a payload
                                  that the codec made of the text behind them,
                                  prints what is wrong with it, or "right"
"""
import base64
import datetime
import decimal
import json
import random
import sys
import uuid

FORMAT, ROLE = sys.argv[1:]
if FORMAT == "msgpack":
    import msgpack

    SMALLEST, LARGEST = -2**63, 2**64 - 1

    def dumps(value):
        return msgpack.packb(value, datetime=True)

    def loads(payload):
        return msgpack.unpackb(payload, strict_map_key=False, timestamp=3)
else:
    import cbor2

    SMALLEST, LARGEST = -2**200, 2**200

    def dumps(value):
        return cbor2.dumps(value)

    def loads(payload):
        return cbor2.loads(payload)


def text(value):
    """The text form of value, as codec/value documents it."""
    if isinstance(value, dict):
        return "{" + ",".join(key(k) + ":" + text(v) for k, v in value.items()) + "}"
    if isinstance(value, (bytes, bytearray)):
        return text({"base64": base64.b64encode(value).decode()})
    if isinstance(value, datetime.datetime):
        return json.dumps(value.isoformat().replace("+00:00", "Z"))
    if isinstance(value, datetime.date):
        return json.dumps(value.isoformat())
    if isinstance(value, uuid.UUID):
        return json.dumps(str(value))
    if isinstance(value, decimal.Decimal):
        return str(value)
    if FORMAT == "msgpack" and isinstance(value, msgpack.ExtType):
        return text({"ext": value.code, "base64": base64.b64encode(value.data).decode()})
    if FORMAT == "cbor" and isinstance(value, cbor2.CBORTag):
        return '{"tag":%d,"value":%s}' % (value.tag, text(value.value))
    if FORMAT == "cbor" and isinstance(value, cbor2.CBORSimpleValue):
        return '{"simple":%d}' % value.value
    if FORMAT == "cbor" and value is cbor2.undefined:
        return "null"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def key(value):
    return json.dumps(value if isinstance(value, str) else text(value), ensure_ascii=False)


def given(text):
    """The value that the codec is given by a text."""
    def objects(pairs):
        members = dict(pairs)
        if list(members) == ["base64"] and isinstance(members["base64"], str):
            return base64.b64decode(members["base64"])
        if FORMAT == "msgpack" and list(members) == ["ext", "base64"]:
            return msgpack.ExtType(members["ext"], base64.b64decode(members["base64"]))
        if FORMAT == "cbor" and list(members) == ["tag", "value"]:
            return cbor2.CBORTag(members["tag"], members["value"])
        if FORMAT == "cbor" and list(members) == ["simple"]:
            return cbor2.CBORSimpleValue(members["simple"])
        return members
    return json.loads(text, object_pairs_hook=objects)


UTC = datetime.timezone.utc
ALPHABET = "abc XYZ09\"\\/\n\t\x01\u00e9\u65e5\U0001f600"
LENGTHS = [0, 1, 2, 3, 4, 8, 15, 16, 17, 23, 24, 31, 32, 255, 256, 65535, 65536]


def chosen():
    """Values at which something begins or ends."""
    for power in range(0, 70):
        for near in (-1, 0, 1):
            for sign in (-1, 1):
                number = sign * 2**power + near
                if SMALLEST <= number <= LARGEST:
                    yield number
    for length in LENGTHS:
        yield "x" * length
        yield b"\xff" * length
        yield [0] * length
        if length < 300:
            yield {str(i): i for i in range(length)}
            yield {i: None for i in range(length)}
    yield from (None, True, False, 0.0, -0.0, 1.5, 0.1, 1e16, 1e-5, 123456789.125, 5e-324, 1.7976931348623157e308, 65505.0, 2.0**-24)
    yield from (float("nan"), float("inf"), float("-inf"))
    yield from ({True: 1, None: 2, 1.5: 3, -7: 4, b"k": 5, (1, "a"): 6}, {"": {}}, [[[]]], {"base64": 1}, {"a": {"b": [1, {"c": None}]}})
    yield datetime.datetime(2013, 3, 21, 20, 4, tzinfo=UTC)
    yield datetime.datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    yield datetime.datetime(1, 1, 1, tzinfo=UTC)
    yield datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    if FORMAT == "msgpack":
        for length in LENGTHS:
            yield msgpack.ExtType(7, b"\x01" * length)
        yield msgpack.ExtType(127, b"")
        return
    yield datetime.datetime(2013, 3, 21, 20, 4, 0, 380841, tzinfo=UTC)
    yield uuid.UUID(int=2**127 + 12345)
    for digits in ("1.5", "1.50", "-0.001", "273.15", "1E+3", "1.5E-9", "123456789012345678901234567890.123", "0.000001", "0E-7", "7"):
        yield decimal.Decimal(digits)
    yield cbor2.CBORTag(4711, ["a", 1])
    yield cbor2.CBORTag(2**64 - 1, None)
    yield cbor2.CBORSimpleValue(99)
    yield cbor2.undefined
    yield from (2**3000, -2**3000)


def drawn(r, depth=4):
    kind = r.randrange(9 if depth else 7)
    if kind == 0:
        return r.choice((None, True, False))
    if kind == 1:
        return max(SMALLEST, min(LARGEST, r.choice((-1, 1)) * r.getrandbits(r.randrange(1, 100))))
    if kind == 2:
        return r.uniform(-1, 1) * 10.0**r.randrange(-300, 300)
    if kind == 3:
        return r.randrange(-1000, 1000) / 8
    if kind in (4, 5):
        return "".join(r.choices(ALPHABET, k=r.randrange(40)))
    if kind == 6:
        return r.randbytes(r.randrange(40))
    if kind == 7:
        return [drawn(r, depth - 1) for _ in range(r.randrange(6))]
    keys = ["".join(r.choices("abcdef", k=r.randrange(5))) if r.randrange(3) else r.randrange(1000) for _ in range(r.randrange(6))]
    return {k: drawn(r, depth - 1) for k in keys}


def same_bytes(value):
    """Whether the other side writes value as the codec does. cbor2 does not shorten floats in lists unless it sorts keys."""
    if FORMAT == "msgpack":
        return dumps(value)
    if isinstance(value, float):
        return cbor2.dumps(value, canonical=True)
    return None if "." in repr(value) or "nan" in repr(value) or "inf" in repr(value) else dumps(value)


if ROLE == "make":
    r = random.Random(7)
    for value in list(chosen()) + [drawn(r) for _ in range(1000)]:
        print(dumps(value).hex(), text(value))
    if FORMAT == "cbor":
        stamp = datetime.datetime(2013, 3, 21, 20, 4, 0, 500000, tzinfo=UTC)
        print(cbor2.dumps(stamp, datetime_as_timestamp=True).hex(), '"2013-03-21T20:04:00.5Z"')
        print(cbor2.dumps(datetime.date(2013, 3, 21), date_as_datetime=True, timezone=UTC).hex(), '"2013-03-21T00:00:00Z"')
        print(cbor2.dumps({1}).hex(), "[1]")
    print("end")
else:
    for line in sys.stdin:
        digits, _, want = line.rstrip("\n").partition(" ")
        payload, value = bytes.fromhex(digits), given(want)
        mine = same_bytes(value)
        if text(loads(payload)) != want:
            print("is", text(loads(payload)))
        elif mine is not None and mine != payload:
            print("would be", mine.hex())
        else:
            print("right")
