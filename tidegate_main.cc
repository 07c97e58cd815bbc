// tidegate: the server, and the tools that work on its directory.
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "control/control.h"
#include "control/rule_tests/rule_test_run.h"
#include "control/rules/definition/duplicate_rules.h"
#include "control/rules/definition/rule_file.h"
#include "fmt/format.h"
#include "import_command_main.h"
#include "key_command_main.h"
#include "model/config/config_file.h"
#include "model/config/duration.h"
#include "model/fail_point.h"
#include "model/log_lines.h"
#include "model/memory_limit.h"
#include "query/service/thread_slices.h"
#include "services_main.h"
#include "spdlog/spdlog.h"
#include "storage/store.h"

ABSL_FLAG(std::string, target, "all",
          "what this process runs: all, gateway, ingester, store, querier or control");
ABSL_FLAG(std::string, http_address, "127.0.0.1:9009",
          "host:port for HTTP; port 0 picks a free one and prints it");
ABSL_FLAG(
    std::string, otlp_grpc_address, "",
    "where OTLP metrics are taken over gRPC, 127.0.0.1:4317 for example; empty = over HTTP only");
ABSL_FLAG(std::string, grpc_address, "127.0.0.1:9095",
          "host:port for gRPC between services; port 0 picks a free one and prints it");
ABSL_FLAG(
    std::string, http_tls_cert_file, "",
    "PEM file with the certificate of --http_address; HTTPS when it is given; read again when "
    "it changes, at SIGHUP and at /-/reload");
ABSL_FLAG(std::string, http_tls_key_file, "", "PEM file with the private key of that certificate");
ABSL_FLAG(std::string, http_tls_client_ca_file, "",
          "PEM file with the authorities of clients' certificates; a certificate that a client "
          "shows must be from one of them");
ABSL_FLAG(bool, http_tls_require_client_cert, false, "refuse clients that show no certificate");
ABSL_FLAG(
    std::string, grpc_tls_cert_file, "",
    "PEM file with the certificate that this process shows to the other services, as a server "
    "and as a client; mutual TLS when it is given; read again when it changes");
ABSL_FLAG(std::string, grpc_tls_key_file, "", "PEM file with the private key of that certificate");
ABSL_FLAG(std::string, grpc_tls_ca_file, "",
          "PEM file with the authorities of the other services' certificates");
ABSL_FLAG(std::string, grpc_tls_server_name, "",
          "name in the certificates of the services that this process calls; empty = the host of "
          "their address");
ABSL_FLAG(std::string, storage_dir, "data", "directory for the log and the store");
ABSL_FLAG(std::string, config, "",
          "YAML file with tenants, limits and retention; without it there is one tenant, default");
ABSL_FLAG(std::string, retention, "0",
          "how long samples are kept unless the configuration says otherwise, as 15d or 1y; 0 = "
          "for ever");
ABSL_FLAG(std::string, head_cut_interval, "30m",
          "how often the newest samples are sealed into pages; the log holds them until then");
ABSL_FLAG(std::string, log_durability, "group",
          "when a push is acknowledged: group = after a sync that it shares with others; interval "
          "= after the write, with a sync every 200 ms");
ABSL_FLAG(std::string, max_log_bytes, "16GB",
          "pushes are refused with 503 when this much log waits to be sealed");
ABSL_FLAG(std::string, max_head_memory, "0",
          "memory of what is not sealed yet; pushes are refused with 503 beyond it, and a third of "
          "it is a reason to seal; 0 = 60 percent of the memory that the process may use");
ABSL_FLAG(
    std::string, max_head_log_memory, "64MB",
    "memory of log entries that are not sealed yet; beyond it pushes of logs wait for sealing, "
    "up to 5 s, and are refused with 429 then; half of it is a reason to seal; "
    "0 = no bound but --max_head_memory");
ABSL_FLAG(std::string, block_cache_bytes, "256MB", "memory for pages read from the store");
ABSL_FLAG(std::string, delete_request_cancel_period, "24h",
          "how long a deletion of log entries can be cancelled; until then they are hidden and not "
          "removed; 0 = deletions are final at once");
