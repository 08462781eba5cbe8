"""Pickles of many values in every protocol, with the text that each is to be shown as.

Writes lines of: what it is, TAB, the pickle in base64, TAB, the text. With a number as argument the values are random,
drawn with that seed. The last line is "end".
"""
import array, base64, collections, datetime, decimal, enum, fractions, io, ipaddress, json, math, pathlib, pickle, random, sys, types, uuid
import zoneinfo
import numpy as np


def text(v):
    """The JSON of a value, by rules of its own."""
    if v is None or isinstance(v, (bool, np.bool_)):
        return {None: "null", True: "true", False: "false"}[None if v is None else bool(v)]
    if isinstance(v, str):
        return string(v)
    if isinstance(v, np.ndarray):
        if v.dtype.kind == "U" or v.dtype.kind == "O":
            return text(v.tolist())
        return numbers(v)
    if isinstance(v, np.generic):
        return numbers(np.array(v))
    if isinstance(v, int):
        return str(int(v))
    if isinstance(v, float):
        return json.dumps(v)
    if isinstance(v, complex):
        return '"' + str(v).strip("()") + '"'
    if isinstance(v, (bytes, bytearray)):
        return '{"base64":"%s"}' % base64.b64encode(v).decode()
    if isinstance(v, datetime.datetime) or isinstance(v, datetime.date) or isinstance(v, datetime.time):
        return '"' + v.isoformat() + '"'
    if isinstance(v, datetime.timedelta):
        micros = (v.days * 86400 + v.seconds) * 10**6 + v.microseconds
        whole, part = divmod(abs(micros), 10**6)
        return ("-" if micros < 0 else "") + str(whole) + "." + (("%06d" % part).rstrip("0") or "0")
    if isinstance(v, decimal.Decimal):
        return "NaN" if v.is_nan() else str(v)
    if isinstance(v, (fractions.Fraction, uuid.UUID, pathlib.PurePath, datetime.tzinfo)) or hasattr(v, "max_prefixlen"):
        return string(str(v))
    if isinstance(v, dict):
        return "{" + ",".join(key(k) + ":" + text(x) for k, x in v.items()) + "}"
    if isinstance(v, array.array):
        return numbers(np.array(v))
    return "[" + ",".join(map(text, v)) + "]"


def key(k):
    return text(k) if isinstance(k, str) else string(text(k))


def string(s):
    out = ""
    for c in s:
        n = ord(c)
        if c in '"\\':
            out += "\\" + c
        elif c in "\n\r\t\b\f":
            out += {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}[c]
        elif n < 32 or 127 <= n < 160 or 0xD800 <= n <= 0xDFFF or n in (0x2028, 0x2029) or 0x202A <= n <= 0x202E or 0x2066 <= n <= 0x2069:
            out += "\\u%04x" % n
        else:
            out += c
    return '"' + out + '"'


def numbers(a):
    if a.ndim:
        return "[" + ",".join(numbers(np.asarray(a)[i, ...]) for i in range(len(a))) + "]"
    x = a[()]
    if a.dtype.kind in "b":
        return "true" if x else "false"
    if a.dtype.kind in "iu":
        return str(int(x))
    if a.dtype.kind == "f":
        return real(x)
    if a.dtype.kind == "S":
        return text(bytes(x))
    if a.dtype.kind == "U":
        return text(str(x))
    if a.dtype.kind == "M":
        if np.isnat(x):
            return "null"
        s = str(x)
        if np.datetime_data(a.dtype)[0] in "YMWD":
            return '"' + str(x.astype("M8[D]")) + '"'
        return '"' + (str(x.astype("M8[s]")) if np.datetime_data(a.dtype)[0] in ("h", "m") else s) + '"'
    if a.dtype.kind == "m":
        if np.isnat(x):
            return "null"
        nanos = int(x.astype("m8[ns]").astype("i8"))
        whole, part = divmod(abs(nanos), 10**9)
        return ("-" if nanos < 0 else "") + str(whole) + "." + (("%09d" % part).rstrip("0") or "0")
    if a.dtype.kind == "c":
        return '"' + pair(x) + '"'
    if a.dtype.kind == "V":
        return "{" + ",".join(string(n) + ":" + numbers(np.asarray(a[n])) for n in a.dtype.names) + "}"
    raise TypeError(a.dtype)


