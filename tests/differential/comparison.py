"""Asks two servers the same question over HTTP and says whether the answers are the same."""

import http.client
import json
import math
import socket
import urllib.parse

RELATIVE_TOLERANCE = 1e-9


class Question:
    """An expression at one time (step_ms is 0), or over a range. Times in ms."""

    def __init__(self, expression, start_ms, end_ms=0, step_ms=0):
        self.expression = expression
        self.start_ms, self.end_ms, self.step_ms = start_ms, end_ms, step_ms

    def with_expression(self, expression):
        return Question(expression, self.start_ms, self.end_ms, self.step_ms)

    def request(self):
        if not self.step_ms:
            return "/api/v1/query", {"query": self.expression, "time": _seconds(self.start_ms)}
        times = {"start": self.start_ms, "end": self.end_ms, "step": self.step_ms}
        return "/api/v1/query_range", {
            "query": self.expression,
            **{name: _seconds(ms) for name, ms in times.items()},
        }

    def __str__(self):
        when = f"at {_seconds(self.start_ms)}"
        if self.step_ms:
            when = f"from {_seconds(self.start_ms)} to {_seconds(self.end_ms)}"
            when += f" step {_seconds(self.step_ms)}"
        return f"{self.expression}   {when}"


def _seconds(ms):
    return f"{ms // 1000}.{ms % 1000:03}"


class Answer:
    """Series by their labels, or an error. values: [(time, text of the number)]."""

    def __init__(self, status, body):
        self.status, self.error, self.values, self.order = status, "", {}, []
        document = json.loads(body)
        if status != 200:
            self.error = document.get("error", "")
            return
        kind, result = document["data"]["resultType"], document["data"]["result"]
        if kind in ("scalar", "string"):
            result = [{"metric": {}, "value": result}]
        for series in result:
            key = tuple(sorted(series["metric"].items()))
            if key in self.values:
                raise RuntimeError(f"twice in one answer: {key}")
            self.values[key] = series["values"] if "values" in series else [series["value"]]
            self.order.append(key)
        self.kind = kind


class Client:
    """One connection that is kept open. Not for several threads."""

    def __init__(self, port):
        self.port, self._connection = port, None

    def ask(self, question):
        path, parameters = question.request()
        body = urllib.parse.urlencode(parameters)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for attempt in (1, 2):  # the server may have closed a connection that was idle
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self._connection.connect()
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._connection.request("POST", path, body, headers)
                answer = self._connection.getresponse()
                return Answer(answer.status, answer.read())
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def close(self):
        if self._connection:
            self._connection.close()
        self._connection = None


def same_number(a, b, tolerance=RELATIVE_TOLERANCE):
    if a == b:
        return True
    a, b = float(a), float(b)
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=0)


def difference(expected, got, ordered=False, tolerance=RELATIVE_TOLERANCE):
    """The first thing that differs, in words; empty if nothing does. Both may be errors; the
    texts of errors are not compared, the status is. `ordered`: an instant answer comes sorted."""
    if expected.status != got.status:
        return (
            f"status {got.status} instead of {expected.status}: "
            f"{got.error or '(no error)'} / {expected.error or '(no error)'}"
        )
    if expected.error:
        return ""
    if expected.kind != got.kind:
        return f"a {got.kind} instead of a {expected.kind}"
    if expected.values.keys() != got.values.keys():
        missing = [dict(k) for k in expected.values.keys() - got.values.keys()]
        extra = [dict(k) for k in got.values.keys() - expected.values.keys()]
        return f"{len(missing)} series missing {missing[:2]}, {len(extra)} too many {extra[:2]}"
    for key, values in expected.values.items():
        words = _values_difference(values, got.values[key], tolerance)
        if words:
            return f"{dict(key)}: {words}"
    if ordered:
        return _order_difference(expected, got, tolerance)
    return ""


def _values_difference(expected, got, tolerance):
    if expected == got:
        return ""
    times = [t for t, _ in expected], [t for t, _ in got]
    if times[0] != times[1]:
        odd = sorted(set(times[0]) ^ set(times[1]))[:3]
        return f"{len(times[1])} points instead of {len(times[0])}, differing at {odd}"
    for (t, a), (_, b) in zip(expected, got):
        if not same_number(a, b, tolerance):
            return f"{b} instead of {a} at {t}"
    return ""


def _order_difference(expected, got, tolerance):
    """Equal values may stand in any order."""
    for a, b in zip(expected.order, got.order):
        if not same_number(expected.values[a][0][1], got.values[b][0][1], tolerance):
            return f"another order: {dict(b)} where {dict(a)} is expected"
    return ""
