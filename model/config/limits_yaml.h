// The limits of a tenant, by name, as the configuration file has them.
#ifndef TIDEGATE_MODEL_CONFIG_LIMITS_YAML_H_
#define TIDEGATE_MODEL_CONFIG_LIMITS_YAML_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <utility>
#include <vector>

#include "model/config/yaml_fields.h"
#include "model/tenant.h"

namespace tidegate::model {

// Reads a map of limits over what is there. A name that is no limit is an error.
YamlReader YamlLimits(TenantLimits* limits);

// Every limit by name, each value as text, in the order of the example file.
std::vector<std::pair<std::string, std::string>> LimitTexts(const TenantLimits& limits);

// A map with every limit.
void EmitLimits(const TenantLimits& limits, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_LIMITS_YAML_H_
