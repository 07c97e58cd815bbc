// API keys and lists of addresses as the configuration file has them.
#ifndef TIDEGATE_MODEL_CONFIG_KEY_YAML_H_
#define TIDEGATE_MODEL_CONFIG_KEY_YAML_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "model/api_key.h"
#include "model/config/yaml_fields.h"
#include "model/ip_range.h"

namespace tidegate::model {

// Reads one key. `has_digest` tells whether it has a sha256.
absl::Status ReadKey(const YAML::Node& node, const std::string& path, ApiKey* key,
                     bool* has_digest);
// Reads a list of keys, each with a sha256 and an id of its own.
YamlReader YamlKeys(std::vector<ApiKey>* keys);
// Reads a list of addresses and CIDR ranges, in place of what is there.
YamlReader YamlAddresses(std::vector<IpRange>* ranges);

// `digest` is what to write as sha256.
void EmitKey(const ApiKey& key, const std::string& digest, YAML::Emitter* out);
// A key of an open map.
void EmitAddresses(const char* name, const std::vector<IpRange>& ranges, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_KEY_YAML_H_
