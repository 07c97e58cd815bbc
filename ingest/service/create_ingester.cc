// Opens the real parts of an ingester.
#include <filesystem>
#include <random>
#include <system_error>

#include "fmt/format.h"
#include "ingest/ingester.h"
#include "ingest/service/local_ingester.h"
#include "ingest/service/producer_identity.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::ingest {
namespace {

// Ids only have to differ from those of other ingesters of the same store; zero is left out.
uint64_t RandomId() {
  std::random_device device;
  uint64_t id = 0;
  while (id == 0) id = (uint64_t{device()} << 32) | device();
  return id;
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("cannot create {}: {}", path, error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalIngester>> CreateIngester(const IngesterOptions& options,
                                                              storage::Store* store,
                                                              const model::TenantRegistry* tenants,
                                                              const model::Clock* clock,
                                                              model::MetricsRegistry* metrics) {
  if (absl::Status status = MakeDirectory(options.directory); !status.ok()) return status;
  // The log first: it holds the lock that keeps other processes away from the directory.
  storage::LocalLogOptions log_options;
  log_options.directory = options.directory + "/log";
  log_options.durability = options.durability;
  log_options.segment_bytes = options.log_segment_bytes;
  log_options.max_bytes = options.max_log_bytes;
  absl::StatusOr<std::unique_ptr<storage::Log>> log = storage::OpenLocalLog(log_options);
  if (!log.ok()) return log.status();
  auto identity = std::make_unique<ProducerIdentity>(options.directory, RandomId);
  if (absl::Status status = identity->Load(); !status.ok()) return status;

  IngesterParts parts;
  parts.head = storage::CreateHead(storage::HeadOptions(), log->get());
  parts.log = *std::move(log);
  parts.store = store;
  parts.tenants = tenants;
  parts.clock = clock;
  parts.metrics = metrics;
  parts.identity = std::move(identity);
  return CreateIngesterFromParts(options, std::move(parts));
}

}  // namespace tidegate::ingest
