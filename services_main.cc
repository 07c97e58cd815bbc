#include "services_main.h"

#include <grpcpp/impl/codegen/service_type.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "absl/time/clock.h"
#include "api/audit/audit_log.h"
#include "api/auth/tenant_resolver.h"
#include "api/gateway.h"
#include "api/grpc/otlp_metrics_service.h"
#include "api/journal/query_journal.h"
#include "control/control.h"
#include "control/grpc/ruler_client.h"
#include "control/grpc/ruler_service.h"
#include "control/grpc/targets_client.h"
#include "control/grpc/targets_service.h"
#include "control/limits/limit_guard.h"
#include "control/monitoring.h"
#include "control/push_groups.h"
#include "control/rule_store.h"
#include "control/sessions.h"
#include "control/tenants/tenant_directory.h"
#include "fmt/format.h"
#include "ingest/grpc/ingester_client.h"
#include "ingest/grpc/ingester_service.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/config/config_tenant_registry.h"
#include "model/federation.h"
#include "model/metrics/metrics_registry.h"
#include "model/metrics/process_metrics.h"
#include "proto/grpc/call_watcher.h"
#include "proto/grpc/channel.h"
#include "proto/grpc/server.h"
#include "query/federation.h"
#include "query/grpc/log_query_client.h"
#include "query/grpc/log_query_rpc.h"
#include "query/grpc/query_client.h"
#include "query/grpc/query_rpc.h"
#include "query/log_query_service.h"
#include "query/query_service.h"
#include "storage/grpc/log_source_client.h"
#include "storage/grpc/log_source_service.h"
#include "storage/grpc/series_source_client.h"
#include "storage/grpc/series_source_service.h"
#include "storage/grpc/store_admin_client.h"
#include "storage/grpc/store_admin_service.h"
#include "storage/grpc/store_client.h"
#include "storage/grpc/store_service.h"
#include "storage/store.h"

namespace tidegate {
namespace {

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("cannot create the storage directory {}: {}", path, error.message()));
}

std::string WorkingDirectory() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

std::string RetentionText(absl::Duration retention) {
  return retention == absl::InfiniteDuration() ? "unlimited" : absl::FormatDuration(retention);
}

// Of host:port.
uint16_t PortOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  return static_cast<uint16_t>(
      std::atoi(address.c_str() + (colon == address.npos ? 0 : colon + 1)));
}

// Owns every part. Members are declared in the order in which they depend on each other, so that
// destruction goes the other way.
class LocalServices final : public Services {
 public:
  explicit LocalServices(const ServicesOptions& options)
      : options_(options),
        registry_(options.config, control::TenantDirectory::Unread(options.config)),
        metrics_(std::make_shared<model::MetricsRegistry>()),
        control_limits_(&registry_, metrics_.get()),
        journal_({options.query_log_file, options.max_query_log_bytes}, &clock_, metrics_.get()),
        audit_({options.audit_log_file, options.max_audit_log_bytes}, &registry_, &clock_,
               metrics_.get()),
        security_{options.grpc_tls, options.grpc_tls_server_name} {
    model::AddProcessMetrics(metrics_.get());
    if (Runs(Target::kStore) || Runs(Target::kIngester)) {
      model::AddDiskMetrics(options.storage_dir, metrics_.get());
    }
  }

  absl::Status Start() {
    absl::Status status = journal_.ReopenLog();
    if (status.ok()) status = audit_.Reopen();
    if (status.ok()) status = rpc::CheckTransportSecurity(security_);
    if (status.ok() && Runs(Target::kStore)) status.Update(OpenStore());
    if (status.ok()) Connect();
    if (status.ok()) OpenTenants();
    if (status.ok()) OpenProjects();
    if (status.ok() && Runs(Target::kIngester)) status.Update(OpenIngester());
    if (status.ok() && IsFront()) {
      push_groups_ = control::OpenPushGroups(&store_->documents(), ingester_, &clock_, &control_limits_);
    }
    if (status.ok() && Runs(Target::kQuerier)) OpenQuerier();
    if (status.ok() && IsFront()) OpenMonitoring();
    if (status.ok() && IsFront()) OpenSessions();
    if (status.ok() && Runs(Target::kControl)) status.Update(OpenControl());
    if (status.ok()) status.Update(Serve());
    if (status.ok() && control_ != nullptr) control_->Start(OwnPorts());
    return status;
  }

