"""Reads pickles as any receiver would, and checks what they hold.

Each line of stdin is a pickle and the JSON that it was made from, both in base64; the answer is "ok", or what is wrong.
"""
import base64, decimal, json, math, pickle, sys

sys.setrecursionlimit(20000)
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def number(text):
    x = float(text)
    return x if math.isfinite(x) else decimal.Decimal(text)


def plain(object):
    return base64.b64decode(object["base64"]) if list(object) == ["base64"] else object


def same(a, b):
    """Whether two values are equal and of the same types, in the same order."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    return repr(a) == repr(b)


for line in sys.stdin:
    pickled, text = map(base64.b64decode, line.split())
    want = json.loads(text.decode(), parse_float=number, object_hook=plain)
    got = pickle.loads(pickled)
    print("ok" if same(got, want) else ascii("%.200r is not %.200r" % (got, want)), flush=True)