ABSL_FLAG(std::string, maintenance_interval, "30s",
          "how often the store looks for partitions to merge and data past its retention");
ABSL_FLAG(std::string, ingester_address, "127.0.0.1:9095",
          "gRPC address of the ingester, for --target=gateway and querier");
ABSL_FLAG(std::string, store_address, "127.0.0.1:9096",
          "gRPC address of the store, for --target=gateway, ingester and querier");
ABSL_FLAG(std::string, querier_address, "127.0.0.1:9097",
          "gRPC address of the querier, for --target=gateway");
ABSL_FLAG(std::string, control_address, "127.0.0.1:9098",
          "gRPC addresses of the control processes, separated by commas, for --target=gateway");
ABSL_FLAG(int, max_concurrent_queries, 0,
          "queries of all tenants that are evaluated at the same time; more wait, the tenants in "
          "turn; 0 = two for each CPU, at least four");
ABSL_FLAG(std::string, max_query_memory, "0",
          "memory of all queries together; a query beyond it is refused with 422; 0 = a quarter of "
          "the memory that the process may use");
ABSL_FLAG(std::string, query_log_file, "",
          "a line of JSON for each PromQL query is appended to this file; opened again at SIGHUP "
          "and /-/reload; empty = no query log");
ABSL_FLAG(std::string, max_query_log_bytes, "100MB",
          "a query log that is larger is renamed to FILE.1, in place of an earlier one");
ABSL_FLAG(std::string, metrics_tags, "",
          "NAME=VALUE,... that every metric at /metrics carries; empty = those of the environment "
          "variable MP_METRICS_TAGS");
ABSL_FLAG(std::string, audit_log_file, "",
          "a line of JSON for each change that an administrator makes is appended to this file; "
          "opened again at SIGHUP and /-/reload; empty = no audit log");
ABSL_FLAG(std::string, max_audit_log_bytes, "100MB",
          "an audit log that is larger is renamed to FILE.1, in place of an earlier one");
ABSL_FLAG(std::string, server, "", "for tidegate key and import: URL of a running server");
ABSL_FLAG(std::string, server_ca_file, "",
          "for tidegate key and import: PEM file with the authorities of that server; empty = the "
          "system's");
ABSL_FLAG(std::string, tenant, "default", "for tidegate key and import: whose keys or series");
ABSL_FLAG(std::string, permissions, "read,write",
          "for tidegate key create: what the key may do, of read, write and admin");
ABSL_FLAG(
    std::string, allow_ips, "",
    "for tidegate key create: addresses and ranges (10.0.0.0/8) that may use the key, separated "
    "by commas; empty = any");
ABSL_FLAG(std::string, read_tenants, "",
          "for tidegate key create: tenants that the key may query beside its own, separated by "
          "commas");
ABSL_FLAG(int, http_workers, 128, "queries and other HTTP requests that are worked on at once");
ABSL_FLAG(int, http_push_workers, 16, "pushes over HTTP that are worked on at once");
ABSL_FLAG(int, http_max_connections, 4096, "HTTP connections; more are refused with 503");
ABSL_FLAG(std::string, log_level, "info", "trace, debug, info, warning, error or off");
ABSL_FLAG(std::string, log_format, "text",
          "how the lines of the log look: text, logfmt or json (one object a line)");
ABSL_FLAG(std::string, session_lifetime, "12h", "How long a login at the page holds. At least 1m.");
ABSL_FLAG(std::string, slow_request_threshold, "30s",
          "HTTP requests that take longer are a warning in the log; 0 = none is");
ABSL_FLAG(std::string, fail_point, "",
          "for crash tests: NAME:N kills the process at the N-th pass of a named place");