  std::string Describe() const override {
    std::string text = fmt::format("HTTP on {}", gateway_->address());
    if (grpc_server_ != nullptr) text += fmt::format(", gRPC on {}", grpc_server_->address());
    if (otlp_server_ != nullptr) text += fmt::format(", OTLP on {}", otlp_server_->address());
    if (local_ingester_ != nullptr || local_store_ != nullptr) {
      text += fmt::format(", data in {}", options_.storage_dir);
    }
    return text;
  }

  absl::Status Reload() override {
    if (!started_) return absl::UnavailableError("the process is starting");
    // Each for itself: a mistake in one does not keep the others from being taken over.
    absl::Status status = journal_.ReopenLog();
    status.Update(audit_.Reopen());
    status.Update(gateway_->ReloadTls());
    status.Update(ReloadConfig());
    return status;
  }

  absl::Status Shutdown(absl::Duration bound) override {
    // The front door first, so that senders go elsewhere; a third of the time is for running
    // requests, the rest for sealing.
    const absl::Time start = absl::Now();
    stopping_ = true;
    tenants_->RequestStop();
    removal_cancelled_->store(true);
    if (grpc_server_ != nullptr) grpc_server_->SetServing(false);
    gateway_->Shutdown(start + bound / 3);
    if (otlp_server_ != nullptr) otlp_server_->Shutdown(start + bound / 3);
    if (control_ != nullptr) control_->Shutdown(start + bound / 2);
    absl::Status status;
    if (local_ingester_ != nullptr) status.Update(local_ingester_->Shutdown(start + bound * 0.8));
    if (grpc_server_ != nullptr) grpc_server_->Shutdown(start + bound * 0.9);
    tenants_->Stop();
    if (local_store_ != nullptr) status.Update(local_store_->Close());
    return status;
  }

 private:
  bool Runs(Target target) const {
    return options_.target == Target::kAll || options_.target == target;
  }

  absl::Status ReloadConfig() {
    if (!options_.load_config) return absl::OkStatus();
    absl::StatusOr<model::ConfigFile> config = options_.load_config();
    if (!config.ok()) return config.status();
    if (config->trust_org_id != options_.config.trust_org_id) {
      return absl::InvalidArgumentError("trust_org_id can only be changed by a restart");
    }
    if (control_ != nullptr) {
      absl::Status status = control::CheckScrapeConfigFiles(config->scrape_config_files);
      status.Update(control::CheckRules(config->rules));
      if (!status.ok()) return status;
      control_->SetScrapeConfigFiles(config->scrape_config_files);
      control_->SetRules(config->rules);
    }
    hosts_->SetConfigured(config->hosts, config->host_files);
    tenants_->ReplaceFile(*config);
    return absl::OkStatus();
  }

  absl::Status OpenStore() {
    storage::LocalStoreOptions store;
    store.directory = options_.storage_dir + "/store";
    store.block_cache_bytes = options_.block_cache_bytes;
    store.maintenance_interval = options_.maintenance_interval;
    store.snapshot_directory = options_.storage_dir + "/snapshots";
    store.metrics = metrics_.get();
    if (absl::Status status = MakeDirectory(store.directory); !status.ok()) return status;
    auto opened = storage::OpenLocalStore(store, &clock_, &registry_);
    if (!opened.ok()) return opened.status();
    local_store_ = *std::move(opened);
    store_ = local_store_.get();
    store_admin_ = local_store_.get();
    return absl::OkStatus();
  }

  // Tenants of the configuration file and of the store's documents. While the store is away nobody
  // is let in; it is asked again every second.
  void OpenTenants() {
    control::TenantDirectoryOptions options;
    if (IsFront()) {
      options.remove_data = [this](const std::string& tenant, absl::Time deadline) {
        return RemoveData(tenant, deadline);
      };
    }
    tenants_ = std::make_unique<control::TenantDirectory>(options, options_.config, &registry_,
                                                          &store_->documents(), &clock_);
    (void)tenants_->Refresh();
  }