def real(x):
    f = float(x)
    if not math.isfinite(f):
        return json.dumps(f)
    digits = np.format_float_scientific(x, unique=True, trim="0")
    mantissa, exponent = digits.split("e")
    if f == 0 or 1e-4 <= abs(float(mantissa + "e" + exponent)) < 1e16:
        plain = np.format_float_positional(x, unique=True, trim="0")
        return plain
    return mantissa.removesuffix(".0") + "e" + exponent


def pair(x):
    parts = real(x.real), real(x.imag)
    re, im = (p.removesuffix(".0").replace("NaN", "nan").replace("Infinity", "inf") for p in parts)
    if x.real == 0 and not np.signbit(x.real):
        return im + "j"
    return re + ("" if im.startswith("-") else "+") + im + "j"


Point = collections.namedtuple("Point", "x y")


class Color(enum.Enum):
    RED = 1


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 1, [2]


class Dict(dict):
    pass


class List(list):
    pass


class Stateful:
    def __getstate__(self):
        return (1, "two")

    def __setstate__(self, state):
        pass


class Keywords:
    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1, "a"), {"k": 2.5}


class Enough(Exception):
    pass


def berlin(*args, **kwargs):
    return datetime.datetime(*args, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"), **kwargs)


shared = [1, {"a": 2}]
utc = datetime.timezone.utc
zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
record = np.array([(1, 2.5, b"ab"), (2, -1, b"c")], dtype=[("n", "<i4"), ("x", ">f8"), ("s", "S3")])

# What is shown as what text() says.
values = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -32768, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63 - 1, -2**63, 2**63,
    -2**63 - 1, 2**64, 10**30, -(10**30), 2**2040, -2**2047, 3**5000, -(3**5000), -128, -129, -256, -2**15, -2**39,
    0.0, -0.0, 1.0, 1.5, -2.25, 0.1, 1e16, 1e-5, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan,
    "", "a", "é", "日本", "😀", "\ud83d", "\udc00x\ud800", "a\nb\\u0041\\\\\r\x1a\x00\"'", "\u2028\u202e\x7f", "x" * 300, "é" * 70000,
    b"", b"\x00\xff", b"a" * 300, bytes(range(256)), bytearray(b""), bytearray(b"\x80ab"), bytearray(b"z" * 70000),
    [], [1], [1, [2, [3]]], [None] * 2500, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), [()]),
    {}, {"a": 1}, {"b": 1, "a": [2]}, {1: "a", None: "b", True and 2.5: "c", (1, "x"): "d", b"\x00": "e"}, dict.fromkeys(range(2500)),
    {0: "zero", False: "false", 0.0: "f"},
    set(), {1}, frozenset(), frozenset([2]), frozenset(["x"]),
    1 + 2j, -0.5j, complex(0.0, math.inf), complex(-0.0, -0.0), complex(math.nan, 1e16),
    [shared, shared, {"again": shared}],
    collections.OrderedDict([("z", 1), ("a", 2)]), collections.defaultdict(list, {"a": [1]}), collections.Counter("aab"), collections.Counter(),
    collections.deque([1, 2]), collections.deque([1, 2], 5), collections.deque(),
    datetime.date(2024, 2, 29), datetime.date(1, 1, 1), datetime.date(9999, 12, 31),
    datetime.datetime(2024, 2, 29, 1, 2, 3), datetime.datetime(2024, 2, 29, 1, 2, 3, 40), datetime.datetime(2024, 2, 29, tzinfo=utc),
    datetime.datetime(1, 1, 1, 23, 59, 59, 999999, tzinfo=zone), datetime.datetime(2024, 2, 29, fold=1),
    datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(-datetime.timedelta(hours=3, seconds=1, microseconds=5))),
    berlin(2024, 1, 1), berlin(2024, 7, 1, 12), berlin(2024, 3, 31, 2, 30), berlin(2024, 3, 31, 2, 30, fold=1), berlin(2024, 10, 27, 2, 30),
    berlin(2024, 10, 27, 2, 30, fold=1), berlin(2024, 10, 27, 1, 59, 59), berlin(2024, 10, 27, 3), berlin(2024, 3, 31, 3), berlin(1800, 1, 1),
    berlin(2100, 7, 1),
    datetime.time(1, 2, 3), datetime.time(1, 2, 3, 4), datetime.time(23, 0, fold=1), datetime.time(1, 2, tzinfo=utc),
    datetime.timedelta(0), datetime.timedelta(days=1, seconds=2, microseconds=3), datetime.timedelta(microseconds=-1), datetime.timedelta(days=-999999999),
    datetime.timedelta(seconds=-1.5), datetime.timedelta.max, utc, zone, datetime.timezone(datetime.timedelta(hours=1), "CET"),
    zoneinfo.ZoneInfo("Europe/Berlin"),
    decimal.Decimal("1.50"), decimal.Decimal("-0"), decimal.Decimal("1E+400"), decimal.Decimal("0E-10"), decimal.Decimal("123456789012345678901234567890.5"),
    decimal.Decimal("NaN"), decimal.Decimal("sNaN"), decimal.Decimal("Infinity"), decimal.Decimal("-Infinity"),
    fractions.Fraction(1, 3), fractions.Fraction(-7), fractions.Fraction(10**30, 7), uuid.UUID(int=5), uuid.UUID("12345678123456781234567812345678"),
    pathlib.PurePosixPath("/a/b"), pathlib.PurePosixPath("a/b"), pathlib.PurePosixPath("."), pathlib.PosixPath("/"), pathlib.PureWindowsPath("C:\\a\\b"),
    pathlib.PureWindowsPath("a/b"),
    ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("2001:db8::1"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32"),
    array.array("i", [1, -2]), array.array("d", [0.5, 1]), array.array("B", b"\x01\xff"), array.array("q"),
    np.float64(1.5), np.float32(0.1), np.float16(65504), np.int8(-5), np.uint64(2**64 - 1), np.bool_(True), np.complex64(1 + 2j), np.str_("é"),
    np.bytes_(b"ab"), np.datetime64("2024-02-29"), np.datetime64("2024-02-29T01:02:03.004"), np.datetime64("NaT"), np.timedelta64(90, "m"),
    np.array(7), np.array([], dtype="f8"), np.zeros((2, 0, 3)), np.arange(24).reshape(2, 3, 4), np.asfortranarray(np.arange(24).reshape(2, 3, 4)),
    np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1), np.arange(10)[::2], np.arange(6, dtype=">i4"), np.array([1.5, -2], dtype=">f8"),
    np.asfortranarray(np.array([[1, 2], [3, 4]], dtype=">u2")), np.array([True, False]), np.array([1 + 2j, 0.5j]), np.array([0.1, 1e20], dtype="f4"),
    np.array([[1.5, 6e-8]], dtype="f2"), np.array(["a", "日本", ""]), np.array(["x"], dtype=">U3"), np.array([[b"ab", b""]]), np.array([1, "x", None], dtype=object),
    np.asfortranarray(np.array([[1, "x"], [None, [2]]], dtype=object)), np.array([[1, 2], [3, 4]], dtype=object).T,
    np.array(["2024-01-01", "NaT", "1969-12-31", "0000-03-01", "-0001-01-01", "12345-06-07"], dtype="M8[D]"), np.array(["2024-02-29T01:02:03"], dtype="M8[s]"),
    np.array(["1969-12-31T23:59:59.999999999"], dtype="M8[ns]"), np.array(["2024-05"], dtype="M8[M]"), np.array(["2024"], dtype="M8[Y]"),
    np.array(["2024-02-29T05"], dtype="M8[h]"), np.array(["2024-02-29T05:06"], dtype="M8[m]"), np.array([3], dtype="M8[25s]"), np.array(["2024-01-04"], dtype="M8[W]"),
    np.array([-1500, 0, 250], dtype="m8[ms]"), np.array([2], dtype=">m8[D]"), record, record[0], np.array([((1, 2), 3)], dtype=[("a", [("b", "i1"), ("c", "u2")]), ("d", "f4")]),
    np.matrix([[1, 2]]), [np.float32(0.5), np.arange(3)], {"frame": np.zeros((2, 2), "u1"), "at": datetime.datetime(2024, 1, 2, tzinfo=utc)},
]

