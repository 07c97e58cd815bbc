// Evaluating monitors and telling of their alerts, as a duty of the active process.
#ifndef TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_DUTY_H_
#define TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_DUTY_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/hosts.h"
#include "control/lease/duties.h"
#include "control/lease/owned_documents.h"
#include "control/monitors/checks/http_prober.h"
#include "control/monitors/evaluation/monitor_metrics.h"
#include "control/monitors/evaluation/monitor_runner.h"
#include "control/monitors/notices/notice_sender.h"
#include "control/notify/mail_sender.h"
#include "control/outbound/outbound_policy.h"
#include "control/rules/evaluation/ingester_writer.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/tenant.h"
#include "query/query_service.h"
#include "storage/documents.h"

namespace tidegate::control {

// Everything must outlive the duty.
struct MonitorDutyParts {
  query::QueryService* queries = nullptr;
  ingest::Ingester* ingester = nullptr;
  storage::Documents* documents = nullptr;
  Hosts* hosts = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  const OutboundPolicy* policy = nullptr;
  const MailSender* mail = nullptr;
  const model::Clock* clock = nullptr;
  MonitorMetrics* metrics = nullptr;
  std::string user_agent;
  std::string external_url;
};

// Two threads, one for each lane of rounds, and some that post. Its methods belong to one thread.
class MonitorDuty final : public Duty {
 public:
  explicit MonitorDuty(MonitorDutyParts parts) : parts_(std::move(parts)) {}
  ~MonitorDuty() override { End(); }

  bool HasWork() override;
  void Begin() override;
  void Continue() override;
  void End() override;

 private:
  // Of the time while this process is active. Members in order of dependence.
  class Running {
   public:
    explicit Running(const MonitorDutyParts& parts);
    ~Running();
    void Poll() { sender_.Poll(); }

   private:
    MonitorRunnerParts RunnerParts(const MonitorDutyParts& parts);
    NoticeSenderParts SenderParts(const MonitorDutyParts& parts);
    void Work(RoundLane lane, const MonitorRunnerParts& parts);

    const std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
    OwnedDocuments documents_;
    IngesterWriter writer_;
    const HttpProber prober_;
    NoticeSender sender_;
    absl::Mutex mutex_;
    bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
    std::vector<std::thread> lanes_;
  };

  const MonitorDutyParts parts_;
  std::optional<std::pair<uint64_t, uint64_t>> versions_;  // When HasWork looked last.
  bool has_work_ = false;
  std::unique_ptr<Running> running_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EVALUATION_MONITOR_DUTY_H_