  // What is unsealed is sealed first: nothing else takes it out of the log.
  absl::Status RemoveData(const std::string& tenant, absl::Time deadline) {
    model::RequestContext context;
    context.tenant = tenant;
    context.request_id = fmt::format("removal of {}", tenant);
    context.deadline = deadline;
    context.cancelled = removal_cancelled_;
    if (absl::Status status = ingester_->Flush(context); !status.ok()) return status;
    auto metric = model::CompiledMatcher::Compile({model::MatchType::kRegex, "__name__", ".*"});
    if (!metric.ok()) return metric.status();
    storage::Deletion series;
    series.matchers.push_back(*metric);
    if (absl::Status status = store_admin_->Delete(context, {series}); !status.ok()) return status;
    storage::LogDeletion logs;
    logs.matchers.push_back(*metric);  // Streams have no name: this one matches all of them, too.
    logs.query = "the deletion of the tenant";
    logs.created_at = logs.final_at = clock_.NowMs();
    const auto deleted = store_admin_->DeleteLogs(context, logs);
    return deleted.ok() ? store_admin_->CleanTombstones(context) : deleted.status();
  }

  // The front door of a gateway reaches everything; every other target serves its own part.
  bool IsFront() const {
    return options_.target == Target::kAll || options_.target == Target::kGateway;
  }

  // Clients of the services that run elsewhere. Channels connect on first use.
  void Connect() {
    if (store_ == nullptr) {
      const auto channel = rpc::OpenChannel(options_.store_address, security_);
      remote_store_ = storage::ConnectStore(channel, &watcher_);
      store_ = remote_store_.get();
      remote_store_admin_ = storage::ConnectStoreAdmin(channel, &watcher_);
      store_admin_ = remote_store_admin_.get();
    }
    if (!Runs(Target::kIngester)) {
      const auto channel = rpc::OpenChannel(options_.ingester_address, security_);
      remote_ingester_ = ingest::ConnectIngester(
          channel, std::make_unique<storage::SeriesSourceClient>("ingester", channel, &watcher_),
          std::make_unique<storage::LogSourceClient>("ingester", channel, &watcher_), &watcher_);
      ingester_ = remote_ingester_.get();
    }
    if (!Runs(Target::kQuerier)) {
      const auto channel = rpc::OpenChannel(options_.querier_address, security_);
      remote_queries_ = query::ConnectQueryService(channel, &watcher_);
      queries_ = remote_queries_.get();
      remote_log_queries_ = query::ConnectLogQueryService(channel, &watcher_);
      log_queries_ = remote_log_queries_.get();
      source_ = std::make_unique<storage::SeriesSourceClient>("querier", channel, &watcher_);
    }
    if (options_.target == Target::kGateway) {
      std::vector<std::shared_ptr<grpc::Channel>> channels;
      for (const std::string& address : options_.control_addresses) {
        channels.push_back(rpc::OpenChannel(address, security_));
      }
      remote_targets_ = control::ConnectTargets(channels, &watcher_);
      remote_ruler_ = control::ConnectRuler(channels, &watcher_);
    }
  }

  absl::Status OpenIngester() {
    ingest::IngesterOptions ingester;
    ingester.directory = options_.storage_dir + "/ingester";
    ingester.durability = options_.log_durability;
    ingester.max_log_bytes = options_.max_log_bytes;
    ingester.max_head_bytes = options_.max_head_memory;
    // Early enough that a cut is done before the bound is reached.
    ingester.cut_head_bytes = std::min(ingester.cut_head_bytes, options_.max_head_memory / 3);
    ingester.max_entry_bytes = options_.max_head_log_memory;
    if (ingester.max_entry_bytes != 0) ingester.cut_entry_bytes = ingester.max_entry_bytes / 2;
    // Samples come through the same workers.
    ingester.max_waiting_log_pushes = std::max(1, options_.http_push_workers / 4);
    ingester.head_cut_interval = options_.head_cut_interval;
    ingester.push_rules = &registry_;
    if (absl::Status status = MakeDirectory(ingester.directory); !status.ok()) return status;
    auto opened = ingest::CreateIngester(ingester, store_, &registry_, &clock_, metrics_.get());
    if (!opened.ok()) return opened.status();
    local_ingester_ = *std::move(opened);
    ingester_ = local_ingester_.get();
    return absl::OkStatus();
  }