# What is shown as an object, with its text. A name that begins with ~ differs in the old protocols.
objects = [
    (Plain(), '{"class":"__main__.Plain"}'),
    (Plain(a=1, b=[2]), '{"class":"__main__.Plain","state":{"a":1,"b":[2]}}'),
    (Stateful(), '{"class":"__main__.Stateful","state":[1,"two"]}'),
    (Enough("why", 1), '{"class":"__main__.Enough","args":["why",1]}'),
    (ValueError("x"), '{"class":"builtins.ValueError","args":["x"]}'),
    (range(1, 5, 2), '{"class":"builtins.range","args":[1,5,2]}'),
    (slice(1, None), '{"class":"builtins.slice","args":[1,null,null]}'),
    (types.SimpleNamespace(a=1), '{"class":"types.SimpleNamespace","state":{"a":1}}'),
    (int, '{"global":"builtins.int"}'),
    (Plain, '{"global":"__main__.Plain"}'),
    (len, '{"global":"builtins.len"}'),
    (..., '{"global":"builtins.Ellipsis"}'),
    (np.dtype(">i4"), '">i4"'),
    (np.dtype("M8[ns]"), '"<M8[ns]"'),
    (np.dtype("bool"), '"|b1"'),
]
new_objects = [  # of protocol 2 and up
    (Point(1, 2), '{"class":"__main__.Point","args":[1,2]}'),
    (Slots(), '{"class":"__main__.Slots","state":{"a":1,"b":[2]}}'),
    (Dict(a=1), '{"class":"__main__.Dict","items":{"a":1}}'),
    (List([1, 2]), '{"class":"__main__.List","items":[1,2]}'),
]


