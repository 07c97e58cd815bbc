// What a push costs below HTTP: the ingester of this process with its log, head and store, fed from
// a file of bodies that //bench:fleet wrote. Prints one line of JSON. The difference to `./dev
// bench` is what HTTP and routing cost; run it under a profiler to see where the rest goes.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/config/config_tenant_registry.h"
#include "model/metrics/metrics_registry.h"
#include "storage/store.h"

ABSL_FLAG(std::string, bodies, "", "file to read, made by //bench:fleet --out");
ABSL_FLAG(std::string, dir, "", "empty directory for log and store");
ABSL_FLAG(int, version, 1, "of remote write, as --bodies were made with");
ABSL_FLAG(int, threads, 1, "that push; body i goes to thread i modulo this number");

namespace tidegate::bench {
namespace {

absl::StatusOr<std::vector<std::string>> ReadBodies(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> bodies;
  unsigned char size[4];
  while (in.read(reinterpret_cast<char*>(size), sizeof(size))) {
    std::string body(size[0] | size[1] << 8 | size[2] << 16 | uint32_t{size[3]} << 24, '\0');
    in.read(body.data(), static_cast<std::streamsize>(body.size()));
    bodies.push_back(std::move(body));
  }
  if (bodies.empty()) return absl::NotFoundError(fmt::format("no bodies in --bodies={}", path));
  return bodies;
}

// User and system time of this process.
double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Pushed {
  uint64_t samples = 0;
  absl::Status status;
};

Pushed PushEvery(ingest::Ingester* ingester, const std::vector<std::string>& bodies, size_t first,
                 size_t stride) {
  Pushed pushed;
  model::RequestContext context;
  context.tenant = "default";
  for (size_t i = first; i < bodies.size() && pushed.status.ok(); i += stride) {
    ingest::PushRequest request;
    if (absl::GetFlag(FLAGS_version) == 2) request.format = ingest::PushFormat::kRemoteWrite2;
    request.body = bodies[i];
    const auto result = ingester->Push(context, request);
    pushed.status = result.ok() ? result->rejected : result.status();
    if (result.ok()) pushed.samples += result->samples;
  }
  return pushed;
}

Pushed PushAll(ingest::Ingester* ingester, const std::vector<std::string>& bodies) {
  const size_t threads = static_cast<size_t>(std::max(1, absl::GetFlag(FLAGS_threads)));
  std::vector<Pushed> parts(threads);
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i) {
    running.emplace_back([&, i] { parts[i] = PushEvery(ingester, bodies, i, threads); });
  }
  Pushed all;
  for (size_t i = 0; i < threads; ++i) {
    running[i].join();
    all.samples += parts[i].samples;
    all.status.Update(parts[i].status);
  }
  return all;
}

absl::Status WaitReady(const ingest::Ingester& ingester) {
  for (int i = 0; i < 1000 && !ingester.Ready().ok(); ++i) absl::SleepFor(absl::Milliseconds(10));
  return ingester.Ready();
}

absl::Status Measure(ingest::Ingester* ingester, const std::vector<std::string>& bodies) {
  const double start_cpu = CpuSeconds();
  const absl::Time start = absl::Now();
  const Pushed pushed = PushAll(ingester, bodies);
  if (!pushed.status.ok()) return pushed.status;
  const double wall = absl::ToDoubleSeconds(absl::Now() - start);
  const double push_cpu = CpuSeconds() - start_cpu;
  model::RequestContext context;
  context.tenant = "default";
  const auto stats = ingester->Stats(context);
  if (!stats.ok()) return stats.status();
  const absl::Status flushed = ingester->Flush(context);
  if (!flushed.ok()) return flushed;
  const double seal_cpu = CpuSeconds() - start_cpu - push_cpu;
  const double samples = static_cast<double>(pushed.samples);
  fmt::print(
      "{{\"samples\": {}, \"series\": {}, \"push_cpu_ns\": {:.1f}, \"seal_cpu_ns\": {:.1f}, "
      "\"push_wall_s\": {:.3f}, \"head_bytes\": {:.3f}, \"log_bytes\": {:.3f}}}\n",
      pushed.samples, stats->series, push_cpu / samples * 1e9, seal_cpu / samples * 1e9, wall,
      static_cast<double>(stats->chunk_bytes) / samples,
      static_cast<double>(stats->log_bytes) / samples);
  return absl::OkStatus();
}

absl::Status Main() {
  const auto bodies = ReadBodies(absl::GetFlag(FLAGS_bodies));
  if (!bodies.ok()) return bodies.status();
  const model::SystemClock clock;
  const model::ConfigTenantRegistry tenants{model::ConfigFile()};
  tidegate::model::MetricsRegistry metrics;
  storage::LocalStoreOptions store_options;
  store_options.directory = absl::GetFlag(FLAGS_dir) + "/store";
  auto store = storage::OpenLocalStore(store_options, &clock, &tenants);
  if (!store.ok()) return store.status();
  ingest::IngesterOptions options;
  options.directory = absl::GetFlag(FLAGS_dir) + "/ingester";
  auto ingester = ingest::CreateIngester(options, store->get(), &tenants, &clock, &metrics);
  if (!ingester.ok()) return ingester.status();
  absl::Status status = WaitReady(**ingester);
  if (status.ok()) status = Measure(ingester->get(), *bodies);
  status.Update((*ingester)->Shutdown(absl::Now() + absl::Seconds(30)));
  return status;
}

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("pushes --bodies into an ingester in --dir");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = tidegate::bench::Main();
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", status.ToString());
  return 1;
}
