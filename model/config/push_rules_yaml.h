// The keys `otlp` and `write_relabel_configs`, at the top of the configuration file and of a
// tenant.
#ifndef TIDEGATE_MODEL_CONFIG_PUSH_RULES_YAML_H_
#define TIDEGATE_MODEL_CONFIG_PUSH_RULES_YAML_H_

#include <yaml-cpp/yaml.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "model/push_rules.h"

namespace tidegate::model {

// Reads both keys of a map, where they are there; what is not said is taken from `start`, and that
// is what is returned when neither is there. Rules of relabelling replace those of `start`.
absl::StatusOr<std::shared_ptr<const PushRules>> ReadPushRules(
    const YAML::Node& map, const std::string& path, const std::shared_ptr<const PushRules>& start);

// Both keys, everything written out, into a map that is open.
void EmitPushRules(const PushRules& rules, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_PUSH_RULES_YAML_H_
