#!/usr/bin/python3
"""Checks every #include of the tree against layering.py, and that each rule can fail."""

import os
import tempfile
import unittest

import layering

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def include(path, target, quotes='""'):
    """The violations of a file at path with this one #include."""
    return layering.check_file(path, f"#include {quotes[0]}{target}{quotes[1]}\n")


class Tree(unittest.TestCase):
    def test_has_no_violation(self):
        self.assertGreater(len(list(layering.sources(ROOT))), 0, "no sources found: wrong folder?")
        found = layering.check_tree(ROOT)
        self.assertFalse(found, "\n" + "\n".join(map(str, found)))


class Rules(unittest.TestCase):
    def refuses(self, path, *targets, quotes='""'):
        for target in targets:
            with self.subTest(f"{path} must not include {target}"):
                self.assertEqual(len(include(path, target, quotes)), 1)

    def accepts(self, path, *targets, quotes='""'):
        for target in targets:
            with self.subTest(f"{path} may include {target}"):
                self.assertEqual(include(path, target, quotes), [])

    def test_model_stands_alone(self):
        self.accepts("model/labels.h", "model/sample.h", "absl/status/status.h")
        self.refuses("model/labels.h", "storage/store.h", "query/query_service.h",
                     "ingest/ingester.h", "api/gateway.h", "control/ruler.h", "proto/wire/labels.h")

    def test_storage_sees_model_only(self):
        self.accepts("storage/head/head.cc", "storage/wal/log.h", "storage/store.h",
                     "model/labels.h")
        self.refuses("storage/head/head.cc", "ingest/ingester.h", "query/query_service.h",
                     "proto/wire/labels.h", "api/gateway.h")

    def test_query_and_ingest_see_the_door_of_storage_only(self):
        for path in ("query/promql/exec/scan.cc", "ingest/admit/limits.cc"):
            self.accepts(path, "storage/store.h", "model/labels.h")
            self.refuses(path, "storage/head/head.h", "storage/rocks/partition.h",
                         "proto/wire/labels.h", "api/gateway.h", "control/ruler.h")

    def test_query_and_ingest_do_not_meet(self):
        self.refuses("query/query_service.cc", "ingest/ingester.h")
        self.refuses("ingest/ingester.cc", "query/query_service.h")

    def test_promql_and_logql_do_not_meet(self):
        self.refuses("query/promql/plan/plan.cc", "query/logql/syntax/ast.h")
        self.refuses("query/logql/exec/engine.cc", "query/promql/syntax/ast.h")
        self.accepts("query/logql/exec/engine.cc", "query/vector/grouping.h",
                     "query/logql/syntax/ast.h")

    def test_control_sees_doors(self):
        self.accepts("control/rules/ruler.cc", "query/query_service.h", "storage/store.h",
                     "ingest/ingester.h", "control/notify/notifier.h")
        self.refuses("control/rules/ruler.cc", "query/promql/syntax/ast.h", "storage/head/head.h",
                     "api/gateway.h")

    def test_api_sees_doors_but_not_storage(self):
        self.accepts("api/prometheus/query.cc", "query/query_service.h", "ingest/ingester.h",
                     "control/ruler.h", "model/labels.h", "api/http/request.h")
        self.refuses("api/prometheus/query.cc", "storage/store.h", "query/promql/syntax/ast.h",
                     "ingest/decode/remote_write.h", "proto/wire/labels.h")

    def test_generated_code_stays_in_its_rooms(self):
        generated = ("proto/store.pb.h", "proto/store.grpc.pb.h")
        self.accepts("proto/wire/labels.cc", *generated, "model/labels.h")
        self.accepts("storage/grpc/client.cc", *generated, "proto/wire/labels.h", "model/labels.h",
                     "storage/store.h")
        self.accepts("proto/grpc/store_client.cc", *generated, "storage/store.h")
        self.accepts("ingest/decode/remote_write_test.cc", *generated)
        self.accepts("tests/fuzz/remote_write_fuzz.cc", *generated)
        self.refuses("ingest/decode/remote_write.cc", *generated)
        self.refuses("proto/other/thing.cc", *generated)
        self.refuses("proto/wire/labels.cc", "storage/store.h")
        self.refuses("proto/grpc/store_client.cc", "storage/head/head.h")

    def test_libraries_stay_in_their_rooms(self):
        for quotes in ('""', "<>"):
            self.accepts("storage/rocks/partition.cc", "rocksdb/db.h", quotes=quotes)
            self.refuses("storage/head/head.cc", "rocksdb/db.h", quotes=quotes)
            self.refuses("storage/local_store_test.cc", "rocksdb/db.h", quotes=quotes)
        beast = ("boost/beast.hpp", "boost/beast/http.hpp", "boost/asio.hpp", "boost/asio/post.hpp")
        self.accepts("api/http/server.cc", *beast, quotes="<>")
        self.refuses("api/prometheus/query.cc", *beast, quotes="<>")
        self.accepts("api/prometheus/query.cc", "boost/json.hpp", quotes="<>")
        self.accepts("control/scrape/fetch.cc", "curl/curl.h", quotes="<>")
        self.refuses("api/prometheus/query.cc", "curl/curl.h", quotes="<>")
        self.refuses("query/query_service.cc", "grpcpp/grpcpp.h", "google/protobuf/message.h",
                     quotes="<>")
        self.accepts("query/grpc/service.cc", "grpcpp/grpcpp.h", quotes="<>")
        self.accepts("tests/crash/kill.cc", "rocksdb/db.h", *beast, quotes="<>")
        self.accepts("server_main.cc", "grpcpp/grpcpp.h", quotes="<>")

    def test_nobody_includes_tests_or_bench(self):
        for target in ("tests/contract/store.h", "bench/fleet/fleet.h"):
            self.refuses("storage/store_test.cc", target)
            self.refuses("api/gateway.cc", target)
            self.refuses("server_main.cc", target)
        self.refuses("tests/crash/kill.cc", "bench/fleet/fleet.h")
        self.refuses("bench/push/push.cc", "tests/contract/store.h")
        self.accepts("tests/crash/kill.cc", "tests/contract/store.h", "storage/head/head.h")
        self.accepts("bench/push/push.cc", "bench/fleet/fleet.h", "storage/head/head.h")

    def test_a_main_wires_everything(self):
        for path in ("tidegate_main.cc", "storage/check_main.cc"):
            self.accepts(path, "api/gateway.h", "storage/rocks/partition.h", "proto/store.pb.h",
                         "query/promql/exec/engine.h", "query/logql/exec/engine.h")

    def test_the_root_holds_mains_and_their_headers(self):
        self.accepts("tidegate_main.cc", "services_main.h", "storage/rocks/partition.h")
        self.accepts("services_main.h", "api/gateway.h")
        self.refuses("tidegate_main.cc", "services.h", "tests/contract/store.h")
        self.refuses("api/gateway.cc", "services_main.h")
        self.refuses("services.h", "api/gateway.h")

    def test_a_main_of_tests_or_bench_keeps_its_row(self):
        self.accepts("tests/conformance/parser_main.cc", "tests/conformance/cases.h",
                     "query/promql/syntax/ast.h")
        self.refuses("tests/conformance/parser_main.cc", "bench/fleet/fleet.h")
        self.accepts("bench/fleet/fleet_main.cc", "bench/fleet/fleet.h", "storage/head/head.h")

    def test_paths_start_at_the_root(self):
        self.refuses("model/labels.cc", "labels.h", "../model/labels.h")
        self.accepts("model/labels.cc", "vector", "zstd.h", quotes="<>")

    def test_sources_live_in_known_folders(self):
        self.refuses("engine/start.cc", "model/labels.h")
        self.refuses("start.cc", "model/labels.h")

    def test_names_say_something(self):
        for path in ("model/util.h", "model/string_util_test.cc", "storage/common/x.h",
                     "query/helpers/x.h", "storage/lock_manager.h", "api/base/x.cc",
                     "ingest/misc.cc"):
            self.refuses(path, "absl/status/status.h")
        self.accepts("model/base64.h", "absl/status/status.h")
        self.accepts("storage/database.h", "absl/status/status.h")

    def test_counts_every_include_with_its_line(self):
        text = '\n#include "api/gateway.h"\n  #  include "query/query_service.h"\n// #include "a"\n'
        found = layering.check_file("model/labels.cc", text)
        self.assertEqual([v.line for v in found], [2, 3])
        self.assertIn("model/labels.cc:2: model/ may not include api/gateway.h", str(found[0]))


class Walk(unittest.TestCase):
    def test_finds_a_violation_on_disk_and_skips_build_results(self):
        with tempfile.TemporaryDirectory() as root:
            for folder in ("model", "out", ".bazel/bin"):
                os.makedirs(os.path.join(root, folder))
                with open(os.path.join(root, folder, "labels.cc"), "w") as source:
                    source.write('#include "api/gateway.h"\n')
            found = layering.check_tree(root)
            self.assertEqual([v.path for v in found], ["model/labels.cc"])


if __name__ == "__main__":
    unittest.main()