def emit(name, pickled, shown):
    print(ascii(name), base64.b64encode(pickled).decode(), shown, sep="\t")


def fixed():
    for v in values:
        for protocol in range(6):
            pickled = pickle.dumps(v, protocol)
            # Old protocols lose the fold of a time.
            emit("%.60r in protocol %d" % (v, protocol), pickled, text(pickle.loads(pickled) if hasattr(v, "fold") else v))
    for cases, oldest in (objects, 0), (new_objects, 2):
        for v, shown in cases:
            for protocol in range(oldest, 6):
                emit("%.60r in protocol %d" % (v, protocol), pickle.dumps(v, protocol), shown)
    for protocol in 4, 5:
        emit("keywords", pickle.dumps(Keywords(), protocol), '{"class":"__main__.Keywords","args":[1,"a"],"kwargs":{"k":2.5}}')
    for protocol in range(6):  # by name or by value, as versions of Python differ
        shown = '{"class":"__main__.Color","name":"RED"}' if b"getattr" in pickle.dumps(Color.RED, 2) else '{"class":"__main__.Color","args":[1]}'
        emit("enum", pickle.dumps(Color.RED, protocol), shown)
    for protocol in range(6):  # the pickler that is not in C
        p = pickle._Pickler(sink := io.BytesIO(), protocol)
        p.dump([values[:60], {"a": (1, 2)}])
        emit("the pickler in Python, protocol %d" % protocol, sink.getvalue(), text([values[:60], {"a": (1, 2)}]))


def drawn(r, depth):
    kind = r.randrange(16 if depth < 5 else 11)
    if kind < 2:
        return r.choice([None, True, False])
    if kind < 4:
        return r.getrandbits(r.randrange(1, 200)) * r.choice([1, -1])
    if kind == 4:
        return r.gauss(0, 1) * 10 ** r.randrange(-20, 20)
    if kind < 7:
        return "".join(chr(r.choice([r.randrange(128), r.randrange(0x3000), r.randrange(0x11000)])) for _ in range(r.randrange(12)))
    if kind == 7:
        return r.choice([bytes, bytearray])(r.randbytes(r.randrange(20)))
    if kind == 8:
        return datetime.datetime.fromordinal(r.randrange(1, 3650000)) + datetime.timedelta(microseconds=r.randrange(86400 * 10**6))
    if kind == 9:
        return decimal.Decimal(r.randrange(-(10**20), 10**20)).scaleb(r.randrange(-30, 30))
    if kind == 10:
        dtype = r.choice(["i1", "<u2", ">i4", "i8", "f2", ">f4", "f8", "?", "c8", "c16"])
        shape = [r.randrange(4) for _ in range(r.randrange(4))]
        size = math.prod(shape)
        a = np.frombuffer(r.randbytes(size * 8), "<i2")[:size].astype(dtype).reshape(shape)
        return r.choice([a, np.asfortranarray(a), a.T])
    if kind == 11:
        return tuple(drawn(r, depth + 1) for _ in range(r.randrange(5)))
    if kind < 14:
        return [drawn(r, depth + 1) for _ in range(r.randrange(6))]
    return {r.choice([str, int])(r.randrange(10**9)): drawn(r, depth + 1) for _ in range(r.randrange(6))}


if len(sys.argv) > 1:
    r = random.Random(int(sys.argv[1]))
    for i in range(600):
        v = drawn(r, 0)
        for protocol in range(6):
            emit("%d: %.60r in protocol %d" % (i, v, protocol), pickle.dumps(v, protocol), text(v))
else:
    fixed()
print("end")
