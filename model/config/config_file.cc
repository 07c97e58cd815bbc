#include "model/config/config_file.h"

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <variant>

#include "fmt/format.h"
#include "model/config/duration.h"

namespace tidegate::model {
namespace {

// A limit by name. The type of the field decides how the value is written.
struct LimitField {
  std::string_view name;
  std::variant<size_t TenantLimits::*, uint32_t TenantLimits::*, absl::Duration TenantLimits::*>
      field;
};

const LimitField kLimitFields[] = {
    {"max_body_bytes", &TenantLimits::max_body_bytes},
    {"max_decompressed_bytes", &TenantLimits::max_decompressed_bytes},
    {"max_labels_per_series", &TenantLimits::max_labels_per_series},
    {"max_label_name_bytes", &TenantLimits::max_label_name_bytes},
    {"max_label_value_bytes", &TenantLimits::max_label_value_bytes},
    {"max_series", &TenantLimits::max_series},
    {"max_future", &TenantLimits::max_future},
    {"max_age", &TenantLimits::max_age},
    {"max_exemplar_runes", &TenantLimits::max_exemplar_runes},
    {"max_query_samples", &TenantLimits::max_query_samples},
    {"max_query_bytes", &TenantLimits::max_query_bytes},
    {"max_query_series", &TenantLimits::max_query_series},
    {"max_query_timeout", &TenantLimits::max_query_timeout},
    {"max_concurrent_queries", &TenantLimits::max_concurrent_queries},
};

absl::Status At(const YAML::Node& node, std::string_view path, std::string_view problem) {
  return absl::InvalidArgumentError(
      fmt::format("line {}: {}: {}", node.Mark().line + 1, path, problem));
}

absl::Status Within(const YAML::Node& node, std::string_view path, const absl::Status& status) {
  return At(node, path, {status.message().data(), status.message().size()});
}

absl::Status ReadSize(const YAML::Node& node, const std::string& path, uint64_t* out) {
  absl::StatusOr<uint64_t> value = ParseBytes(node.Scalar());
  if (!value.ok()) return Within(node, path, value.status());
  *out = *value;
  return absl::OkStatus();
}

absl::Status ReadDuration(const YAML::Node& node, const std::string& path, absl::Duration* out) {
  absl::StatusOr<absl::Duration> value = ParseDuration(node.Scalar());
  if (!value.ok()) return Within(node, path, value.status());
  *out = *value;
  return absl::OkStatus();
}

absl::Status ReadRetention(const YAML::Node& node, const std::string& path, absl::Duration* out) {
  if (absl::Status status = ReadDuration(node, path, out); !status.ok()) return status;
  if (*out == absl::ZeroDuration()) *out = absl::InfiniteDuration();
  return absl::OkStatus();
}

absl::Status ReadLimit(const YAML::Node& node, const std::string& path, const LimitField& field,
                       TenantLimits* limits) {
  if (!node.IsScalar()) return At(node, path, "must be one value");
  if (const auto* duration = std::get_if<absl::Duration TenantLimits::*>(&field.field)) {
    return ReadDuration(node, path, &(limits->*(*duration)));
  }
  uint64_t number = 0;
  if (absl::Status status = ReadSize(node, path, &number); !status.ok()) return status;
  if (const auto* size = std::get_if<size_t TenantLimits::*>(&field.field)) {
    limits->*(*size) = number;
    return absl::OkStatus();
  }
  if (number > UINT32_MAX) return At(node, path, "must be below 4294967296");
  limits->*std::get<uint32_t TenantLimits::*>(field.field) = static_cast<uint32_t>(number);
  return absl::OkStatus();
}

absl::Status ReadLimits(const YAML::Node& node, const std::string& path, TenantLimits* limits) {
  if (!node.IsMap()) return At(node, path, "must be a map of limits");
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>("");
    const LimitField* found = nullptr;
    for (const LimitField& field : kLimitFields) {
      if (field.name == name) found = &field;
    }
    const std::string inner = path + "." + name;
    if (found == nullptr) return At(entry.first, inner, "there is no such limit");
    absl::Status status = ReadLimit(entry.second, inner, *found, limits);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadTenant(const YAML::Node& node, const std::string& path, const ConfigFile& config,
                        TenantConfig* tenant) {
  if (!node.IsMap()) return At(node, path, "must be a map with at least a name");
  tenant->limits = config.default_limits;
  tenant->retention = config.default_retention;
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>("");
    const std::string inner = path + "." + name;
    absl::Status status;
    if (name == "name") {
      tenant->name = entry.second.as<std::string>("");
    } else if (name == "retention") {
      status = ReadRetention(entry.second, inner, &tenant->retention);
    } else if (name == "limits") {
      status = ReadLimits(entry.second, inner, &tenant->limits);
    } else if (name == "keys") {
      // Serving without the authentication that was asked for would open the door.
      status = At(entry.first, inner, "this version has no authentication yet; remove the keys");
    } else {
      status = At(entry.first, inner, "unknown key; name, retention and limits are known");
    }
    if (!status.ok()) return status;
  }
  if (!IsValidTenantName(tenant->name)) {
    return At(node, path + ".name", "must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  return absl::OkStatus();
}

absl::Status ReadTenants(const YAML::Node& node, ConfigFile* config) {
  if (!node.IsSequence()) return At(node, "tenants", "must be a list");
  for (size_t i = 0; i < node.size(); ++i) {
    TenantConfig tenant;
    const std::string path = fmt::format("tenants[{}]", i);
    if (absl::Status status = ReadTenant(node[i], path, *config, &tenant); !status.ok()) {
      return status;
    }
    for (const TenantConfig& other : config->tenants) {
      if (other.name == tenant.name) return At(node[i], path, "this name was given before");
    }
    config->tenants.push_back(std::move(tenant));
  }
  return absl::OkStatus();
}

absl::StatusOr<ConfigFile> ReadConfig(const YAML::Node& root, ConfigFile config) {
  if (root.IsNull()) return config;
  if (!root.IsMap()) return At(root, "configuration", "must be a map");
  // The defaults first, wherever they stand: tenants start from them.
  const YAML::Node limits = root["limits"];
  if (limits.IsDefined()) {
    absl::Status status = ReadLimits(limits, "limits", &config.default_limits);
    if (!status.ok()) return status;
  }
  const YAML::Node retention = root["retention"];
  if (retention.IsDefined()) {
    absl::Status status = ReadRetention(retention, "retention", &config.default_retention);
    if (!status.ok()) return status;
  }
  for (const auto& entry : root) {
    const std::string name = entry.first.as<std::string>("");
    absl::Status status;
    if (name == "trust_org_id") {
      if (!YAML::convert<bool>::decode(entry.second, config.trust_org_id)) {
        status = At(entry.second, name, "must be true or false");
      }
    } else if (name == "tenants") {
      status = ReadTenants(entry.second, &config);
    } else if (name != "limits" && name != "retention") {
      status = At(entry.first, name,
                  "unknown key; trust_org_id, retention, limits and tenants are known");
    }
    if (!status.ok()) return status;
  }
  return config;
}

std::string FormatRetention(absl::Duration retention) {
  if (retention == absl::InfiniteDuration()) return "0";
  return fmt::format("{}s", absl::ToInt64Seconds(retention));
}

void EmitLimits(const TenantLimits& limits, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  for (const LimitField& limit : kLimitFields) {
    *out << YAML::Key << std::string(limit.name) << YAML::Value;
    if (const auto* size = std::get_if<size_t TenantLimits::*>(&limit.field)) {
      *out << limits.*(*size);
    } else if (const auto* number = std::get_if<uint32_t TenantLimits::*>(&limit.field)) {
      *out << limits.*(*number);
    } else {
      const auto field = std::get<absl::Duration TenantLimits::*>(limit.field);
      *out << fmt::format("{}ms", absl::ToInt64Milliseconds(limits.*field));
    }
  }
  *out << YAML::EndMap;
}

}  // namespace

absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start) {
  try {
    return ReadConfig(YAML::Load(std::string(yaml)), start);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("line {}: not valid YAML: {}", error.mark.line + 1, error.msg));
  }
}

std::string FormatConfig(const ConfigFile& config) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "trust_org_id" << YAML::Value << config.trust_org_id;
  out << YAML::Key << "retention" << YAML::Value << FormatRetention(config.default_retention);
  out << YAML::Key << "limits" << YAML::Value;
  EmitLimits(config.default_limits, &out);
  out << YAML::Key << "tenants" << YAML::Value << YAML::BeginSeq;
  for (const TenantConfig& tenant : config.tenants) {
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << tenant.name;
    out << YAML::Key << "retention" << YAML::Value << FormatRetention(tenant.retention);
    out << YAML::Key << "limits" << YAML::Value;
    EmitLimits(tenant.limits, &out);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

std::shared_ptr<const TenantConfig> ConfigTenantRegistry::Find(std::string_view tenant) const {
  absl::MutexLock lock(&mutex_);
  const auto found = tenants_.find(absl::string_view(tenant.data(), tenant.size()));
  if (found != tenants_.end()) return found->second;
  if (!any_name_ || !IsValidTenantName(tenant)) return nullptr;
  auto config = std::make_shared<TenantConfig>(unlisted_);
  config->name = tenant;
  return config;
}

void ConfigTenantRegistry::Replace(const ConfigFile& config) {
  absl::MutexLock lock(&mutex_);
  tenants_.clear();
  unlisted_.limits = config.default_limits;
  unlisted_.retention = config.default_retention;
  any_name_ = config.trust_org_id && config.tenants.empty();
  auto fallback = std::make_shared<TenantConfig>(unlisted_);
  fallback->name = kDefaultTenant;
  tenants_.emplace(fallback->name, fallback);
  for (const TenantConfig& tenant : config.tenants) {
    tenants_[tenant.name] = std::make_shared<const TenantConfig>(tenant);
  }
}

}  // namespace tidegate::model
