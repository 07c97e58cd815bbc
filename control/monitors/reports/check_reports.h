// Checks that hosts report, for those who ask.
#ifndef TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORTS_H_
#define TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "control/hosts.h"
#include "control/monitoring.h"
#include "control/monitors/reports/check_report.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// A report is judged when it comes, not in the next round: its alert, its state and who is told are
// one transaction. Thread safe, in several processes at once.
class CheckReports final : public ReportedChecks {
 public:
  // Everything must outlive it.
  CheckReports(storage::Documents* documents, Hosts* hosts, const model::Clock* clock,
               std::string external_url)
      : documents_(*documents),
        hosts_(*hosts),
        clock_(*clock),
        external_url_(std::move(external_url)) {}

  absl::StatusOr<CheckPage> List(const std::string& tenant, const std::string& from,
                                 size_t limit) override;
  absl::Status Report(const std::string& tenant, std::string_view body) override;
  absl::StatusOr<std::string> StatusesOfHost(const std::string& tenant,
                                             const std::string& host) override;

 private:
  // From `begin` on as many as fit into one transaction; returns where it ended. `unknown` gets the
  // first host that is not known.
  absl::StatusOr<size_t> TakeSome(const std::string& tenant,
                                  const std::vector<CheckReport>& reports, size_t begin,
                                  absl::Status* unknown);

  storage::Documents& documents_;
  Hosts& hosts_;
  const model::Clock& clock_;
  const std::string external_url_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORTS_H_
