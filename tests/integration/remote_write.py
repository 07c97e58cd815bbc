"""Remote write 1.0 bodies without any library: the few protobuf fields the tests need, and snappy
blocks that consist of literals only (legal, and trivial to write)."""

import struct


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, payload):
    """A length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def label(name, value):
    return field(1, name.encode()) + field(2, value.encode())


def sample(value, timestamp_ms):
    return b"\x09" + struct.pack("<d", value) + b"\x10" + varint(timestamp_ms)


def series(labels, samples):
    """labels: dict with __name__; samples: (timestamp in ms, value) pairs."""
    out = b"".join(field(1, label(k, labels[k])) for k in sorted(labels))
    return out + b"".join(field(2, sample(v, t)) for t, v in samples)


def histogram(timestamp_ms, schema, count, total, deltas, zero_count=0, gauge=False):
    """An integer native histogram with one span of buckets from index 0; part of a series."""
    out = b"\x08" + varint(count) + b"\x19" + struct.pack("<d", total)
    out += b"\x20" + varint(schema << 1 ^ schema >> 63) + b"\x29" + struct.pack("<d", 2.0**-128)
    out += b"\x30" + varint(zero_count) + field(11, b"\x08\x00\x10" + varint(len(deltas)))
    out += field(12, b"".join(varint(d << 1 ^ d >> 63) for d in deltas))
    out += (b"\x70\x03" if gauge else b"") + b"\x78" + varint(timestamp_ms)
    return field(4, out)


def exemplar(labels, value, timestamp_ms):
    out = b"".join(field(1, label(k, labels[k])) for k in sorted(labels))
    return field(3, out + b"\x11" + struct.pack("<d", value) + b"\x18" + varint(timestamp_ms))


def metadata(family, kind, help_text="", unit=""):
    """kind: a number of prompb.MetricMetadata.MetricType."""
    out = b"\x08" + varint(kind) + field(2, family.encode()) + field(4, help_text.encode())
    return field(3, out + field(5, unit.encode()))


def request(all_series, all_metadata=()):
    return b"".join(field(1, s) for s in all_series) + b"".join(all_metadata)


def snappy(data):
    out = bytearray(varint(len(data)))
    for at in range(0, len(data), 60000):
        chunk = data[at : at + 60000]
        out += b"\xf4" + struct.pack("<H", len(chunk) - 1) + chunk
    return bytes(out)
