// Reports of one request, as one transaction.
#ifndef TIDEGATE_CONTROL_MONITORS_REPORTS_REPORT_INTAKE_H_
#define TIDEGATE_CONTROL_MONITORS_REPORTS_REPORT_INTAKE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "control/hosts.h"
#include "control/monitors/alerts/alert_changes.h"
#include "control/monitors/notices/downtime.h"
#include "control/monitors/notices/notice_settings.h"
#include "control/monitors/reports/check_report.h"
#include "control/monitors/reports/check_state.h"
#include "storage/documents.h"

namespace tidegate::control {

struct IntakeParts {
  storage::Documents* documents = nullptr;
  Hosts* hosts = nullptr;
  std::string external_url;
  absl::Time now;
};

// Judges reports in their order. Everything that it looks at is in the versions that its
// transaction expects: when somebody else was faster the transaction fails, and a new intake begins
// over what there is then. So no report counts twice and none is lost. Owned by one thread.
class ReportIntake {
 public:
  // What it points to must outlive it.
  ReportIntake(const IntakeParts& parts, std::string tenant)
      : parts_(parts), tenant_(std::move(tenant)) {}

  // NotFound: the host is not known or retired; nothing of the others is lost. Other errors end it.
  absl::Status Take(const CheckReport& report);
  // Whether this check of this host was judged already, or the transaction is a large one: commit
  // in front of the report.
  bool IsFullFor(const CheckReport& report) const;
  // Aborted: begin anew.
  absl::Status Commit();

 private:
  struct Known {
    CheckState state;
    uint64_t version = 0;  // 0: it is new.
    std::optional<OpenAlert> open;
  };

  absl::StatusOr<const HostRecord*> Host(const std::string& id);
  absl::StatusOr<const Monitor*> MonitorOf(const std::string& name);
  absl::StatusOr<Known*> StateOf(const HostRecord& host, const Monitor& monitor);
  // What alerts need, loaded when the first one changes.
  absl::Status LoadSurroundings();
  absl::Status Act(const AlertSubject& subject, const CheckReport& report, const AlertStep& step,
                   Known* known);
  absl::StatusOr<bool> HasTooManyOpen();
  // Takes away names that no host reports any more.
  absl::Status MakeRoom();

  const IntakeParts& parts_;
  const std::string tenant_;
  std::optional<ServiceCatalog> catalog_;
  std::map<std::string, HostRecord> hosts_;
  std::map<std::string, Monitor> monitors_;  // By name.
  std::map<std::string, Known> states_;      // By key.
  std::optional<std::vector<Downtime>> downtimes_;
  NoticeSettings notices_;
  std::optional<AlertChanges> changes_;
  std::vector<storage::DocumentWrite> new_monitors_;
  std::set<std::pair<std::string, std::string>> judged_;  // Hosts and names.
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_REPORTS_REPORT_INTAKE_H_
