"""Remote write 2.0 bodies without any library: a symbol table and series of references to it."""

import random
import struct

from remote_write import field, varint

HEADERS = {
    "Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "2.0.0",
}
COUNTER, GAUGE, HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, INFO, STATESET = range(1, 8)
NO_START = 0


def double(number, value):
    return varint(number << 3 | 1) + struct.pack("<d", value)


def integer(number, value):
    return varint(number << 3) + varint(value)


def zigzag(value):
    return varint(value << 1 ^ value >> 63)


def sample(timestamp_ms, value, start_ms=NO_START):
    out = double(1, value) + integer(2, timestamp_ms)
    return field(2, out + (integer(3, start_ms) if start_ms else b""))


def histogram(
    timestamp_ms,
    total,
    positive=True,
    negative=False,
    zero=True,
    custom=False,
    bad_count=False,
    start_ms=NO_START,
):
    """An integer native histogram with a few buckets on each side."""
    count, out = 0, b""
    if custom:
        out += field(16, struct.pack("<3d", 0.1, 0.5, 1.0))
        positive, negative, zero = True, False, False
    if negative:
        out += field(8, b"\x08\x00\x10\x02") + field(9, zigzag(1) + zigzag(1))  # 1 and 2
        count += 3
    if positive:
        out += field(11, b"\x08\x00\x10\x03") + field(12, zigzag(2) + zigzag(1) + zigzag(-2))
        count += 6  # 2, 3 and 1
    if zero:
        out += double(5, 1e-128) + integer(6, 1)
        count += 1
    out += b"\x20" + zigzag(-53 if custom else 0) + double(3, total)
    out += integer(1, count + (7 if bad_count else 0)) + integer(15, timestamp_ms)
    return field(3, out + (integer(17, start_ms) if start_ms else b""))


class Request:
    """Collects series; every text becomes a symbol once. References of labels come in random
    order, as the protocol allows."""

    def __init__(self, seed=1):
        self.symbols, self.series, self.random = {"": 0}, [], random.Random(seed)

    def ref(self, text):
        return self.symbols.setdefault(text, len(self.symbols))

    def refs(self, labels):
        pairs = list(labels.items())
        self.random.shuffle(pairs)
        return field(1, b"".join(varint(self.ref(n)) + varint(self.ref(v)) for n, v in pairs))

    def exemplar(self, timestamp_ms, value, labels):
        refs = self.refs(labels) if labels else b""
        return field(4, refs + double(2, value) + integer(3, timestamp_ms))

    def metadata(self, kind, help_text="", unit=""):
        out = integer(1, kind) + integer(3, self.ref(help_text)) + integer(4, self.ref(unit))
        return field(5, out)

    def add(self, labels, *parts):
        self.series.append(self.refs(labels) + b"".join(parts))
        return self

    def message(self):
        symbols = sorted(self.symbols, key=self.symbols.get)
        out = b"".join(field(4, text.encode()) for text in symbols)
        return out + b"".join(field(5, one) for one in self.series)
