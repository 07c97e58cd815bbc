// admin/tsdb/*: deleting series, cleaning up after it, snapshots.
#ifndef TIDEGATE_API_PROMETHEUS_TSDB_ADMIN_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_TSDB_ADMIN_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "api/tsdb_admin.h"

namespace tidegate::api {

// match[] (at least one), start, end: 204.
ApiEndpoint DeleteSeriesEndpoint(const TsdbAdmin& admin);
// 204.
ApiEndpoint CleanTombstonesEndpoint(const TsdbAdmin& admin);
// skip_head: {"name":...}.
ApiEndpoint SnapshotEndpoint(const TsdbAdmin& admin);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_TSDB_ADMIN_ENDPOINTS_H_
