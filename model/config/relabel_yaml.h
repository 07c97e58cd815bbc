// Relabelling rules as Prometheus' configuration writes them (relabel_config).
#ifndef TIDEGATE_MODEL_CONFIG_RELABEL_YAML_H_
#define TIDEGATE_MODEL_CONFIG_RELABEL_YAML_H_

#include <vector>

#include "model/config/yaml_fields.h"
#include "model/relabel.h"

namespace tidegate::model {

// Reads a list of rules into `out`, behind what is there.
YamlReader YamlRelabelRules(std::vector<RelabelRule>* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_RELABEL_YAML_H_
