#include "model/config/limits_yaml.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "fmt/format.h"

namespace tidegate::model {
namespace {

using Strings = std::vector<std::string>;

// A limit by name. The type of the field decides how the value is written.
struct LimitField {
  std::string_view name;
  std::variant<size_t TenantLimits::*, uint32_t TenantLimits::*, double TenantLimits::*,
               absl::Duration TenantLimits::*, size_t LogLimits::*, uint32_t LogLimits::*,
               absl::Duration LogLimits::*, bool LogLimits::*, double LogLimits::*,
               Strings LogLimits::*, absl::Time LogLimits::*, size_t ControlLimits::*,
               uint32_t ControlLimits::*, absl::Duration ControlLimits::*>
      field;
};

// The limit itself, whichever struct it stands in.
template <typename Limits, typename Value, typename Struct>
auto& ValueOf(Limits& limits, Value Struct::*field) {
  if constexpr (std::is_same_v<Struct, LogLimits>) {
    return limits.logs.*field;
  } else if constexpr (std::is_same_v<Struct, ControlLimits>) {
    return limits.control.*field;
  } else {
    return limits.*field;
  }
}

template <typename Limits, typename Visitor>
auto VisitLimit(const LimitField& limit, Limits& limits, const Visitor& visit_fn) {
  return std::visit([&](auto field) { return visit_fn(ValueOf(limits, field)); }, limit.field);
}

const LimitField kLimitFields[] = {
    {"request_rate", &TenantLimits::request_rate},
    {"request_burst_size", &TenantLimits::request_burst_size},
    {"ingestion_rate", &TenantLimits::ingestion_rate},
    {"ingestion_burst_size", &TenantLimits::ingestion_burst_size},
    {"max_body_bytes", &TenantLimits::max_body_bytes},
    {"max_decompressed_bytes", &TenantLimits::max_decompressed_bytes},
    {"max_labels_per_series", &TenantLimits::max_labels_per_series},
    {"max_label_name_bytes", &TenantLimits::max_label_name_bytes},
    {"max_label_value_bytes", &TenantLimits::max_label_value_bytes},
    {"max_series", &TenantLimits::max_series},
    {"max_series_per_metric", &TenantLimits::max_series_per_metric},
    {"max_future", &TenantLimits::max_future},
    {"max_age", &TenantLimits::max_age},
    {"max_exemplar_runes", &TenantLimits::max_exemplar_runes},
    {"max_metadata_length", &TenantLimits::max_metadata_length},
    {"max_global_metadata_per_user", &TenantLimits::max_global_metadata_per_user},
    {"max_query_samples", &TenantLimits::max_query_samples},
    {"max_query_bytes", &TenantLimits::max_query_bytes},
    {"max_query_series", &TenantLimits::max_query_series},
    {"max_query_timeout", &TenantLimits::max_query_timeout},
    {"max_concurrent_queries", &TenantLimits::max_concurrent_queries},
    {"max_queued_queries", &TenantLimits::max_queued_queries},
    {"max_query_expression_size_bytes", &TenantLimits::max_query_expression_size_bytes},
    {"max_tenants_per_query", &TenantLimits::max_tenants_per_query},
    {"ingestion_rate_mb", &LogLimits::ingestion_rate_mb},
    {"ingestion_burst_size_mb", &LogLimits::ingestion_burst_size_mb},
    {"per_stream_rate_limit", &LogLimits::per_stream_rate_limit},
    {"per_stream_rate_limit_burst", &LogLimits::per_stream_rate_limit_burst},
    {"max_global_streams_per_user", &LogLimits::max_global_streams_per_user},
    {"max_label_names_per_series", &LogLimits::max_label_names_per_series},
    {"max_label_name_length", &LogLimits::max_label_name_length},
    {"max_label_value_length", &LogLimits::max_label_value_length},
    {"enforced_labels", &LogLimits::enforced_labels},
    {"max_line_size", &LogLimits::max_line_size},
    {"max_line_size_truncate", &LogLimits::max_line_size_truncate},
    {"reject_old_samples", &LogLimits::reject_old_samples},
    {"reject_old_samples_max_age", &LogLimits::reject_old_samples_max_age},
    {"creation_grace_period", &LogLimits::creation_grace_period},
    {"allow_structured_metadata", &LogLimits::allow_structured_metadata},
    {"max_structured_metadata_size", &LogLimits::max_structured_metadata_size},
    {"max_structured_metadata_entries_count", &LogLimits::max_structured_metadata_entries_count},
    {"block_ingestion_until", &LogLimits::block_ingestion_until},
    {"block_ingestion_status_code", &LogLimits::block_ingestion_status_code},
    {"discover_log_levels", &LogLimits::discover_log_levels},
    {"discover_service_name", &LogLimits::discover_service_name},
    {"increment_duplicate_timestamp", &LogLimits::increment_duplicate_timestamp},
    {"otlp_index_attributes", &LogLimits::otlp_index_attributes},
    {"otlp_drop_attributes", &LogLimits::otlp_drop_attributes},
    {"max_entries_limit_per_query", &LogLimits::max_entries_limit_per_query},
    {"max_query_length", &LogLimits::max_query_length},
    {"max_query_range", &LogLimits::max_query_range},
    {"max_query_lookback", &LogLimits::max_query_lookback},
    {"max_log_query_series", &LogLimits::max_log_query_series},
    {"max_streams_matchers_per_query", &LogLimits::max_streams_matchers_per_query},
    {"max_query_bytes_read", &LogLimits::max_query_bytes_read},
    {"volume_max_series", &LogLimits::volume_max_series},
    {"max_concurrent_tail_requests", &LogLimits::max_concurrent_tail_requests},
    {"max_rule_groups", &ControlLimits::max_rule_groups},
    {"max_rules_per_group", &ControlLimits::max_rules_per_group},
    {"min_rule_interval", &ControlLimits::min_rule_interval},
    {"max_scrape_jobs", &ControlLimits::max_scrape_jobs},
    {"max_scrape_targets", &ControlLimits::max_scrape_targets},
    {"max_scrape_body_bytes", &ControlLimits::max_scrape_body_bytes},
    {"min_scrape_interval", &ControlLimits::min_scrape_interval},
    {"max_push_groups", &ControlLimits::max_push_groups},
    {"max_push_group_bytes", &ControlLimits::max_push_group_bytes},
    {"max_monitors", &ControlLimits::max_monitors},
    {"max_hosts", &ControlLimits::max_hosts},
    {"max_notifications_per_minute", &ControlLimits::max_notifications_per_minute},
};

absl::Status ReadValue(const YAML::Node& node, const std::string& path, bool* out) {
  return YamlBool(out)(node, path);
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, double* out) {
  if (YAML::convert<double>::decode(node, *out) && *out >= 0) return absl::OkStatus();
  return YamlError(node, path, "must be a number that is not negative");
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, absl::Time* out) {
  std::string error;
  if (node.Scalar() == "0" || node.Scalar().empty()) {
    *out = absl::InfinitePast();
    return absl::OkStatus();
  }
  if (absl::ParseTime(absl::RFC3339_full, node.Scalar(), out, &error)) return absl::OkStatus();
  return YamlError(node, path, "must be a time like 2030-01-31T12:00:00Z, or 0 for none");
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, absl::Duration* out) {
  return YamlDuration(out)(node, path);
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, uint64_t* out) {
  return YamlBytes(out)(node, path);
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, uint32_t* out) {
  uint64_t number = 0;
  if (absl::Status status = YamlBytes(&number)(node, path); !status.ok()) return status;
  if (number > UINT32_MAX) return YamlError(node, path, "must be below 4294967296");
  *out = static_cast<uint32_t>(number);
  return absl::OkStatus();
}

absl::Status ReadValue(const YAML::Node& node, const std::string& path, Strings* out) {
  if (!node.IsSequence()) return YamlError(node, path, "must be a list of names");
  out->clear();
  for (const YAML::Node& name : node) {
    if (!name.IsScalar() || name.Scalar().empty())
      return YamlError(name, path, "must hold names only");
    out->push_back(name.Scalar());
  }
  return absl::OkStatus();
}

absl::Status ReadLimit(const YAML::Node& node, const std::string& path, const LimitField& field,
                       TenantLimits* limits) {
  return VisitLimit(field, *limits, [&](auto& limit) {
    constexpr bool kList = std::is_same_v<decltype(limit), Strings&>;
    if (!kList && !node.IsScalar()) return YamlError(node, path, "must be one value");
    return ReadValue(node, path, &limit);
  });
}

void EmitLimit(uint64_t limit, YAML::Emitter* out) { *out << limit; }
void EmitLimit(uint32_t limit, YAML::Emitter* out) { *out << limit; }
void EmitLimit(bool limit, YAML::Emitter* out) { *out << limit; }
void EmitLimit(double limit, YAML::Emitter* out) { *out << limit; }
void EmitLimit(const Strings& limit, YAML::Emitter* out) { *out << YAML::Flow << limit; }
void EmitLimit(absl::Duration limit, YAML::Emitter* out) {
  *out << fmt::format("{}ms", absl::ToInt64Milliseconds(limit));
}
void EmitLimit(absl::Time limit, YAML::Emitter* out) {
  *out << (limit == absl::InfinitePast()
               ? std::string("0")
               : absl::FormatTime(absl::RFC3339_full, limit, absl::UTCTimeZone()));
}

}  // namespace

YamlReader YamlLimits(TenantLimits* limits) {
  return [limits](const YAML::Node& node, const std::string& path) {
    if (!node.IsMap()) return YamlError(node, path, "must be a map of limits");
    for (const auto& entry : node) {
      const std::string name = entry.first.as<std::string>("");
      const std::string inner = path + "." + name;
      const auto* found = std::find_if(std::begin(kLimitFields), std::end(kLimitFields),
                                       [&](const LimitField& field) { return field.name == name; });
      if (found == std::end(kLimitFields)) {
        return YamlError(entry.first, inner, "there is no such limit");
      }
      absl::Status status = ReadLimit(entry.second, inner, *found, limits);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
}

std::vector<std::pair<std::string, std::string>> LimitTexts(const TenantLimits& limits) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const LimitField& limit : kLimitFields) {
    YAML::Emitter text;
    VisitLimit(limit, limits, [&](const auto& value) { EmitLimit(value, &text); });
    texts.emplace_back(limit.name, text.c_str());
  }
  return texts;
}

void EmitLimits(const TenantLimits& limits, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  for (const LimitField& limit : kLimitFields) {
    *out << YAML::Key << std::string(limit.name) << YAML::Value;
    VisitLimit(limit, limits, [&](const auto& value) { EmitLimit(value, out); });
  }
  *out << YAML::EndMap;
}

}  // namespace tidegate::model
