// Monitoring over documents, the ingester and the querier.
#ifndef TIDEGATE_CONTROL_MONITORS_SERVICE_LOCAL_MONITORING_H_
#define TIDEGATE_CONTROL_MONITORS_SERVICE_LOCAL_MONITORING_H_

#include "control/monitoring.h"
#include "control/monitors/alerts/alert_documents.h"
#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/metadata/metadata_documents.h"
#include "control/monitors/metrics/posted_values.h"
#include "control/monitors/notices/notice_resources.h"
#include "control/monitors/reports/check_reports.h"
#include "control/monitors/settings/monitor_resources.h"

namespace tidegate::control {

// Thread safe. Members in order of dependence.
class LocalMonitoring final : public Monitoring {
 public:
  explicit LocalMonitoring(const MonitoringParts& parts);

  Resources& monitors() override { return monitors_; }
  Resources& channels() override { return channels_; }
  Resources& notification_groups() override { return groups_; }
  Resources& downtimes() override { return downtimes_; }
  Services& services() override { return services_; }
  MonitoredHosts& hosts() override { return hosts_; }
  PostedMetrics& metrics() override { return metrics_; }
  MonitorAlerts& alerts() override { return alerts_; }
  ReportedChecks& checks() override { return checks_; }
  Metadata& metadata() override { return metadata_; }

 private:
  MonitorResources monitors_;
  ChannelResources channels_;
  GroupResources groups_;
  DowntimeResources downtimes_;
  ServiceDocuments services_;
  HostDocuments hosts_;
  PostedValues metrics_;
  AlertDocuments alerts_;
  CheckReports checks_;
  MetadataDocuments metadata_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SERVICE_LOCAL_MONITORING_H_
