"""Bodies of log pushes without any library: Loki's protobuf and JSON, OTLP's JSON."""

import json

from remote_write import field, snappy, varint


def entry(timestamp_ns, line, metadata=()):
    seconds, nanos = divmod(timestamp_ns, 10**9)
    out = field(1, b"\x08" + varint(seconds) + b"\x10" + varint(nanos)) + field(2, line)
    for name, value in metadata:
        out += field(3, field(1, name.encode()) + field(2, value.encode()))
    return field(2, out)


def stream(labels, entries):
    """labels: a dict; entries: what entry() made."""
    text = "{" + ", ".join(f'{k}="{v}"' for k, v in labels.items()) + "}"
    return field(1, field(1, text.encode()) + b"".join(entries))


def protobuf(streams):
    """A snappy block of streams."""
    return snappy(b"".join(streams))


def loki_json(streams):
    """streams: (labels, [[ns, line], or [ns, line, metadata]]) pairs."""
    return json.dumps(
        {
            "streams": [
                {"stream": labels, "values": [[str(v[0]), *v[1:]] for v in values]}
                for labels, values in streams
            ]
        }
    ).encode()


def otlp_json(resource, records):
    """resource: a dict; records: (ns, line) pairs."""
    attributes = [{"key": k, "value": {"stringValue": v}} for k, v in resource.items()]
    logs = [{"timeUnixNano": str(t), "body": {"stringValue": line}} for t, line in records]
    scopes = [{"scope": {"name": "test"}, "logRecords": logs}]
    return json.dumps(
        {"resourceLogs": [{"resource": {"attributes": attributes}, "scopeLogs": scopes}]}
    ).encode()
