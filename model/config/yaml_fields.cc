#include "model/config/yaml_fields.h"

#include <algorithm>
#include <charconv>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "model/config/duration.h"

namespace tidegate::model {
namespace {

template <typename T>
absl::Status Store(const YAML::Node& node, const std::string& path, const absl::StatusOr<T>& value,
                   T* out) {
  if (!value.ok()) return YamlError(node, path, std::string(value.status().message()));
  *out = *value;
  return absl::OkStatus();
}

std::string KnownNames(const std::vector<YamlField>& fields) {
  std::string names;
  for (const YamlField& field : fields) {
    names += (names.empty() ? "" : ", ") + std::string(field.name);
  }
  return names;
}

}  // namespace

absl::Status YamlError(const YAML::Node& node, std::string_view path, std::string_view problem) {
  return absl::InvalidArgumentError(
      fmt::format("line {}: {}: {}", node.Mark().line + 1, path, problem));
}

absl::Status YamlSyntaxError(const YAML::Exception& error) {
  return absl::InvalidArgumentError(
      fmt::format("line {}: not valid YAML: {}", error.mark.line + 1, error.msg));
}

absl::Status ReadYamlFields(const YAML::Node& map, const std::string& path,
                            const std::vector<YamlField>& fields) {
  if (map.IsNull()) return absl::OkStatus();
  if (!map.IsMap()) return YamlError(map, path, "must be a map");
  for (const auto& entry : map) {
    const std::string name = entry.first.as<std::string>("");
    const std::string inner = path.empty() ? name : path + "." + name;
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const YamlField& field) { return field.name == name; });
    if (found == fields.end()) {
      return YamlError(entry.first, inner,
                       fmt::format("unknown key; known are {}", KnownNames(fields)));
    }
    if (absl::Status status = found->read(entry.second, inner); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadYamlList(const YAML::Node& list, const std::string& path,
                          const YamlReader& read_element) {
  if (list.IsNull()) return absl::OkStatus();
  if (!list.IsSequence()) return YamlError(list, path, "must be a list");
  for (size_t i = 0; i < list.size(); ++i) {
    absl::Status status = read_element(list[i], fmt::format("{}[{}]", path, i));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

YamlReader YamlReadElsewhere() {
  return [](const YAML::Node&, const std::string&) { return absl::OkStatus(); };
}

YamlReader YamlString(std::string* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    if (node.IsNull()) {
      out->clear();
      return absl::OkStatus();
    }
    if (!node.IsScalar()) return YamlError(node, path, "must be a text");
    *out = node.Scalar();
    return absl::OkStatus();
  };
}

YamlReader YamlBool(bool* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    if (YAML::convert<bool>::decode(node, *out)) return absl::OkStatus();
    return YamlError(node, path, "must be true or false");
  };
}

YamlReader YamlUnsigned(uint64_t* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
    if (error == std::errc() && end == text.data() + text.size()) return absl::OkStatus();
    return YamlError(node, path, "must be a whole number, not negative");
  };
}

YamlReader YamlBytes(uint64_t* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return Store(node, path, ParseBytes(node.IsScalar() ? node.Scalar() : ""), out);
  };
}

YamlReader YamlDuration(absl::Duration* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return Store(node, path, ParseDuration(node.IsScalar() ? node.Scalar() : ""), out);
  };
}

YamlReader YamlStrings(std::vector<std::string>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [out](const YAML::Node& one, const std::string& inner) {
      return YamlString(&out->emplace_back())(one, inner);
    });
  };
}

YamlReader YamlStringMap(std::vector<std::pair<std::string, std::string>>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    if (node.IsNull()) return absl::OkStatus();
    if (!node.IsMap()) return YamlError(node, path, "must be a map");
    for (const auto& entry : node) {
      auto& pair = out->emplace_back(entry.first.as<std::string>(""), "");
      absl::Status status = YamlString(&pair.second)(entry.second, path + "." + pair.first);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
}

}  // namespace tidegate::model