  void OpenQuerier() {
    both_ = query::MergeSources(&ingester_->series(), store_);
    merged_ = query::FederateTenants(both_.get());
    query::EngineOptions engine;
    engine.turns = query::CreateQueryTurns(options_.max_concurrent_queries,
                                           options_.max_query_memory, metrics_.get());
    engine.metrics = metrics_.get();
    source_ = query::TakeTurns(merged_.get(), engine.turns, &registry_);
    local_queries_ = query::CreateQueryService(engine, merged_.get(), &registry_, &clock_);
    queries_ = local_queries_.get();
    both_logs_ = query::MergeLogSources(&ingester_->logs(), store_);
    logs_ = query::FederateLogTenants(both_logs_.get());
    local_log_queries_ = query::CreateLogQueryService(
        {.turns = engine.turns, .metrics = metrics_.get()}, logs_.get(), &registry_);
    log_queries_ = local_log_queries_.get();
  }

  void OpenProjects() {
    hosts_ = control::OpenHosts(&store_->documents());
    hosts_->SetConfigured(options_.config.hosts, options_.config.host_files);
    workspaces_ = control::OpenWorkspaces(&store_->documents(), &clock_, &control_limits_);
    control::RuleStoreOptions rules;
    rules.limits = &control_limits_;
    rule_store_ = control::CreateRuleStore(rules, &store_->documents());
  }

  void OpenMonitoring() {
    monitoring_ =
        control::OpenMonitoring({&store_->documents(), hosts_.get(), ingester_, queries_,
                                 &control_limits_, &clock_, options_.config.rules.external_url});
  }

  void OpenSessions() {
    control::SessionOptions sessions;
    sessions.lifetime = options_.session_lifetime;
    sessions.shared = options_.target == Target::kGateway;
    sessions_ = control::OpenSessions(sessions, &store_->documents(), &clock_);
    audit_.SetSessions(sessions_.get());
  }

  absl::Status OpenControl() {
    const auto& files = options_.config.scrape_config_files;
    absl::Status status = control::CheckScrapeConfigFiles(files);
    status.Update(control::CheckRules(options_.config.rules));
    if (!status.ok()) return status;
    control::ControlOptions control;
    control.holder = Holder();
    control.scrape_config_files = files;
    control.rules = options_.config.rules;
    control.user_agent = fmt::format("Tidegate/{}", options_.version);
    control_ =
        control::CreateControl(control, {ingester_, queries_, log_queries_, &store_->documents(),
                                         hosts_.get(), &registry_, &clock_, metrics_.get()});
    return absl::OkStatus();
  }

  // Nobody else has the directory of a store that runs here: what comes back under its name may
  // take the lease at once.
  std::string Holder() const {
    if (local_store_ != nullptr) return "all";
    char host[256] = {};
    (void)gethostname(host, sizeof(host) - 1);
    return fmt::format("{}/{}/{}", host, getpid(), absl::ToUnixNanos(absl::Now()));
  }

  std::vector<uint16_t> OwnPorts() const {
    std::vector<uint16_t> ports = {PortOf(gateway_->address())};
    if (grpc_server_ != nullptr) ports.push_back(PortOf(grpc_server_->address()));
    if (otlp_server_ != nullptr) ports.push_back(PortOf(otlp_server_->address()));
    return ports;
  }

  absl::Status Serve() {
    std::vector<grpc::Service*> services;
    AddServices(&services);
    if (!services.empty()) {
      rpc::ServerOptions server_options;
      server_options.security = security_;
      auto server = rpc::Server::Start(options_.grpc_address, services, server_options);
      if (!server.ok()) return server.status();
      grpc_server_ = *std::move(server);
    }
    if (absl::Status status = ServeOtlp(); !status.ok()) return status;
    auto gateway = api::StartGateway(GatewayOptions(), GatewayParts());
    if (!gateway.ok()) return gateway.status();
    gateway_ = *std::move(gateway);
    started_ = true;
    tenants_->Start();
    if (grpc_server_ != nullptr) grpc_server_->SetServing(true);
    if (otlp_server_ != nullptr) otlp_server_->SetServing(true);
    return absl::OkStatus();
  }

