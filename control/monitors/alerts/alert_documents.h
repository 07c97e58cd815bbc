// Alerts as clients see and close them.
#ifndef TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_DOCUMENTS_H_
#define TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_DOCUMENTS_H_

#include <string>

#include "control/hosts.h"
#include "control/monitoring.h"
#include "control/monitors/alerts/monitor_alert.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Closing tells the channels too, in the same transaction. Thread safe.
class AlertDocuments final : public MonitorAlerts {
 public:
  // Everything must outlive it.
  AlertDocuments(storage::Documents* documents, Hosts* hosts, const model::Clock* clock,
                 std::string external_url)
      : documents_(*documents),
        hosts_(*hosts),
        clock_(*clock),
        external_url_(std::move(external_url)) {}

  absl::StatusOr<AlertPage> List(const std::string& tenant, bool with_closed,
                                 const std::string& after, size_t limit) override;
  absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) override;
  // One that is closed already stays as it is.
  absl::StatusOr<std::string> Close(const std::string& tenant, const std::string& id,
                                    std::string_view body) override;
  absl::StatusOr<AlertPage> Logs(const std::string& tenant, const std::string& id,
                                 const std::string& from, size_t limit) override;
  absl::StatusOr<std::string> SetMemo(const std::string& tenant, const std::string& id,
                                      std::string_view body) override;

 private:
  absl::StatusOr<storage::Document> Find(const std::string& tenant, const std::string& id);

  storage::Documents& documents_;
  Hosts& hosts_;
  const model::Clock& clock_;
  const std::string external_url_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_ALERTS_ALERT_DOCUMENTS_H_
