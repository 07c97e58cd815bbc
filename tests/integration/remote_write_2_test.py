#!/usr/bin/python3
"""Remote write 2.0 against the real program: what the specification asks of receivers, case by case
as the compliance suite names them, and that what was acknowledged can be read."""

import math
import re
import struct
import time
import unittest

import remote_write
from remote_write_2 import (
    COUNTER,
    GAUGE,
    GAUGE_HISTOGRAM,
    HEADERS,
    HISTOGRAM,
    INFO,
    STATESET,
    SUMMARY,
    Request,
    histogram,
    sample,
)
from server import Server

STALE = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]
HOUR = 3600 * 1000
UP = {"__name__": "up", "job": "testjob", "instance": "localhost:9090"}


def setUpModule():
    global SERVER
    SERVER = Server().start()


def tearDownModule():
    SERVER.__exit__()


class Receiver(unittest.TestCase):
    def setUp(self):
        time.sleep(0.002)  # Cases write the same series: each at its own time.
        self.now = int(time.time() * 1000)
        self.request = Request(self.now)

    def send(self, body=None, headers=()):
        body = self.request.message() if body is None else body
        all_headers = {**HEADERS, **dict(headers)}
        return SERVER.request("POST", "/api/v1/write", remote_write.snappy(body), all_headers)

    def written(self, headers):
        kinds = ("Samples", "Histograms", "Exemplars")
        return tuple(int(headers[f"X-Prometheus-Remote-Write-{k}-Written"]) for k in kinds)

    def stored(self, samples=0, histograms=0, exemplars=0):
        status, body, headers = self.send()
        self.assertEqual((status, body), (204, b""))
        self.assertEqual(self.written(headers), (samples, histograms, exemplars))

    def refused(self, samples=0, histograms=0, exemplars=0, text=""):
        status, body, headers = self.send()
        self.assertEqual(status, 400, body)
        self.assertIn(text, body.decode())
        self.assertEqual(self.written(headers), (samples, histograms, exemplars))

    def add(self, labels, *parts):
        self.request.add(labels, *parts)
        return self

    def sample(self, value=1.0, before=0, start_ms=0):
        return sample(self.now - before, value, start_ms)

    def histogram(self, total=1.0, **rest):
        return histogram(self.now, total, **rest)

    def exemplar(self, labels=None, value=1.0, before=0):
        labels = {"trace_id": "abc123"} if labels is None else labels
        return self.request.exemplar(self.now - before, value, labels)

    def meta(self, kind=COUNTER, help_text="Test help", unit="unit"):
        return self.request.metadata(kind, help_text, unit)

    def value(self, selector):
        return [s["value"][1] for s in SERVER.query(selector, self.now / 1000)]


class Metric(Receiver):
    VALUES = (1.0, STALE, math.nan, math.inf, -math.inf)

    def test_single_metric(self):
        good = (
            {"__name__": "up"},
            UP,
            {"__name__": "up", "job": "test\njob\n", "instance": "localhost:9090"},
            {"__name__": "resource.cpu.usage", "job.name": "testjob", "instance.name": "a:9090"},
            {"__name__": "resource cpu usage", "job name": "testjob", "instance name": "a:9090"},
        )
        for value in self.VALUES:
            for labels in good:
                self.setUp()
                self.add(labels, self.sample(value)).stored(samples=1)
            for labels in ({"job": "testjob", "instance": "localhost:9090"}, {}):
                self.setUp()
                self.add(labels, self.sample(value))
                self.refused(text="invalid metric name or labels")

    def test_counter_with_created_timestamp(self):
        labels = {"__name__": "created_total", "job": "api"}
        self.add(labels, self.sample(100.0, start_ms=self.now - HOUR)).stored(samples=1)
        self.assertEqual(self.value("created_total"), ["100"])

    def test_multiple_metrics(self):
        for value in self.VALUES:
            self.setUp()
            for port in range(9090, 9094):
                self.add({**UP, "instance": f"localhost:{port}"}, self.sample(value))
            self.stored(samples=4)
            self.setUp()
            for port in range(9090, 9094):
                self.add({"job": "a", "instance": f"localhost:{port}"}, self.sample(value))
            self.refused()
            self.setUp()
            self.add({"job": "testjob", "instance": "localhost:9090"}, self.sample(value))
            for port in range(9091, 9094):
                self.add({**UP, "instance": f"localhost:{port}"}, self.sample(value))
            self.refused(samples=3)