  // For exporters outside: plain, with keys as over HTTP.
  absl::Status ServeOtlp() {
    if (options_.otlp_grpc_address.empty() || (!IsFront() && !Runs(Target::kIngester))) {
      return absl::OkStatus();
    }
    otlp_service_ = std::make_unique<api::OtlpMetricsService>(&otlp_resolver_, ingester_);
    auto server = rpc::Server::Start(options_.otlp_grpc_address, {otlp_service_.get()});
    if (!server.ok()) return server.status();
    otlp_server_ = *std::move(server);
    return absl::OkStatus();
  }

  void AddServices(std::vector<grpc::Service*>* services) {
    if (local_ingester_ != nullptr) {
      ingester_service_ = std::make_unique<ingest::IngesterService>(ingester_);
      services->push_back(ingester_service_.get());
    }
    if (local_store_ != nullptr) {
      store_service_ = std::make_unique<storage::StoreService>(store_, &watcher_);
      documents_service_ = std::make_unique<storage::DocumentsService>(&store_->documents());
      services->push_back(store_service_.get());
      services->push_back(documents_service_.get());
      store_admin_service_ = std::make_unique<storage::StoreAdminService>(store_admin_, &watcher_);
      services->push_back(store_admin_service_.get());
    }
    if (local_queries_ != nullptr) {
      query_rpc_ = std::make_unique<query::QueryRpc>(queries_, &watcher_);
      services->push_back(query_rpc_.get());
      log_query_rpc_ = std::make_unique<query::LogQueryRpc>(log_queries_, &watcher_);
      services->push_back(log_query_rpc_.get());
    }
    if (control_ != nullptr) {
      targets_service_ = std::make_unique<control::TargetsService>(&control_->targets(), &watcher_);
      services->push_back(targets_service_.get());
      ruler_service_ = std::make_unique<control::RulerService>(&control_->ruler(), &watcher_);
      services->push_back(ruler_service_.get());
    }
    // An ingester serves what is unsealed, a store what is sealed, others both together.
    storage::SeriesSource* source = source_.get();
    if (options_.target == Target::kIngester) source = &ingester_->series();
    if (options_.target == Target::kStore) source = store_;
    if (options_.target == Target::kGateway || options_.target == Target::kControl) return;
    source_service_ = std::make_unique<storage::SeriesSourceService>(source, &watcher_);
    services->push_back(source_service_.get());
    storage::LogSource* logs = logs_.get();
    if (options_.target == Target::kIngester) logs = &ingester_->logs();
    if (options_.target == Target::kStore) logs = store_;
    log_source_service_ = std::make_unique<storage::LogSourceService>(logs, &watcher_);
    services->push_back(log_source_service_.get());
  }

  api::GatewayOptions GatewayOptions() const {
    api::GatewayOptions gateway;
    gateway.address = options_.http_address;
    gateway.worker_threads = options_.http_workers;
    gateway.push_worker_threads = options_.http_push_workers;
    gateway.max_connections = options_.http_max_connections;
    gateway.tls = options_.http_tls;
    gateway.tls_require_client_cert = options_.http_tls_require_client_cert;
    gateway.trust_org_id = options_.config.trust_org_id;
    gateway.session_lifetime = options_.session_lifetime;
    gateway.slow_request_threshold = options_.slow_request_threshold;
    gateway.metrics_tags = options_.metrics_tags;
    gateway.target = options_.target_name;
    gateway.build.version = options_.version;
    gateway.build.revision = fmt::format("tidegate-{}", options_.version);
    gateway.runtime = {absl::Now(), WorkingDirectory(),
                       RetentionText(options_.config.default_retention)};
    gateway.flags = options_.flags;
    return gateway;
  }

