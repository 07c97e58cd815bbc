// Hosts that are unlike what is usual in their role.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_ANOMALY_CHECK_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_ANOMALY_CHECK_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/monitors/checks/check_scene.h"

namespace tidegate::control {

// What is usual of one metric in one role: the median of all its hosts' values in the training
// period, and how far they lie from it (the median of the distances, 1.4826 times, which is a
// standard deviation where values are normal; at least 2 % of the median and kSmallestSpread). All
// but one in a thousand values lie between low and high at each end: what happens every night for
// ten minutes is among them.
struct UsualRange {
  double median = 0;
  double spread = 0;
  double low = 0;
  double high = 0;
};

inline constexpr double kSmallestSpread = 0.05;
// Values that training needs: a day of one host.
inline constexpr size_t kMinTrainingValues = 144;

// Nothing when there are too few values.
std::optional<UsualRange> Train(std::vector<double> values);

// How many spreads a value lies off the median; 0 between low and high, both included.
double Strangeness(const UsualRange& usual, double value);

// Strangeness beyond which a sensitivity calls a value anomalous: 6, 9, 14 from sensitive on.
double AnomalyBound(Sensitivity sensitivity);

// Metrics that are looked at, where a role has them.
const std::vector<std::string>& AnomalyMetrics();

// Training of roles, done again every hour. Owned by one thread.
class AnomalyModels {
 public:
  struct Model {
    absl::Time trained_at;
    std::map<std::string, UsualRange> usual;  // By metric.
  };

  // Of a role, trained on at most two weeks before now, and not before `from`.
  absl::StatusOr<const Model*> Of(const CheckScene& scene, const std::string& tenant,
                                  const Scope& role, absl::Time from);
  // Those that nobody has asked for within a day.
  void Forget(absl::Time now);

 private:
  std::map<std::string, Model> models_;
};

// One result per watched host of the roles: the strangeness of its strangest metric, from the mean
// of its last three minutes. Hosts whose role has no training yet have none.
absl::StatusOr<CheckResults> CheckAnomalies(const CheckScene& scene, const std::string& tenant,
                                            const AnomalyCheck& check, AnomalyModels* models);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_ANOMALY_CHECK_H_
