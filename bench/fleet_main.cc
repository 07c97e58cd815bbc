// Writes a generated fleet's remote-write bodies to a file: 4 bytes of size (little endian), then
// the snappy block, for each request. Prints what it wrote as one line of JSON.
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "bench/capture.h"
#include "bench/fleet.h"
#include "bench/node_metrics.h"
#include "fmt/format.h"

ABSL_FLAG(std::string, out, "", "file to write");
ABSL_FLAG(int, hosts, 20, "hosts, of about 500 series each");
ABSL_FLAG(int, rounds, 240, "scrapes of every host");
ABSL_FLAG(int64_t, start_ms, 0, "start of the first round of scrapes");
ABSL_FLAG(int64_t, step_ms, 15000, "time between the scrapes of a host");
ABSL_FLAG(int, samples_per_request, 2000, "samples in one body, at most");
ABSL_FLAG(double, churn, 0, "share of the hosts that is replaced in every round");
ABSL_FLAG(uint64_t, seed, 1, "of the generated values");
ABSL_FLAG(int, version, 1, "of remote write: 1 or 2");
ABSL_FLAG(int, extra_labels, 0, "labels more, as Kubernetes' discovery adds them; at most 14");
ABSL_FLAG(std::string, capture, "", "recording of an exporter to take series and values from");

namespace tidegate::bench {
namespace {

absl::StatusOr<std::vector<SeriesTemplate>> Templates(const std::string& capture) {
  if (capture.empty()) return NodeMetrics();
  std::ifstream in(capture);
  if (!in) return absl::NotFoundError(fmt::format("cannot read --capture={}", capture));
  return ReadCapture(in);
}

FleetOptions OptionsFromFlags() {
  FleetOptions options;
  options.hosts = absl::GetFlag(FLAGS_hosts);
  options.rounds = absl::GetFlag(FLAGS_rounds);
  options.start_ms = absl::GetFlag(FLAGS_start_ms);
  options.step_ms = absl::GetFlag(FLAGS_step_ms);
  options.samples_per_request = absl::GetFlag(FLAGS_samples_per_request);
  options.churn = absl::GetFlag(FLAGS_churn);
  options.version = absl::GetFlag(FLAGS_version);
  options.extra_labels = absl::GetFlag(FLAGS_extra_labels);
  options.seed = absl::GetFlag(FLAGS_seed);
  return options;
}

absl::Status WriteFleet(Fleet* fleet, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  fleet->Run([&](std::string_view body) {
    const uint32_t size = static_cast<uint32_t>(body.size());
    for (int shift = 0; shift < 32; shift += 8) out.put(static_cast<char>(size >> shift));
    out.write(body.data(), static_cast<std::streamsize>(body.size()));
  });
  out.close();
  if (!out) return absl::UnknownError(fmt::format("cannot write --out={}", path));
  return absl::OkStatus();
}

absl::Status Main() {
  const FleetOptions options = OptionsFromFlags();
  if (options.extra_labels < 0 || options.extra_labels > 14) {
    return absl::InvalidArgumentError("--extra_labels is 0 to 14");
  }
  if (options.hosts < 1 || options.samples_per_request < 1) {
    return absl::InvalidArgumentError("--hosts and --samples_per_request start at 1");
  }
  absl::StatusOr<std::vector<SeriesTemplate>> templates = Templates(absl::GetFlag(FLAGS_capture));
  if (!templates.ok()) return templates.status();
  for (SeriesTemplate& series : ServiceMetrics()) templates->push_back(std::move(series));
  Fleet fleet(options, std::move(*templates));
  const absl::Status status = WriteFleet(&fleet, absl::GetFlag(FLAGS_out));
  if (!status.ok()) return status;
  fmt::print("{{\"series\": {}, \"samples\": {}, \"raw_bytes\": {}}}\n", fleet.series(),
             fleet.samples(), fleet.raw_bytes());
  return absl::OkStatus();
}

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("writes a generated fleet's remote-write bodies to --out");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = tidegate::bench::Main();
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", std::string(status.message()));
  return 1;
}