class Requests(Receiver):
    def test_bad_content_types(self):
        self.add(UP, self.sample())
        for content_type in ("application/json", "image/png"):
            self.assertEqual(self.send(headers={"Content-Type": content_type})[0], 415)

    def test_bad_content_encodings(self):
        self.add(UP, self.sample())
        for encoding in ("gzip", "deflate"):
            self.assertEqual(self.send(headers={"Content-Encoding": encoding})[0], 415)

    def test_corrupt_request_body(self):
        self.add(UP, self.sample())
        body = bytearray(remote_write.snappy(self.request.message()))
        body[0] = ord("0")
        status, _, headers = SERVER.request("POST", "/api/v1/write", bytes(body), HEADERS)
        self.assertEqual((status, self.written(headers)), (400, (0, 0, 0)))

    def test_unknown_message(self):
        headers = {"Content-Type": "application/x-protobuf;proto=io.prometheus.write.v3.Request"}
        self.assertEqual(self.send(headers=headers)[0], 415)

    def test_the_first_symbol_is_empty(self):
        body = remote_write.field(4, b"a")
        status, text, headers = self.send(body)
        self.assertEqual((status, self.written(headers)), (400, (0, 0, 0)))
        self.assertIn(b"first symbol", text)

    def test_references_that_lead_nowhere_cost_their_series(self):
        self.add({"__name__": "kept"}, self.sample(7.0))
        self.request.series.append(remote_write.field(1, b"\x01\x7f") + self.sample())
        self.request.series.append(remote_write.field(1, b"\x01") + self.sample())
        self.refused(samples=1, text="labels_refs 127 is beyond the symbol table")
        self.assertEqual(self.value("kept"), ["7"])

    def test_a_resend_is_a_success_and_another_value_is_not(self):
        self.add({"__name__": "again"}, self.sample(1.0)).stored(samples=1)
        self.stored(samples=1)
        self.request = Request()
        self.add({"__name__": "again"}, self.sample(2.0))
        self.refused(text="duplicate sample for timestamp")


class Exemplars(Receiver):
    def test_exemplars(self):
        for labels, exemplar in (
            ({"__name__": "http_requests_total", "job": "api"}, {"trace_id": "abc123def456"}),
            ({"__name__": "request_seconds", "m": "GET"}, {"trace_id": "x", "span_id": "s"}),
            ({"__name__": "cpu_usage", "instance": "host1"}, {"user_id": "user123"}),
            ({"__name__": "latency"}, {"trace_id": "t", "user": "admin", "endpoint": "/login"}),
            ({"__name__": "simple_counter"}, {}),
            ({"__name__": "test_metric"}, {"trace_id": "trace-with-dashes_and_underscores.1"}),
            ({"__name__": "unicode_test", "region": "🌍"}, {"trace_id": "unicode_trace_测试"}),
        ):
            self.setUp()
            self.add(labels, self.sample(), self.exemplar(exemplar))
            self.stored(samples=1, exemplars=1)

    def test_exemplar_with_created_timestamp(self):
        counter = self.sample(250.0, start_ms=self.now - 2 * HOUR)
        exemplar = self.exemplar({"trace_id": "abc123", "span_id": "span456"}, 250.0)
        labels = {"__name__": "http_requests_total", "job": "api"}
        self.add(labels, counter, exemplar).stored(samples=1, exemplars=1)

    def test_multiple_exemplars(self):
        for method in ("GET", "POST"):
            exemplar = self.exemplar({"trace_id": method, "span_id": "span1"}, 0.1)
            self.add({"__name__": "request_duration", "method": method}, self.sample(), exemplar)
        labels = {"__name__": "error_count", "service": "payment"}
        self.add(labels, self.sample(), self.exemplar({"trace_id": "t3", "user": "test_user"}))
        self.stored(samples=3, exemplars=3)

    def test_exemplar_timestamps(self):
        for before in (HOUR, 60000, 0):
            exemplar = self.exemplar({"trace_id": f"t{before}"}, 0.05, before)
            self.add({"__name__": "latency_times"}, self.sample(0.05, before), exemplar)
        self.stored(samples=3, exemplars=3)
        found = SERVER.get_json(
            "/api/v1/query_exemplars",
            query="latency_times",
            start=(self.now - 2 * HOUR) / 1000,
            end=self.now / 1000,
        )
        self.assertEqual(
            [e["labels"]["trace_id"] for e in found[0]["exemplars"]], ["t3600000", "t60000", "t0"]
        )

    def test_exemplar_validation(self):
        for labels in ({"job": "test"}, {"__name__": ""}):
            self.setUp()
            self.add(labels, self.sample(), self.exemplar())
            self.refused()
        self.setUp()
        self.add({"__name__": "valid_metric"}, self.sample(), self.exemplar())
        self.stored(samples=1, exemplars=1)

    def test_exemplar_special_values(self):
        for value in (0.0, -123.456, 1e10, 1e-10, math.nan, math.inf, -math.inf):
            self.setUp()
            self.add({"__name__": "test_metric"}, self.sample(value), self.exemplar(None, value))
            self.stored(samples=1, exemplars=1)

    def test_references_of_exemplars_that_lead_nowhere(self):
        bad = remote_write.field(4, remote_write.field(1, b"\x01\x7f"))
        self.add({"__name__": "kept_with_bad_exemplar"}, self.sample(), bad)
        self.refused(samples=1, text="labels_refs of an exemplar")


