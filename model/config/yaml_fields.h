// Reads maps of a YAML document field by field; a mistake names line, path and what would be right.
#ifndef TIDEGATE_MODEL_CONFIG_YAML_FIELDS_H_
#define TIDEGATE_MODEL_CONFIG_YAML_FIELDS_H_

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tidegate::model {

// "line 3: tenants[0].name: problem".
absl::Status YamlError(const YAML::Node& node, std::string_view path, std::string_view problem);

using YamlReader = std::function<absl::Status(const YAML::Node& node, const std::string& path)>;

struct YamlField {
  std::string_view name;
  YamlReader read;
};

// Hands each entry of a map to the reader of its name. An unknown name is an error: a typing
// mistake must not silently do nothing. InvalidArgument also when the node is no map; null is an
// empty one.
absl::Status ReadYamlFields(const YAML::Node& map, const std::string& path,
                            const std::vector<YamlField>& fields);
// Hands each element of a list to the reader, with its index in the path. Null is an empty list.
absl::Status ReadYamlList(const YAML::Node& list, const std::string& path,
                          const YamlReader& read_element);

// Takes anything: of what somebody else reads.
YamlReader YamlReadElsewhere();

// Readers of one value into a variable, which has to outlive the reading.
YamlReader YamlString(std::string* out);
YamlReader YamlBool(bool* out);
YamlReader YamlUnsigned(uint64_t* out);
YamlReader YamlBytes(uint64_t* out);           // "32MB".
YamlReader YamlDuration(absl::Duration* out);  // "1h30m".
YamlReader YamlStrings(std::vector<std::string>* out);
// A map of strings, in the order written.
YamlReader YamlStringMap(std::vector<std::pair<std::string, std::string>>* out);

// The problem of text that is no YAML at all, as an error.
absl::Status YamlSyntaxError(const YAML::Exception& error);

// Calls `read_root` with the root of the document. The library throws; that ends here.
template <typename ReadFn>
auto ParseYaml(std::string_view yaml, const ReadFn& read_root)
    -> decltype(read_root(YAML::Node())) {
  try {
    return read_root(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return YamlSyntaxError(error);
  }
}

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_YAML_FIELDS_H_
