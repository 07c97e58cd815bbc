// Monitors over an engine and documents in memory, in simulated time, for tests.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_SIMULATION_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_SIMULATION_H_

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/hosts/host_registry.h"
#include "control/lease/owned_documents.h"
#include "control/monitoring.h"
#include "control/monitors/alerts/alert_documents.h"
#include "control/monitors/evaluation/monitor_metrics.h"
#include "control/monitors/evaluation/monitor_runner.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/notices/notice_outbox.h"
#include "control/monitors/notices/notice_resources.h"
#include "control/monitors/reports/check_reports.h"
#include "control/monitors/settings/monitor_resources.h"
#include "model/clock.h"
#include "model/config/config_tenant_registry.h"
#include "query/query_service.h"
#include "storage/memory_source.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {

// Owned by one thread. Time starts at kStart and moves in minutes; behind each the rounds that are
// due are played.
class MonitorSimulation : private RuleWriter {
 public:
  static constexpr const char* kTenant = "default";
  static absl::Time Start() { return absl::FromUnixSeconds(1'600'000'200); }

  MonitorSimulation() {
    clock_.SetMs(absl::ToUnixMillis(Start()));
    Must(channels.Create(kTenant, R"({"type":"webhook","name":"w","url":"http://hook"})"));
    Restart();
  }

  // A new process over the same documents and series.
  void Restart() {
    runners_.clear();
    owned_ = std::make_unique<OwnedDocuments>("monitor_owner", &documents, stop_.get());
    EXPECT_TRUE(owned_->EnsureOwned().ok());
    for (const RoundLane lane : {RoundLane::kValues, RoundLane::kExternal}) {
      runners_.push_back(std::make_unique<MonitorRunner>(lane, Parts()));
    }
  }

  // The id of what was made.
  static std::string Must(const absl::StatusOr<std::string>& made) {
    EXPECT_TRUE(made.ok()) << made.status();
    if (!made.ok()) return "";
    const boost::json::value value = boost::json::parse(*made);
    return std::string(value.is_string() ? value.as_string() : value.at("id").as_string());
  }
  std::string AddMonitor(const std::string& json) { return Must(monitors.Create(kTenant, json)); }
  std::string AddHost(const std::string& members = "") {
    clock_.Advance(absl::Milliseconds(1));  // Ids in the order of their making.
    return Must(hosts.Create(kTenant, R"({"name":"host")" + members + "}"));
  }

  // Values of a host or service, at a time since the start.
  void Post(const std::string& host, const std::string& metric, absl::Duration at, double value) {
    Add({{"__name__", metric}, {kHostLabel, host}}, at, value);
  }
  void PostService(const std::string& service, const std::string& metric, absl::Duration at,
                   double value) {
    Add({{"__name__", metric}, {kServiceLabel, service}}, at, value);
  }
  // A sign of life, as posting leaves it.
  void Alive(const std::string& host, absl::Duration at) {
    Add({{"__name__", kHostPostMetric}, {kHostLabel, host}}, at, 1);
    EXPECT_TRUE(hosts.NotePosts(kTenant, {host}).ok());
  }
  // What the host reports of its check "ntp", now.
  void Report(const std::string& host, const std::string& status) {
    const boost::json::object report{
        {"source", boost::json::object{{"type", "host"}, {"hostId", host}}},
        {"name", "ntp"},
        {"status", status},
        {"message", "text"},
        {"occurredAt", absl::ToUnixSeconds(clock_.Now())}};
    const std::string body =
        boost::json::serialize(boost::json::object{{"reports", boost::json::array{report}}});
    EXPECT_TRUE(checks.Report(kTenant, body).ok());
  }
  void Add(const model::Labels& labels, absl::Duration at, double value) {
    storage::LoadedSample sample;
    sample.timestamp = absl::ToUnixMillis(Start() + at);
    sample.value = value;
    source_.Add(labels, sample);
  }

  // The minutes up to this one, each with its rounds.
  void RunUntil(absl::Duration at) {
    while (now() + absl::Minutes(1) <= at) Minute();
  }
  void Minute() {
    minute_ += absl::Minutes(1);
    clock_.SetMs(absl::ToUnixMillis(Start() + minute_ + kRoundDelay));
    for (auto& runner : runners_) runner->RunDue();
  }
  // The process is away: no rounds.
  void Skip(absl::Duration by) { minute_ += by; }
  absl::Duration now() const { return minute_; }

  // Open alerts as the API shows them, without ids and times: "LEVEL host value message".
  std::vector<std::string> Open() { return Alerts(false); }
  // Closed ones too.
  std::vector<std::string> Alerts(bool with_closed = true) {
    const auto page = alerts.List(kTenant, with_closed, "", 100);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> shown;
    const boost::json::array list = boost::json::parse(page->alerts).as_array();
    for (const boost::json::value& alert : list) {
      shown.emplace_back(alert.at("status").as_string());
    }
    return shown;
  }
  boost::json::object Latest() {
    const auto page = alerts.List(kTenant, true, "", 1);
    const boost::json::array list = boost::json::parse(page->alerts).as_array();
    return list.empty() ? boost::json::object() : list[0].as_object();
  }

  // Statuses of the notifications that were put into the outbox since the last call, in order:
  // "critical", "warning", "ok".
  std::string Told() {
    std::string told;
    const auto notices = LoadNotices(&documents);
    EXPECT_TRUE(notices.ok());
    for (const PendingNotice& notice : *notices) {
      last_notice = boost::json::parse(notice.body).as_object();
      if (!told.empty()) told += " ";
      told += last_notice.at("alert").at("status").as_string();
      EXPECT_TRUE(documents.Commit({{notice.key, std::nullopt, std::nullopt}}).ok());
    }
    return told;
  }

  MonitorRunner& values() { return *runners_[0]; }
  void UseProber(const HttpProber* prober) {
    prober_ = prober;
    Restart();
  }

  storage::DocumentsInMemory documents;
  boost::json::object last_notice;

 private:
  absl::Status Write(const std::string&, const std::vector<RuleSample>& samples) override {
    for (const RuleSample& sample : samples) {
      storage::LoadedSample stored;
      stored.timestamp = sample.timestamp;
      stored.value = sample.value;
      source_.Add(sample.labels, stored);
    }
    return absl::OkStatus();
  }

  MonitorRunnerParts Parts() {
    MonitorRunnerParts parts;
    parts.documents = owned_.get();
    parts.hosts = &registry_;
    parts.queries = service_.get();
    parts.writer = this;
    parts.prober = prober_;
    parts.metrics = &metrics_;
    parts.tenants = &tenants_;
    parts.clock = &clock_;
    parts.stop = stop_;
    parts.external_url = "http://tidegate";
    return parts;
  }

  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  model::ManualClock clock_;
  absl::Duration minute_;
  storage::MemorySource source_;
  const std::unique_ptr<query::QueryService> service_ =
      query::CreateQueryService({}, &source_, &tenants_, &clock_);
  prometheus::Registry prometheus_;
  MonitorMetrics metrics_{&prometheus_};
  HostRegistry registry_{&documents};
  const std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  const HttpProber* prober_ = nullptr;
  std::unique_ptr<OwnedDocuments> owned_;
  std::vector<std::unique_ptr<MonitorRunner>> runners_;

 public:
  MonitorResources monitors{&documents, nullptr, &clock_};
  ChannelResources channels{&documents, &clock_};
  GroupResources groups{&documents, &clock_};
  DowntimeResources downtimes{&documents, &clock_};
  ServiceDocuments services{&documents};
  HostDocuments hosts{&documents, &registry_, nullptr, &clock_};
  AlertDocuments alerts{&documents, &registry_, &clock_, "http://tidegate"};
  CheckReports checks{&documents, &registry_, &clock_, "http://tidegate"};
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_SIMULATION_H_
