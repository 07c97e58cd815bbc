// The control plane of this process.
#ifndef TIDEGATE_CONTROL_SERVICE_LOCAL_CONTROL_H_
#define TIDEGATE_CONTROL_SERVICE_LOCAL_CONTROL_H_

#include <optional>

#include "control/control.h"
#include "control/lease/duties.h"
#include "control/lease/lease.h"
#include "control/limits/limit_guard.h"
#include "control/monitors/evaluation/monitor_duty.h"
#include "control/monitors/evaluation/monitor_metrics.h"
#include "control/notify/alert_router.h"
#include "control/notify/mail_sender.h"
#include "control/outbound/outbound_policy.h"
#include "control/push_groups/group_documents.h"
#include "control/push_groups/group_duty.h"
#include "control/rules/schedule/rule_duty.h"
#include "control/scrape/config_pools.h"
#include "control/scrape/scrape_duty.h"
#include "control/scrape/scrape_metrics.h"
#include "control/workspaces/workspace_documents.h"
#include "control/workspaces/workspace_pools.h"
#include "control/write/sample_sender.h"

namespace tidegate::control {

// Thread safe, but for Start and Shutdown. Members are declared in the order in which they depend
// on each other.
class LocalControl final : public Control, private Targets, private Ruler {
 public:
  LocalControl(const ControlOptions& options, const ControlParts& parts);
  ~LocalControl() override { Shutdown(absl::InfinitePast()); }

  void Start(std::vector<uint16_t> own_ports) override;
  void SetScrapeConfigFiles(std::vector<model::ScrapeConfigFile> files) override;
  Targets& targets() override { return *this; }
  void SetRules(model::RulesConfig rules) override;
  Ruler& ruler() override { return *this; }
  void Shutdown(absl::Time deadline) override;

 private:
  // Before Start there is nothing to ask.
  absl::StatusOr<TargetList> List(const model::RequestContext& context) override;
  absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext& context,
                                                       const std::string& metric) override;
  absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(const model::RequestContext& context,
                                                        const std::string& pool,
                                                        const model::Labels& labels) override;
  absl::StatusOr<RuleGroupStatuses> Groups(const model::RequestContext& context) override;
  absl::StatusOr<AlertmanagerUrls> Alertmanagers(const model::RequestContext& context) override;
  ScrapeDuty* scrape();

  const ControlOptions options_;
  const ControlParts parts_;
  LimitGuard limits_;
  ScrapeMetrics scrape_metrics_;
  RuleMetrics rule_metrics_;
  MonitorMetrics monitor_metrics_;
  SampleSender sender_;
  ConfigPools config_pools_;
  WorkspaceDocuments workspaces_;
  WorkspacePools workspace_pools_;
  Lease lease_;
  std::optional<OutboundPolicy> policy_;
  AlertRouter alerts_;
  MailSender mail_;
  GroupDocuments push_groups_;
  GroupDuty push_group_duty_;
  RuleDuty rules_;

  absl::Mutex mutex_;
  std::unique_ptr<ScrapeDuty> scrape_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<MonitorDuty> monitors_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Duties> duties_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SERVICE_LOCAL_CONTROL_H_