class Histograms(Receiver):
    NAME = {"__name__": "request_duration_seconds", "job": "api"}

    def test_histograms(self):
        for labels, shape in (
            ({"__name__": "test_histogram"}, {"negative": True}),
            ({"__name__": "test_histogram_custom"}, {"custom": True}),
            ({"__name__": "test_histogram", "job": "test"}, {}),
            (
                {"__name__": "test_histogram", "instance": "localhost"},
                {"positive": False, "negative": True, "zero": False},
            ),
            ({"__name__": "minimal_hist"}, {"positive": False}),
        ):
            self.setUp()
            self.add(labels, self.histogram(**shape)).stored(histograms=1)
        self.setUp()
        self.add({"__name__": "minimal_hist"}, self.histogram(zero=False, bad_count=True))
        self.refused(text="observation count should equal")

    def test_histogram_with_created_timestamp(self):
        created = self.histogram(1.5, negative=True, start_ms=self.now - HOUR // 2)
        self.add(self.NAME, created).stored(histograms=1)

    def test_multiple_histograms(self):
        self.add({"__name__": "hist1", "job": "test"}, self.histogram(10.5))
        only_negative = self.histogram(5.2, positive=False, negative=True, zero=False)
        self.add({"__name__": "hist2", "job": "test"}, only_negative)
        self.stored(histograms=2)
        self.assertEqual(self.value("histogram_count(hist1)"), ["7"])
        self.assertEqual(self.value("histogram_sum(hist2)"), ["5.2"])

    def test_empty_histogram(self):
        empty = self.histogram(0.0, positive=False, zero=False)
        self.add({"__name__": "empty_hist"}, empty).stored(histograms=1)

    def test_histogram_with_metadata(self):
        self.add(self.NAME, self.histogram(2.5), self.meta(HISTOGRAM)).stored(histograms=1)

    def test_histogram_with_exemplar(self):
        self.add(self.NAME, self.histogram(1.23), self.exemplar())
        self.stored(histograms=1, exemplars=1)

    def test_histogram_with_metadata_and_exemplar(self):
        self.add(self.NAME, self.histogram(), self.exemplar(), self.meta(HISTOGRAM))
        self.stored(histograms=1, exemplars=1)

    def test_multiple_histograms_with_metadata(self):
        for name in ("cpu_usage_histogram", "memory_usage_histogram"):
            labels = {"__name__": name, "instance": "server1"}
            self.add(labels, self.histogram(0.75), self.meta(HISTOGRAM, name))
        self.stored(histograms=2)

    def test_custom_buckets_are_read_back(self):
        self.add({"__name__": "nhcb"}, self.histogram(2.0, custom=True)).stored(histograms=1)
        self.assertEqual(self.value("histogram_quantile(1, nhcb)"), ["1"])
        self.assertEqual(self.value("histogram_fraction(0, 0.1, nhcb) * 6"), ["2"])


class Metadata(Receiver):
    def test_metadata(self):
        for name, kind, help_text, unit, shown in (
            ("m_requests_total", COUNTER, "Total number of HTTP requests", "requests", "counter"),
            ("m_cpu_percent", GAUGE, "Current CPU usage percentage", "percent", "gauge"),
            ("m_simple", COUNTER, "", "", "counter"),
            ("m_special", GAUGE, 'Test\nnewlines and "quotes"', "bytes/sec", "gauge"),
            ("m_unknown", 0, "Unknown metric type", "", "unknown"),
            ("m_build_info", INFO, "Build information", "", "info"),
            ("m_state", STATESET, "Node state information", "", "stateset"),
            ("m_summary", SUMMARY, "Request latency summary", "seconds", "summary"),
            ("m_temperature", GAUGE_HISTOGRAM, "Temperatures", "celsius", "gaugehistogram"),
        ):
            self.setUp()
            self.add({"__name__": name}, self.sample(), self.meta(kind, help_text, unit))
            self.stored(samples=1)
            self.assertEqual(
                SERVER.get_json("/api/v1/metadata", metric=name),
                {name: [{"type": shown, "help": help_text, "unit": unit}]},
            )
        self.setUp()
        self.add({"__name__": "m_hist"}, self.histogram(negative=True), self.meta(HISTOGRAM))
        self.stored(histograms=1)
        self.assertEqual(
            SERVER.get_json("/api/v1/metadata", metric="m_hist")["m_hist"][0]["type"], "histogram"
        )

    def test_counter_metadata_with_created_timestamp(self):
        labels = {"__name__": "http_requests_total", "job": "api"}
        self.add(labels, self.sample(150.0, start_ms=self.now - HOUR), self.meta())
        self.stored(samples=1)

    def test_metadata_with_samples(self):
        labels = {"__name__": "http_requests_total", "job": "test"}
        self.add(labels, self.sample(42.0), self.meta()).stored(samples=1)

    def test_multiple_metadata(self):
        for name in ("cpu_usage", "memory_usage", "disk_usage"):
            self.add({"__name__": name, "device": "sda1"}, self.sample(), self.meta(GAUGE, name))
        self.stored(samples=3)

    def test_metadata_with_complex_labels(self):
        labels = {
            "__name__": "http_request_duration_seconds",
            "job": "api-server",
            "instance": "localhost:8080",
            "method": "GET",
            "status": "200",
            "endpoint": "/api/v1/users",
        }
        self.add(labels, self.histogram(0.25, negative=True), self.meta(HISTOGRAM))
        self.stored(histograms=1)

    def test_metadata_validation(self):
        for labels in ({"job": "test"}, {"__name__": ""}):
            self.setUp()
            self.add(labels, self.sample(), self.meta())
            self.refused()
        self.setUp()
        self.add({"__name__": "valid_metric_name"}, self.sample(), self.meta()).stored(samples=1)

    def test_series_of_classic_histograms_name_their_family(self):
        for suffix, labels in (("_bucket", {"le": "+Inf"}), ("_sum", {}), ("_count", {})):
            name = {"__name__": "classic_seconds" + suffix, **labels}
            self.add(name, self.sample(), self.meta(HISTOGRAM, "Classic."))
        self.stored(samples=3)
        self.assertEqual(
            SERVER.get_json("/api/v1/metadata", metric="classic_seconds")["classic_seconds"],
            [{"type": "histogram", "help": "Classic.", "unit": "unit"}],
        )


class Combined(Receiver):
    LABELS = {"__name__": "http_requests_total", "job": "api", "method": "POST"}

    def test_samples_with_metadata_and_exemplars(self):
        exemplar = self.exemplar({"trace_id": "request_trace_123", "user_id": "user789"})
        self.add(self.LABELS, self.sample(), exemplar, self.meta())
        self.stored(samples=1, exemplars=1)

    def test_histograms_with_metadata_and_exemplars(self):
        labels = {"__name__": "request_duration_seconds", "service": "auth"}
        self.add(labels, self.histogram(0.456), self.exemplar(), self.meta(HISTOGRAM))
        self.stored(histograms=1, exemplars=1)

    def test_complex_samples_request(self):
        cpu = {"__name__": "cpu_usage", "instance": "server1"}
        self.add(cpu, self.sample(0.85), self.exemplar(), self.meta(GAUGE, "CPU", "ratio"))
        memory = {"__name__": "memory_usage", "instance": "server1"}
        self.add(memory, self.sample(8589934592), self.meta(GAUGE, "Memory", "bytes"))
        self.stored(samples=2, exemplars=1)

    def test_complex_histograms_request(self):
        time_labels = {"__name__": "response_time_hist", "endpoint": "/api/v1/users"}
        self.add(time_labels, self.histogram(0.125), self.exemplar(), self.meta(HISTOGRAM))
        size_labels = {"__name__": "request_size_hist", "method": "POST"}
        only_negative = self.histogram(1024, positive=False, negative=True)
        self.add(size_labels, only_negative, self.meta(HISTOGRAM, "Size", "bytes"))
        self.stored(histograms=2, exemplars=1)

    def test_multiple_metric_families_samples(self):
        counter = {"__name__": "http_requests_total", "status": "200"}
        self.add(counter, self.sample(1000), self.exemplar(), self.meta())
        gauge = {"__name__": "temperature_celsius", "location": "datacenter1"}
        self.add(gauge, self.sample(23.5), self.meta(GAUGE))
        self.stored(samples=2, exemplars=1)

    def test_multiple_metric_families_histograms(self):
        labels = {"__name__": "request_duration_seconds", "handler": "/metrics"}
        exemplar = self.exemplar({"trace_id": "metrics_scrape", "scraper": "prometheus"})
        self.add(labels, self.histogram(0.003), exemplar, self.meta(HISTOGRAM))
        self.stored(histograms=1, exemplars=1)

    def test_edge_case_combinations(self):
        # As Prometheus does: a series without a point is refused, with all that comes with it. Its
        # own sender has exemplars in series of their own.
        self.add({"__name__": "orphan_metric"}, self.meta())
        self.refused(text="TimeSeries must contain at least one sample or histogram")
        self.setUp()
        self.add({"__name__": "orphan_metric"}, self.exemplar()).stored(exemplars=1)
        self.setUp()
        old = self.exemplar({"trace_id": "old_trace"}, before=HOUR // 2)
        self.add({"__name__": "old_metric"}, self.sample(1.0, before=HOUR), old)
        self.add({"__name__": "new_metric"}, self.sample(2.0))
        self.stored(samples=2, exemplars=1)

    def test_many_samples(self):
        for i in range(50):
            labels = {"__name__": f"counter_metric_{i}", "series": f"series_{i}"}
            exemplar = self.exemplar({"trace_id": f"trace_{i}"}, i * 100)
            meta = self.meta(COUNTER, f"Counter metric number {i}", "count")
            self.add(labels, self.sample(i * 100), exemplar, meta)
        self.stored(samples=50, exemplars=50)
        self.assertEqual(self.value('sum({__name__=~"counter_metric_.*"})'), ["122500"])

    def test_many_histograms(self):
        for i in range(50):
            labels = {"__name__": f"histogram_metric_{i}", "bucket": f"bucket_{i}"}
            exemplar = self.exemplar({"trace_id": f"trace_{i}"}, i / 10)
            one = self.histogram(i / 10, negative=i % 2 == 0)
            self.add(labels, one, exemplar, self.meta(HISTOGRAM, f"Number {i}", "seconds"))
        self.stored(histograms=50, exemplars=50)

    def test_special_characters_combined(self):
        labels = {
            "__name__": "test_metric",
            "job": "test-job_with.special@chars",
            "instance": "localhost:9090",
            "environment": "test🚀",
        }
        trace = {"trace_id": "special_trace_äöü-123", "span_id": "span_with.dots-and_underscores"}
        meta = self.meta(GAUGE, 'Special: äöü, newlines\nand "quotes"', "special/units")
        self.add(labels, self.sample(42.0), self.exemplar(trace), meta)
        self.stored(samples=1, exemplars=1)

    def test_custom_buckets_histogram_with_exemplar(self):
        labels = {"__name__": "custom_latency_hist", "version": "v2"}
        exemplar = self.exemplar({"trace_id": "custom_bucket_trace", "bucket": "0.1"}, 0.05)
        self.add(labels, self.histogram(0.05, custom=True), exemplar)
        self.stored(histograms=1, exemplars=1)


class Version1(Receiver):
    def push(self, body):
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
        return SERVER.request("POST", "/api/v1/write", body, headers)

    def test_rw1_basic_compatibility(self):
        series = [remote_write.series(UP, [(self.now, 1.0)])]
        status, _, headers = self.push(remote_write.snappy(remote_write.request(series)))
        self.assertEqual(status, 204)
        self.assertFalse([name for name in headers if name.endswith("-Written")])

    def test_rw1_error_handling(self):
        body = bytearray(remote_write.snappy(remote_write.request([])))
        body[0] = 0xFF
        status, _, headers = self.push(bytes(body))
        self.assertEqual(status, 400)
        self.assertFalse([name for name in headers if name.endswith("-Written")])

    def test_both_versions_write_the_same_series(self):
        labels = {"__name__": "both", "a": "1", "b": "2"}
        series = [remote_write.series(labels, [(self.now - 1, 1.0)])]
        self.push(remote_write.snappy(remote_write.request(series)))
        self.add(labels, self.sample(2.0)).stored(samples=1)
        for _ in range(2):
            self.assertEqual(self.value("count_over_time(both[1m])"), ["2"])
            SERVER.flush()


class Counted(Receiver):
    def test_refusals_are_counted(self):
        self.add({"__name__": "nothing_in_it"})
        self.refused()
        text = SERVER.request("GET", "/-/metrics")[1].decode()
        found = re.search(r'rejected_samples_total\{[^}]*"invalid_symbols"[^}]*\} (\d+)', text)
        self.assertIsNotNone(found)


if __name__ == "__main__":
    unittest.main()
