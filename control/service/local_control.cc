#include "control/service/local_control.h"

#include <utility>

namespace tidegate::control {
namespace {

absl::Status NotStarted() { return absl::UnavailableError("the control plane is starting"); }

LeaseOptions LeaseOf(const ControlOptions& options) {
  LeaseOptions lease;
  lease.holder = options.holder;
  return lease;
}

}  // namespace

LocalControl::LocalControl(const ControlOptions& options, const ControlParts& parts)
    : options_(options),
      parts_(parts),
      limits_(parts.tenants, parts.metrics),
      scrape_metrics_(parts.metrics),
      rule_metrics_(parts.metrics),
      monitor_metrics_(parts.metrics),
      sender_({}, parts.ingester, parts.metrics),
      workspaces_(parts.documents, parts.clock),
      workspace_pools_(&workspaces_, parts.hosts, parts.clock),
      lease_(LeaseOf(options), parts.documents, parts.clock),
      alerts_({}, parts.metrics),
      mail_(options.rules.email),
      push_groups_(parts.documents, parts.ingester, parts.clock, &limits_),
      push_group_duty_(&push_groups_, &sender_, parts.clock),
      rules_({parts.queries, parts.log_queries, parts.ingester, parts.documents, parts.clock,
              &rule_metrics_, &alerts_, &lease_, &limits_},
             options.rules) {
  config_pools_.SetFiles(options.scrape_config_files);
  alerts_.SetConfig(options.rules.alerting);
}

void LocalControl::Start(std::vector<uint16_t> own_ports) {
  OutboundPolicyOptions outbound;
  outbound.own_ports = std::move(own_ports);
  policy_.emplace(parts_.tenants, std::move(outbound));
  alerts_.SetPolicy(&*policy_);
  ScraperOptions scraper;
  scraper.threads = options_.scrape_threads;
  scraper.user_agent = options_.user_agent;
  scraper.limits = &limits_;
  absl::MutexLock lock(&mutex_);
  scrape_ = std::make_unique<ScrapeDuty>(
      scraper, std::vector<PoolSource*>{&config_pools_, &workspace_pools_}, &*policy_, &sender_,
      parts_.clock, &scrape_metrics_);
  monitors_ = std::make_unique<MonitorDuty>(MonitorDutyParts{
      parts_.queries, parts_.ingester, parts_.documents, parts_.hosts, parts_.tenants, &*policy_,
      &mail_, parts_.clock, &monitor_metrics_, options_.user_agent, options_.rules.external_url});
  duties_ = std::make_unique<Duties>(
      &lease_, std::vector<Duty*>{scrape_.get(), &rules_, monitors_.get(), &push_group_duty_});
}

void LocalControl::SetScrapeConfigFiles(std::vector<model::ScrapeConfigFile> files) {
  config_pools_.SetFiles(std::move(files));
  absl::MutexLock lock(&mutex_);
  if (duties_ != nullptr) duties_->Wake();
}

void LocalControl::SetRules(model::RulesConfig rules) {
  alerts_.SetConfig(rules.alerting);
  mail_.SetConfig(rules.email);
  rules_.SetConfig(std::move(rules));
  absl::MutexLock lock(&mutex_);
  if (duties_ != nullptr) duties_->Wake();
}

absl::StatusOr<RuleGroupStatuses> LocalControl::Groups(const model::RequestContext& context) {
  return rules_.Groups(context.tenant);
}

absl::StatusOr<AlertmanagerUrls> LocalControl::Alertmanagers(const model::RequestContext& context) {
  return alerts_.UrlsOf(context.tenant);
}

void LocalControl::Shutdown(absl::Time deadline) {
  Duties* duties = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    duties = duties_.get();
  }
  if (duties != nullptr) duties->Stop();
  sender_.Drain(deadline);
}

ScrapeDuty* LocalControl::scrape() {
  absl::MutexLock lock(&mutex_);
  return scrape_.get();
}

absl::StatusOr<TargetList> LocalControl::List(const model::RequestContext& context) {
  ScrapeDuty* const duty = scrape();
  return duty == nullptr ? NotStarted() : duty->List(context);
}

absl::StatusOr<std::vector<TargetMetadata>> LocalControl::Metadata(
    const model::RequestContext& context, const std::string& metric) {
  ScrapeDuty* const duty = scrape();
  return duty == nullptr ? NotStarted() : duty->Metadata(context, metric);
}

absl::StatusOr<std::vector<RelabelStep>> LocalControl::RelabelSteps(
    const model::RequestContext& context, const std::string& pool, const model::Labels& labels) {
  ScrapeDuty* const duty = scrape();
  return duty == nullptr ? NotStarted() : duty->RelabelSteps(context, pool, labels);
}

absl::Status CheckRules(const model::RulesConfig& rules) { return CheckRuleFiles(rules.files); }

std::unique_ptr<Control> CreateControl(const ControlOptions& options, const ControlParts& parts) {
  return std::make_unique<LocalControl>(options, parts);
}

absl::Status CheckScrapeConfigFiles(const std::vector<model::ScrapeConfigFile>& files) {
  for (const model::ScrapeConfigFile& file : files) {
    const auto read = ReadScrapeFile(file.file);
    if (!read.ok()) return read.status();
  }
  return absl::OkStatus();
}

}  // namespace tidegate::control
