// Checks over posted values: hosts, connectivity, services.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_METRIC_CHECKS_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_METRIC_CHECKS_H_

#include "control/monitors/checks/check_scene.h"

namespace tidegate::control {

// One result per watched host in scope that has a fresh value (kFreshFor): the mean of the last
// `duration` minutes up to its newest value.
absl::StatusOr<CheckResults> CheckHosts(const CheckScene& scene, const HostCheck& check);

// One result per watched host in scope that has ever posted: bad when it has not for kGoneAfter.
absl::StatusOr<CheckResults> CheckConnectivity(const CheckScene& scene,
                                               const ConnectivityCheck& check);

// At most one result: the mean of the last `duration` values when the newest is fresh, and how long
// there has been none, counted from `since` when there never was one.
absl::StatusOr<CheckResults> CheckService(const CheckScene& scene, const ServiceCheck& check,
                                          absl::Time since);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_METRIC_CHECKS_H_