namespace tidegate {
namespace {

constexpr char kVersion[] = "0.1.0";
constexpr absl::Duration kShutdownBound = absl::Seconds(25);
constexpr timespec kConfigInterval = {.tv_sec = 2, .tv_nsec = 0};

constexpr char kUsage[] =
    R"(Tidegate takes what Prometheus senders push, keeps it, and answers PromQL.

usage: tidegate [flags]                     run the server
       tidegate check storage DIR           read everything in a storage directory and name damage
       tidegate check config FILE           say what is wrong with a configuration file
       tidegate check rules FILE...         say what is wrong with files of Prometheus rules
       tidegate test rules FILE...          run unit tests of rules, in promtool's format
       tidegate import prometheus DIR [--server=URL] [--tenant=NAME]
                                            send what a Prometheus has written, block by block;
                                            $TIDEGATE_KEY is a key with the permission write
       tidegate key create ID               make a key: prints the secret, and its entry for the file
       tidegate key create ID --server=URL [--tenant=NAME] [--permissions=read,write]
                      [--allow_ips=RANGE,...] [--read_tenants=NAME,...]
       tidegate key revoke ID --server=URL [--tenant=NAME]
       tidegate key list --server=URL [--tenant=NAME]
                                            keys of a running server; $TIDEGATE_KEY is a key with
                                            the permission admin

flags:
)";

int Fail(std::string_view message) {
  fmt::print(stderr, "tidegate: {}\n", message);
  return 1;
}

int Fail(const absl::Status& status) {
  return Fail(std::string_view(status.message().data(), status.message().size()));
}

bool IsOwnFlag(const absl::CommandLineFlag& flag) {
  const std::string file = flag.Filename();
  return file.size() >= sizeof("tidegate_main.cc") - 1 &&
         file.substr(file.size() - (sizeof("tidegate_main.cc") - 1)) == "tidegate_main.cc";
}

// Name and flag of everything defined in this file, sorted.
std::map<std::string, absl::CommandLineFlag*> OwnFlags() {
  std::map<std::string, absl::CommandLineFlag*> own;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (IsOwnFlag(*flag)) own.emplace(std::string(name), flag);
  }
  return own;
}

