"""Bodies of log pushes without any library: Loki's protobuf and JSON, OTLP's JSON."""

import json
import urllib.parse

from remote_write import field, snappy, varint
from server import Refused


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


def read_all(server, selector, start_ns, end_ns, page=5000):
    """(ns, line) pairs of all streams in [start, end), ascending. No two pages end within one ns."""
    found = []
    while True:
        parameters = {
            "query": selector, "start": start_ns, "end": end_ns, "limit": page, "direction": "forward"
        }
        status, body, headers = server.request(
            "GET", "/loki/api/v1/query_range?" + urllib.parse.urlencode(parameters)
        )
        if status != 200:
            raise Refused(status, body, headers)
        streams = json.loads(body)["data"]["result"]
        lines = sorted((int(v[0]), v[1]) for stream in streams for v in stream["values"])
        found += lines
        if len(lines) < page:
            return found
        start_ns = lines[-1][0] + 1
