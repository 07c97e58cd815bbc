#include "control/monitors/service/local_monitoring.h"

namespace tidegate::control {

LocalMonitoring::LocalMonitoring(const MonitoringParts& parts)
    : monitors_(parts.documents, parts.limits, parts.clock),
      channels_(parts.documents, parts.clock),
      groups_(parts.documents, parts.clock),
      downtimes_(parts.documents, parts.clock),
      services_(parts.documents),
      hosts_(parts.documents, parts.hosts, parts.limits, parts.clock),
      metrics_(parts.documents, &hosts_, parts.ingester, parts.queries, parts.clock),
      alerts_(parts.documents, parts.hosts, parts.clock, parts.external_url),
      checks_(parts.documents, parts.hosts, parts.clock, parts.external_url),
      metadata_(parts.documents, parts.hosts, parts.clock) {}

std::unique_ptr<Monitoring> OpenMonitoring(const MonitoringParts& parts) {
  return std::make_unique<LocalMonitoring>(parts);
}

}  // namespace tidegate::control