void PrintHelp() {
  fmt::print("{}", kUsage);
  for (const auto& [name, flag] : OwnFlags()) {
    fmt::print("  --{}={}\n      {}\n", name, flag->DefaultValue(), flag->Help());
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(fmt::format("cannot read {}", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::StatusOr<model::ConfigFile> LoadConfig(const std::string& path,
                                             const model::ConfigFile& start) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<model::ConfigFile> config = model::ParseConfig(*text, start);
  if (config.ok()) {
    // As Prometheus does with the files that its configuration names.
    const std::filesystem::path directory = std::filesystem::path(path).parent_path();
    for (model::ScrapeConfigFile& file : config->scrape_config_files) {
      file.file = (directory / file.file).string();
    }
    for (model::RuleFilePattern& file : config->rules.files) {
      file.file = (directory / file.file).string();
    }
    for (model::HostFile& file : config->host_files) file.file = (directory / file.file).string();
    for (std::string* file : model::FilesOf(&config->rules)) {
      if (!file->empty()) *file = (directory / *file).string();
    }
    return config;
  }
  return absl::InvalidArgumentError(fmt::format(
      "{}: {}", path,
      std::string_view(config.status().message().data(), config.status().message().size())));
}

// A flag's value as a duration or a size; the error names the flag.
template <typename T>
absl::Status Parse(std::string_view flag, absl::StatusOr<T> parsed, T* out) {
  if (!parsed.ok()) {
    const absl::string_view text = parsed.status().message();
    return absl::InvalidArgumentError(
        fmt::format("--{}: {}", flag, std::string_view(text.data(), text.size())));
  }
  *out = *parsed;
  return absl::OkStatus();
}

absl::Status ReadConfig(ServicesOptions* options) {
  absl::Duration retention;
  absl::Status status =
      Parse("retention", model::ParseDuration(absl::GetFlag(FLAGS_retention)), &retention);
  if (!status.ok()) return status;
  if (retention != absl::ZeroDuration()) options->config.default_retention = retention;
  const std::string path = absl::GetFlag(FLAGS_config);
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<model::ConfigFile> config = LoadConfig(path, options->config);
  if (!config.ok()) return config.status();
  // What the flags say is where each reading of the file starts from.
  options->load_config = [path, start = options->config] { return LoadConfig(path, start); };
  options->config = *std::move(config);
  return absl::OkStatus();
}

absl::Status ReadNumbers(ServicesOptions* options) {
  absl::Status status =
      Parse("head_cut_interval", model::ParseDuration(absl::GetFlag(FLAGS_head_cut_interval)),
            &options->head_cut_interval);
  status.Update(Parse("max_log_bytes", model::ParseBytes(absl::GetFlag(FLAGS_max_log_bytes)),
                      &options->max_log_bytes));
  status.Update(Parse("max_query_memory", model::ParseBytes(absl::GetFlag(FLAGS_max_query_memory)),
                      &options->max_query_memory));
  status.Update(Parse("max_head_memory", model::ParseBytes(absl::GetFlag(FLAGS_max_head_memory)),
                      &options->max_head_memory));
  status.Update(Parse("max_head_log_memory",
                      model::ParseBytes(absl::GetFlag(FLAGS_max_head_log_memory)),
                      &options->max_head_log_memory));
  if (options->max_head_memory == 0) {
    options->max_head_memory = model::ProcessMemoryLimit() / 5 * 3;
  }
  if (options->max_query_memory == 0) options->max_query_memory = model::ProcessMemoryLimit() / 4;
  status.Update(Parse("block_cache_bytes",
                      model::ParseBytes(absl::GetFlag(FLAGS_block_cache_bytes)),
                      &options->block_cache_bytes));
  status.Update(Parse("maintenance_interval",
                      model::ParseDuration(absl::GetFlag(FLAGS_maintenance_interval)),
                      &options->maintenance_interval));
  status.Update(Parse("delete_request_cancel_period",
                      model::ParseDuration(absl::GetFlag(FLAGS_delete_request_cancel_period)),
                      &options->delete_request_cancel_period));
  status.Update(Parse("slow_request_threshold",
                      model::ParseDuration(absl::GetFlag(FLAGS_slow_request_threshold)),
                      &options->slow_request_threshold));
  status.Update(Parse("session_lifetime",
                      model::ParseDuration(absl::GetFlag(FLAGS_session_lifetime)),
                      &options->session_lifetime));
  if (status.ok() && options->session_lifetime < absl::Minutes(1)) {
    return absl::InvalidArgumentError("--session_lifetime: must be at least 1m");
  }
  if (options->slow_request_threshold == absl::ZeroDuration()) {
    options->slow_request_threshold = absl::InfiniteDuration();
  }
  status.Update(Parse("max_audit_log_bytes",
                      model::ParseBytes(absl::GetFlag(FLAGS_max_audit_log_bytes)),
                      &options->max_audit_log_bytes));
  if (status.ok() && options->max_audit_log_bytes == 0) {
    status = absl::InvalidArgumentError("--max_audit_log_bytes: must be at least 1");
  }
  status.Update(Parse("max_query_log_bytes",
                      model::ParseBytes(absl::GetFlag(FLAGS_max_query_log_bytes)),
                      &options->max_query_log_bytes));
  if (status.ok() && options->max_query_log_bytes == 0) {
    status = absl::InvalidArgumentError("--max_query_log_bytes: must be at least 1");
  }
  if (status.ok() && options->head_cut_interval < absl::Seconds(1)) {
    status = absl::InvalidArgumentError("--head_cut_interval: must be at least 1s");
  }
  return status;
}

absl::StatusOr<ServicesOptions> ReadFlags() {
  ServicesOptions options;
  options.target_name = absl::GetFlag(FLAGS_target);
  absl::StatusOr<Target> target = ParseTarget(options.target_name);
  if (!target.ok()) return target.status();
  options.target = *target;
  options.http_address = absl::GetFlag(FLAGS_http_address);
  options.grpc_address = absl::GetFlag(FLAGS_grpc_address);
  options.otlp_grpc_address = absl::GetFlag(FLAGS_otlp_grpc_address);
  options.http_tls = {absl::GetFlag(FLAGS_http_tls_cert_file),
                      absl::GetFlag(FLAGS_http_tls_key_file),
                      absl::GetFlag(FLAGS_http_tls_client_ca_file)};
  options.http_tls_require_client_cert = absl::GetFlag(FLAGS_http_tls_require_client_cert);
  options.grpc_tls = {absl::GetFlag(FLAGS_grpc_tls_cert_file),
                      absl::GetFlag(FLAGS_grpc_tls_key_file),
                      absl::GetFlag(FLAGS_grpc_tls_ca_file)};
  options.grpc_tls_server_name = absl::GetFlag(FLAGS_grpc_tls_server_name);
  options.ingester_address = absl::GetFlag(FLAGS_ingester_address);
  options.store_address = absl::GetFlag(FLAGS_store_address);
  options.querier_address = absl::GetFlag(FLAGS_querier_address);
  options.control_addresses =
      absl::StrSplit(absl::GetFlag(FLAGS_control_address), ',', absl::SkipWhitespace());
  options.storage_dir = absl::GetFlag(FLAGS_storage_dir);
  options.http_workers = std::max(1, absl::GetFlag(FLAGS_http_workers));
  options.http_push_workers = std::max(1, absl::GetFlag(FLAGS_http_push_workers));
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int queries = absl::GetFlag(FLAGS_max_concurrent_queries);
  options.max_concurrent_queries =
      static_cast<uint32_t>(queries > 0 ? queries : std::max(4, 2 * cores));
  options.audit_log_file = absl::GetFlag(FLAGS_audit_log_file);
  options.metrics_tags = absl::GetFlag(FLAGS_metrics_tags);
  const char* const tags_of_environment = std::getenv("MP_METRICS_TAGS");
  if (options.metrics_tags.empty() && tags_of_environment != nullptr) {
    options.metrics_tags = tags_of_environment;
  }
  options.query_log_file = absl::GetFlag(FLAGS_query_log_file);
  options.http_max_connections = std::max(1, absl::GetFlag(FLAGS_http_max_connections));
  const std::string durability = absl::GetFlag(FLAGS_log_durability);
  if (durability != "group" && durability != "interval") {
    return absl::InvalidArgumentError("--log_durability: must be group or interval");
  }
  options.log_durability =
      durability == "group" ? storage::LogDurability::kGroup : storage::LogDurability::kInterval;
  if (absl::Status status = ReadNumbers(&options); !status.ok()) return status;
  if (absl::Status status = ReadConfig(&options); !status.ok()) return status;
  for (const auto& [name, flag] : OwnFlags())
    options.flags.emplace_back(name, flag->CurrentValue());
  options.version = kVersion;
  return options;
}

// Sockets and table files: the soft limit of most systems is far below what a busy server opens.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

// Blocked in every thread from here on, so that only main's wait sees them.
sigset_t BlockTerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Changes whenever the file does: its size, its times, and which file it is (a mounted directory is
// replaced as a whole). Empty when it cannot be read.
std::string FileState(const std::string& path) {
  struct stat file {};
  if (path.empty() || stat(path.c_str(), &file) != 0) return "";
  return fmt::format("{} {} {} {}.{}", file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

// Of everything that Services::Reload reads.
std::string StateOfWatchedFiles() {
  std::string state;
  for (const std::string& path :
       {absl::GetFlag(FLAGS_config), absl::GetFlag(FLAGS_http_tls_cert_file),
        absl::GetFlag(FLAGS_http_tls_key_file), absl::GetFlag(FLAGS_http_tls_client_ca_file)}) {
    state += FileState(path) + "\n";
  }
  return state;
}

void Reload(Services* services) {
  const absl::Status status = services->Reload();
  if (status.ok()) {
    spdlog::info("the configuration was read again");
  } else {
    spdlog::error("the configuration stays as it was: {}",
                  std::string_view(status.message().data(), status.message().size()));
  }
}

// The signal that asks the process to end. Until then the configuration is read again at SIGHUP and
// within kConfigInterval after the file has changed, so that a revoked key fails soon everywhere.
int WaitForTheEnd(const sigset_t& signals, Services* services) {
  std::string state = StateOfWatchedFiles();
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &kConfigInterval);
    if (signal == SIGTERM || signal == SIGINT) return signal;
    const std::string now = StateOfWatchedFiles();
    if (signal != SIGHUP && now == state) continue;
    state = now;
    Reload(services);
  }
}

int RunServer() {
  absl::StatusOr<ServicesOptions> options = ReadFlags();
  if (!options.ok()) return Fail(options.status());
  if (const std::string point = absl::GetFlag(FLAGS_fail_point); !point.empty()) {
    if (absl::Status status = model::ArmFailPoint(point); !status.ok()) return Fail(status);
  }
  RaiseFileLimit();
  query::AskForShortSlices();  // For all threads that follow.
  const sigset_t signals = BlockTerminationSignals();
  absl::StatusOr<std::unique_ptr<Services>> services = StartServices(*options);
  if (!services.ok()) return Fail(services.status());
  fmt::print("tidegate {} ({}): {}\n", kVersion, options->target_name, (*services)->Describe());
  std::fflush(stdout);
  const int signal = WaitForTheEnd(signals, services->get());
  spdlog::info("signal {}: sealing what is open", signal);
  const absl::Status stopped = (*services)->Shutdown(kShutdownBound);
  if (!stopped.ok()) return Fail(stopped);
  spdlog::info("stopped");
  return 0;
}

int CheckStorageDirectory(const std::string& directory) {
  auto damage = storage::CheckStorage(directory);
  if (!damage.ok()) return Fail(damage.status());
  for (const storage::StorageDamage& one : *damage) {
    fmt::print("{}: {}\n", one.where, one.reason);
  }
  fmt::print("{}: {}\n", directory,
             damage->empty() ? "no damage found" : fmt::format("{} damaged", damage->size()));
  return damage->empty() ? 0 : 1;
}

using Words = std::vector<std::string>;

void PrintDuplicates(const std::vector<control::DuplicateRule>& duplicates) {
  fmt::print("  FAILED:\nlint error {} duplicate rule(s) found.\n", duplicates.size());
  for (const control::DuplicateRule& rule : duplicates) {
    fmt::print("Metric: {}\nLabel(s):\n", rule.name);
    for (const auto& [name, value] : rule.labels) fmt::print("\t{}: {}\n", name, value);
  }
  fmt::print("Their samples or alerts would be the same ones.\n\n");
}

// Exit codes and verdicts of both are promtool's.
int CheckRuleFiles(const Words& paths) {
  int exit_code = 0;
  for (const std::string& path : paths) {
    const absl::StatusOr<std::string> text = ReadFile(path);
    control::RuleFile file;
    if (text.ok()) {
      file = control::ParseRuleFile(*text, query::RuleLanguage::kPromQl);
    } else {
      file.mistakes.emplace_back(text.status().message());
    }
    size_t rules = 0;
    for (const control::RuleGroupSpec& group : file.groups) rules += group.rules.size();
    fmt::print("Checking {}\n", path);
    const auto duplicates = control::DuplicateRules(file.groups);
    if (file.mistakes.empty() && duplicates.empty()) {
      fmt::print("  SUCCESS: {} rules found\n\n", rules);
      continue;
    }
    if (file.mistakes.empty()) {  // A warning: it may be meant.
      PrintDuplicates(duplicates);
      continue;
    }
    exit_code = 1;
    fmt::print("  FAILED:\n");
    for (const std::string& mistake : file.mistakes) fmt::print("{}: {}\n", path, mistake);
    fmt::print("\n");
  }
  return exit_code;
}

int TestRuleFiles(const Words& paths) {
  int exit_code = 0;
  for (const std::string& path : paths) {
    fmt::print("Unit Testing:  {}\n", path);
    const std::vector<std::string> failures = control::RunRuleTestFile(path);
    fmt::print("{}\n", failures.empty() ? "  SUCCESS" : "  FAILED:");
    for (const std::string& failure : failures) fmt::print("    {}\n", failure);
    fmt::print("\n");
    if (!failures.empty()) exit_code = 1;
  }
  return exit_code;
}

int CheckConfigFile(const std::string& path) {
  absl::StatusOr<model::ConfigFile> config = LoadConfig(path, {});
  if (!config.ok()) return Fail(config.status());
  absl::Status files = control::CheckScrapeConfigFiles(config->scrape_config_files);
  files.Update(control::CheckRules(config->rules));
  if (!files.ok()) return Fail(files);
  fmt::print("{}: valid\n", path);
  return 0;
}

// `tidegate key ...`. The administrator's own key comes from the environment: a flag would be seen
// by everybody who can list processes.
int ManageKeys(const std::vector<std::string>& words) {
  KeyCommandOptions options;
  options.server = absl::GetFlag(FLAGS_server);
  options.ca_file = absl::GetFlag(FLAGS_server_ca_file);
  options.tenant = absl::GetFlag(FLAGS_tenant);
  options.permissions = absl::GetFlag(FLAGS_permissions);
  options.allow_ips = absl::GetFlag(FLAGS_allow_ips);
  options.read_tenants = absl::GetFlag(FLAGS_read_tenants);
  if (const char* secret = std::getenv("TIDEGATE_KEY")) options.secret = secret;
  absl::Status status = RunKeyCommand(options, words);
  return status.ok() ? 0 : Fail(status);
}

int Import(const std::string& directory) {
  ImportCommandOptions options;
  if (const std::string server = absl::GetFlag(FLAGS_server); !server.empty()) {
    options.server = server;
  }
  options.ca_file = absl::GetFlag(FLAGS_server_ca_file);
  options.tenant = absl::GetFlag(FLAGS_tenant);
  if (const char* secret = std::getenv("TIDEGATE_KEY")) options.secret = secret;
  const absl::Status status = ImportPrometheus(options, directory);
  return status.ok() ? 0 : Fail(status);
}

int Run(const std::vector<std::string>& words) {
  if (words.empty()) return RunServer();
  if (words.size() == 3 && words[0] == "check" && words[1] == "storage") {
    return CheckStorageDirectory(words[2]);
  }
  if (words.size() == 3 && words[0] == "check" && words[1] == "config") {
    return CheckConfigFile(words[2]);
  }
  if (words.size() >= 3 && words[1] == "rules") {
    const Words paths(words.begin() + 2, words.end());
    if (words[0] == "check") return CheckRuleFiles(paths);
    if (words[0] == "test") return TestRuleFiles(paths);
  }
  if (words.size() == 3 && words[0] == "import" && words[1] == "prometheus") {
    return Import(words[2]);
  }
  if (words[0] == "key") return ManageKeys({words.begin() + 1, words.end()});
  return Fail(fmt::format("unknown command \"{}\"; tidegate --help lists the commands",
                          fmt::join(words, " ")));
}

bool Asks(int argc, char** argv, std::string_view flag) {
  return std::any_of(argv + 1, argv + argc, [flag](std::string_view argument) {
    return argument == flag || argument == flag.substr(1);
  });
}

}  // namespace
}  // namespace tidegate

int main(int argc, char** argv) {
  if (tidegate::Asks(argc, argv, "--help")) {
    tidegate::PrintHelp();
    return 0;
  }
  if (tidegate::Asks(argc, argv, "--version")) {
    fmt::print("tidegate {}\n", tidegate::kVersion);
    return 0;
  }
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  auto lines = tidegate::model::LogLines(absl::GetFlag(FLAGS_log_format));
  if (!lines.ok()) {
    fmt::print(stderr, "tidegate: {}\n", lines.status().ToString());
    return 1;
  }
  spdlog::set_formatter(*std::move(lines));
  spdlog::set_level(spdlog::level::from_str(absl::GetFlag(FLAGS_log_level)));
  return tidegate::Run({rest.begin() + 1, rest.end()});
}