  api::GatewayDependencies GatewayParts() {
    const bool front = IsFront();
    api::GatewayDependencies parts;
    if (front || options_.target == Target::kIngester) parts.ingester = ingester_;
    if (front || options_.target == Target::kQuerier) {
      parts.queries = queries_;
      parts.log_queries = log_queries_;
      parts.series = source_.get();
      parts.journal = &journal_;
      if (control_ != nullptr) parts.targets = &control_->targets();
      if (remote_targets_ != nullptr) parts.targets = remote_targets_.get();
      if (remote_ruler_ != nullptr) parts.ruler = remote_ruler_.get();
      if (control_ != nullptr) parts.ruler = &control_->ruler();
      parts.metadata = [this](const model::RequestContext& context, const std::string& family) {
        return MetadataOf(context, family);
      };
    }
    if (front) {
      parts.sessions = sessions_.get();
      parts.admin = Administration();
      parts.log_admin = LogAdministration();
      parts.workspaces = workspaces_.get();
      parts.push_groups = push_groups_.get();
      parts.hosts = hosts_.get();
      parts.monitoring = monitoring_.get();
      parts.rule_store = rule_store_.get();
      parts.tenant_administration = tenants_.get();
    }
    parts.audit = &audit_;
    parts.tenants = &registry_;
    parts.clock = &clock_;
    parts.metrics = metrics_;
    parts.config_yaml = [this] { return tenants_->FormatConfig(); };
    if (options_.load_config || !options_.query_log_file.empty() ||
        !options_.audit_log_file.empty() || options_.http_tls.enabled())
      parts.reload = [this] { return Reload(); };
    parts.ready = [this] { return Ready(); };
    return parts;
  }

  // Of one tenant or of several.
  absl::StatusOr<std::vector<model::MetricMetadata>> MetadataOf(
      const model::RequestContext& context, const std::string& family) {
    std::vector<model::MetricMetadata> all;
    for (const std::string& tenant : model::FederatedTenants(context.tenant)) {
      model::RequestContext one = context;
      one.tenant = tenant;
      auto found = store_->Metadata(one, family);
      if (!found.ok()) return found.status();
      all.insert(all.end(), found->begin(), found->end());
    }
    return all;
  }

  // Deletions and snapshots know sealed data only: everything is sealed first.
  api::TsdbAdmin Administration() {
    api::TsdbAdmin admin;
    admin.delete_series = [this](const model::RequestContext& context,
                                 const api::TsdbAdmin::Selections& selections,
                                 model::TimeRange range) {
      if (absl::Status status = ingester_->Flush(context); !status.ok()) return status;
      std::vector<storage::Deletion> deletions;
      for (const auto& matchers : selections) deletions.push_back({matchers, range});
      return store_admin_->Delete(context, deletions);
    };
    admin.clean_tombstones = [this](const model::RequestContext& context) {
      return store_admin_->CleanTombstones(context);
    };
    admin.snapshot = [this](const model::RequestContext& context,
                            bool skip_head) -> absl::StatusOr<std::string> {
      if (!skip_head) {
        if (absl::Status status = ingester_->Flush(context); !status.ok()) return status;
      }
      return store_admin_->Snapshot(context);
    };
    return admin;
  }

  api::LogAdmin LogAdministration() {
    api::LogAdmin admin;
    admin.delete_logs = [this](
                            const model::RequestContext& context,
                            const api::LogDeletionRequest& request) -> absl::StatusOr<std::string> {
      if (absl::Status status = ingester_->Flush(context); !status.ok()) return status;
      return store_admin_->DeleteLogs(context, {.matchers = request.entries.matchers,
                                                .range = request.range,
                                                .tests = request.entries.tests,
                                                .query = request.query,
                                                .created_at = request.created_at,
                                                .final_at = request.final_at});
    };
    admin.deletions = [this](const model::RequestContext& context)
        -> absl::StatusOr<std::vector<api::LogDeletionRecord>> {
      auto found = store_admin_->LogDeletions(context);
      if (!found.ok()) return found.status();
      std::vector<api::LogDeletionRecord> records;
      for (storage::LogDeletionRecord& one : *found) {
        records.push_back(
            {std::move(one.id), std::move(one.query), one.range, one.created_at, one.final_at});
      }
      return records;
    };
    admin.cancel = [this](const model::RequestContext& context, const std::string& id) {
      return store_admin_->CancelLogDeletion(context, id);
    };
    admin.cancel_period = options_.delete_request_cancel_period;
    return admin;
  }

  absl::Status Ready() const {
    if (stopping_) return absl::UnavailableError("shutting down");
    if (absl::Status status = registry_.Ready(); !status.ok()) return status;
    if (local_store_ != nullptr) {
      if (absl::Status status = local_store_->Ready(); !status.ok()) return status;
    }
    return local_ingester_ == nullptr ? absl::OkStatus() : local_ingester_->Ready();
  }

  const ServicesOptions options_;
  const model::SystemClock clock_;
  model::ConfigTenantRegistry registry_;
  std::shared_ptr<model::MetricsRegistry> metrics_;
  control::LimitGuard control_limits_;
  api::QueryJournal journal_;
  api::AuditLog audit_;
  const rpc::TransportSecurity security_;
  std::atomic<bool> started_{false};
  std::atomic<bool> stopping_{false};
  rpc::CallWatcher watcher_;

  std::unique_ptr<storage::LocalStore> local_store_;
  std::unique_ptr<storage::Store> remote_store_;
  storage::Store* store_ = nullptr;
  std::unique_ptr<storage::StoreAdmin> remote_store_admin_;
  storage::StoreAdmin* store_admin_ = nullptr;

  std::unique_ptr<ingest::LocalIngester> local_ingester_;
  std::unique_ptr<ingest::Ingester> remote_ingester_;
  ingest::Ingester* ingester_ = nullptr;

  std::unique_ptr<storage::SeriesSource> both_;    // Unsealed and sealed, of one tenant.
  std::unique_ptr<storage::SeriesSource> merged_;  // For the engine, which takes its own turns.
  std::unique_ptr<storage::SeriesSource> source_;  // For everybody else.
  std::unique_ptr<query::QueryService> local_queries_;
  std::unique_ptr<query::QueryService> remote_queries_;
  query::QueryService* queries_ = nullptr;
  std::unique_ptr<storage::LogSource> both_logs_;
  std::unique_ptr<storage::LogSource> logs_;
  std::unique_ptr<query::LogQueryService> local_log_queries_;
  std::unique_ptr<query::LogQueryService> remote_log_queries_;
  query::LogQueryService* log_queries_ = nullptr;

  std::unique_ptr<control::ConfiguredHosts> hosts_;
  std::unique_ptr<control::Workspaces> workspaces_;
  std::unique_ptr<control::Monitoring> monitoring_;
  std::unique_ptr<control::PushGroups> push_groups_;
  std::unique_ptr<control::Sessions> sessions_;
  std::unique_ptr<control::Control> control_;
  std::unique_ptr<control::Targets> remote_targets_;
  std::unique_ptr<control::Ruler> remote_ruler_;
  std::unique_ptr<control::RuleStore> rule_store_;
  std::shared_ptr<std::atomic<bool>> removal_cancelled_ =
      std::make_shared<std::atomic<bool>>(false);
  std::unique_ptr<control::TenantDirectory> tenants_;

  std::unique_ptr<ingest::IngesterService> ingester_service_;
  std::unique_ptr<storage::StoreService> store_service_;
  std::unique_ptr<storage::DocumentsService> documents_service_;
  std::unique_ptr<storage::StoreAdminService> store_admin_service_;
  std::unique_ptr<storage::SeriesSourceService> source_service_;
  std::unique_ptr<storage::LogSourceService> log_source_service_;
  std::unique_ptr<control::TargetsService> targets_service_;
  std::unique_ptr<control::RulerService> ruler_service_;
  std::unique_ptr<query::QueryRpc> query_rpc_;
  std::unique_ptr<query::LogQueryRpc> log_query_rpc_;
  std::unique_ptr<rpc::Server> grpc_server_;
  const api::TenantResolver otlp_resolver_{&registry_, options_.config.trust_org_id};
  std::unique_ptr<api::OtlpMetricsService> otlp_service_;
  std::unique_ptr<rpc::Server> otlp_server_;
  std::unique_ptr<api::Gateway> gateway_;
};

}  // namespace

absl::StatusOr<Target> ParseTarget(const std::string& name) {
  if (name == "all") return Target::kAll;
  if (name == "gateway") return Target::kGateway;
  if (name == "ingester") return Target::kIngester;
  if (name == "store") return Target::kStore;
  if (name == "querier") return Target::kQuerier;
  if (name == "control") return Target::kControl;
  return absl::InvalidArgumentError(fmt::format(
      "--target={}: must be one of all, gateway, ingester, store, querier, control", name));
}

absl::StatusOr<std::unique_ptr<Services>> StartServices(const ServicesOptions& options) {
  auto services = std::make_unique<LocalServices>(options);
  if (absl::Status status = services->Start(); !status.ok()) return status;
  return services;
}

}  // namespace tidegate
