#include "model/config/config_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "fmt/format.h"
#include "model/config/duration.h"
#include "model/config/tenant_definition.h"
#include "model/config/yaml_fields.h"

namespace tidegate::model {
namespace {

using Strings = std::vector<std::string>;

// A limit by name. The type of the field decides how the value is written.
struct LimitField {
  std::string_view name;
  std::variant<size_t TenantLimits::*, uint32_t TenantLimits::*, double TenantLimits::*,
               absl::Duration TenantLimits::*, size_t LogLimits::*, uint32_t LogLimits::*,
               absl::Duration LogLimits::*, bool LogLimits::*, double LogLimits::*,
               Strings LogLimits::*, absl::Time LogLimits::*>
      field;
};

// Calls `visit_fn` with the limit itself, whichever struct it stands in.
template <typename Limits, typename Visitor>
auto VisitLimit(const LimitField& limit, Limits& limits, const Visitor& visit_fn) {
  return std::visit(
      [&](auto field) {
        if constexpr (std::is_invocable_v<decltype(std::mem_fn(field)), TenantLimits&>) {
          return visit_fn(limits.*field);
        } else {
          return visit_fn(limits.logs.*field);
        }
      },
      limit.field);
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
    {"max_future", &TenantLimits::max_future},
    {"max_age", &TenantLimits::max_age},
    {"max_exemplar_runes", &TenantLimits::max_exemplar_runes},
    {"max_query_samples", &TenantLimits::max_query_samples},
    {"max_query_bytes", &TenantLimits::max_query_bytes},
    {"max_query_series", &TenantLimits::max_query_series},
    {"max_query_timeout", &TenantLimits::max_query_timeout},
    {"max_concurrent_queries", &TenantLimits::max_concurrent_queries},
    {"max_queued_queries", &TenantLimits::max_queued_queries},
    {"max_query_expression_size_bytes", &TenantLimits::max_query_expression_size_bytes},
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

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, bool* out) {
  if (YAML::convert<bool>::decode(node, *out)) return absl::OkStatus();
  return At(node, path, "must be true or false");
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, double* out) {
  if (YAML::convert<double>::decode(node, *out) && *out >= 0) return absl::OkStatus();
  return At(node, path, "must be a number that is not negative");
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, absl::Time* out) {
  std::string error;
  if (node.Scalar() == "0" || node.Scalar().empty()) {
    *out = absl::InfinitePast();
    return absl::OkStatus();
  }
  if (absl::ParseTime(absl::RFC3339_full, node.Scalar(), out, &error)) return absl::OkStatus();
  return At(node, path, "must be a time like 2030-01-31T12:00:00Z, or 0 for none");
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, absl::Duration* out) {
  return ReadDuration(node, path, out);
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, uint64_t* out) {
  return ReadSize(node, path, out);
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, uint32_t* out) {
  uint64_t number = 0;
  if (absl::Status status = ReadSize(node, path, &number); !status.ok()) return status;
  if (number > UINT32_MAX) return At(node, path, "must be below 4294967296");
  *out = static_cast<uint32_t>(number);
  return absl::OkStatus();
}

absl::Status ReadLimitValue(const YAML::Node& node, const std::string& path, Strings* out) {
  if (!node.IsSequence()) return At(node, path, "must be a list of names");
  out->clear();
  for (const YAML::Node& name : node) {
    if (!name.IsScalar() || name.Scalar().empty()) return At(name, path, "must hold names only");
    out->push_back(name.Scalar());
  }
  return absl::OkStatus();
}

absl::Status ReadLimit(const YAML::Node& node, const std::string& path, const LimitField& field,
                       TenantLimits* limits) {
  return VisitLimit(field, *limits, [&](auto& limit) {
    constexpr bool kList = std::is_same_v<decltype(limit), Strings&>;
    if (!kList && !node.IsScalar()) return At(node, path, "must be one value");
    return ReadLimitValue(node, path, &limit);
  });
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

absl::Status ReadPermissions(const YAML::Node& node, const std::string& path,
                             PermissionSet* permissions) {
  if (!node.IsSequence()) return At(node, path, "must be a list out of read, write and admin");
  for (const YAML::Node& one : node) {
    const auto permission = ParsePermission(one.as<std::string>(""));
    if (!permission.ok()) return Within(one, path, permission.status());
    permissions->Add(*permission);
  }
  return absl::OkStatus();
}

absl::Status ReadAddresses(const YAML::Node& node, const std::string& path,
                           std::vector<IpRange>* ranges) {
  if (!node.IsSequence()) return At(node, path, "must be a list of addresses or CIDR ranges");
  ranges->clear();
  for (const YAML::Node& one : node) {
    absl::StatusOr<IpRange> range = IpRange::Parse(one.as<std::string>(""));
    if (!range.ok()) return Within(one, path, range.status());
    ranges->push_back(*std::move(range));
  }
  return absl::OkStatus();
}

// `has_digest` tells whether it has a sha256.
absl::Status ReadKeyFields(const YAML::Node& node, const std::string& path, ApiKey* key,
                           bool* has_digest) {
  if (!node.IsMap()) return At(node, path, "must be a map with id, sha256 and permissions");
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>("");
    const std::string inner = path + "." + name;
    absl::Status status;
    if (name == "id") {
      key->id = entry.second.as<std::string>("");
    } else if (name == "sha256") {
      const auto digest = ParseKeyDigest(entry.second.as<std::string>(""));
      if (!digest.ok()) return Within(entry.second, inner, digest.status());
      key->digest = *digest;
      *has_digest = true;
    } else if (name == "permissions") {
      status = ReadPermissions(entry.second, inner, &key->permissions);
    } else if (name == "allow_ips") {
      status = ReadAddresses(entry.second, inner, &key->allow_ips);
    } else {
      status =
          At(entry.first, inner, "unknown key; id, sha256, permissions and allow_ips are known");
    }
    if (!status.ok()) return status;
  }
  if (!IsValidTenantName(key->id)) {
    return At(node, path + ".id", "must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  if (key->permissions.empty()) return At(node, path + ".permissions", "at least one is needed");
  return absl::OkStatus();
}

absl::Status ReadKey(const YAML::Node& node, const std::string& path, ApiKey* key) {
  bool has_digest = false;
  if (absl::Status status = ReadKeyFields(node, path, key, &has_digest); !status.ok()) {
    return status;
  }
  return has_digest ? absl::OkStatus() : At(node, path + ".sha256", "is missing");
}

absl::Status ReadKeys(const YAML::Node& node, const std::string& path, std::vector<ApiKey>* keys) {
  if (!node.IsSequence()) return At(node, path, "must be a list");
  for (size_t i = 0; i < node.size(); ++i) {
    ApiKey key;
    const std::string inner = fmt::format("{}[{}]", path, i);
    if (absl::Status status = ReadKey(node[i], inner, &key); !status.ok()) return status;
    for (const ApiKey& other : *keys) {
      if (other.id == key.id) return At(node[i], inner + ".id", "this id was given before");
    }
    keys->push_back(std::move(key));
  }
  return absl::OkStatus();
}

absl::Status ReadTenant(const YAML::Node& node, const std::string& path, const ConfigFile& config,
                        TenantConfig* tenant) {
  if (!node.IsMap()) return At(node, path, "must be a map with at least a name");
  tenant->limits = config.default_limits;
  tenant->retention = config.default_retention;
  tenant->outbound = config.default_outbound;
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
      status = ReadKeys(entry.second, inner, &tenant->keys);
    } else if (name == "outbound_allow") {
      status = ReadAddresses(entry.second, inner, &tenant->outbound.allow);
    } else if (name == "outbound_deny") {
      status = ReadAddresses(entry.second, inner, &tenant->outbound.deny);
    } else {
      status = At(entry.first, inner,
                  "unknown key; name, retention, limits, keys, outbound_allow and outbound_deny "
                  "are known");
    }
    if (!status.ok()) return status;
  }
  if (!IsValidTenantName(tenant->name)) {
    return At(node, path + ".name", "must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  return absl::OkStatus();
}

// One secret names one tenant: the same digest twice would leave it to chance which.
absl::Status CheckDigestsDiffer(const YAML::Node& node, const std::vector<TenantConfig>& tenants) {
  std::set<KeyDigest> seen;
  for (const TenantConfig& tenant : tenants) {
    for (const ApiKey& key : tenant.keys) {
      if (seen.insert(key.digest).second) continue;
      return At(
          node, "tenants",
          fmt::format("key {} of tenant {} has the sha256 of another key", key.id, tenant.name));
    }
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
  return CheckDigestsDiffer(node, config->tenants);
}

// What tenants start from; read before them, wherever it stands.
constexpr std::string_view kDefaultKeys[] = {"limits", "retention", "outbound_allow",
                                             "outbound_deny"};

absl::Status ReadOutbound(const YAML::Node& root, OutboundRules* rules) {
  const YAML::Node allow = root["outbound_allow"];
  if (allow.IsDefined()) {
    absl::Status status = ReadAddresses(allow, "outbound_allow", &rules->allow);
    if (!status.ok()) return status;
  }
  const YAML::Node deny = root["outbound_deny"];
  if (!deny.IsDefined()) return absl::OkStatus();
  return ReadAddresses(deny, "outbound_deny", &rules->deny);
}

// A list of {tenant, file}.
template <typename TenantFile>
absl::Status ReadTenantFiles(const YAML::Node& node, const std::string& name,
                             std::vector<TenantFile>* files) {
  files->clear();
  return ReadYamlList(node, name, [files](const YAML::Node& one, const std::string& path) {
    TenantFile& file = files->emplace_back();
    absl::Status status = ReadYamlFields(
        one, path, {{"tenant", YamlString(&file.tenant)}, {"file", YamlString(&file.file)}});
    if (!status.ok()) return status;
    if (!IsValidTenantName(file.tenant)) {
      return YamlError(one, path, "tenant is not a tenant's name");
    }
    if (file.file.empty()) return YamlError(one, path, "file is missing");
    return absl::OkStatus();
  });
}

absl::Status CheckHost(const YAML::Node& node, const std::string& path, Host* host,
                       const std::vector<Host>& others) {
  if (!IsValidTenantName(host->tenant))
    return YamlError(node, path, "tenant is not a tenant's name");
  if (host->id.empty()) return YamlError(node, path, "id is missing");
  if (host->name.empty()) host->name = host->id;
  if (!IpAddress::Parse(host->address).ok()) {
    return YamlError(node, path, "address must be an IPv4 or IPv6 address");
  }
  for (const Host& other : others) {
    if (&other != host && other.tenant == host->tenant && other.id == host->id) {
      return YamlError(node, path, fmt::format("the id {} is there twice", host->id));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadHosts(const YAML::Node& node, std::vector<Host>* hosts) {
  hosts->clear();
  return ReadYamlList(node, "hosts", [hosts](const YAML::Node& one, const std::string& path) {
    Host& host = hosts->emplace_back();
    absl::Status status = ReadYamlFields(one, path,
                                         {{"tenant", YamlString(&host.tenant)},
                                          {"id", YamlString(&host.id)},
                                          {"name", YamlString(&host.name)},
                                          {"address", YamlString(&host.address)},
                                          {"instance_id", YamlString(&host.instance_id)},
                                          {"region", YamlString(&host.region)}});
    return status.ok() ? CheckHost(one, path, &host, *hosts) : status;
  });
}

absl::StatusOr<ConfigFile> ReadConfig(const YAML::Node& root, ConfigFile config) {
  if (root.IsNull()) return config;
  if (!root.IsMap()) return At(root, "configuration", "must be a map");
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
  absl::Status outbound = ReadOutbound(root, &config.default_outbound);
  if (!outbound.ok()) return outbound;
  for (const auto& entry : root) {
    const std::string name = entry.first.as<std::string>("");
    absl::Status status;
    if (name == "trust_org_id") {
      status = ReadLimitValue(entry.second, name, &config.trust_org_id);
    } else if (name == "tenants") {
      status = ReadTenants(entry.second, &config);
    } else if (name == "scrape_config_files") {
      status = ReadTenantFiles(entry.second, name, &config.scrape_config_files);
    } else if (name == "host_files") {
      status = ReadTenantFiles(entry.second, name, &config.host_files);
    } else if (name == "hosts") {
      status = ReadHosts(entry.second, &config.hosts);
    } else if (name == "ruler") {
      status = ReadRuler(entry.second, &config.rules);
    } else if (name == "rule_files") {
      status = ReadRuleFiles(entry.second, &config.rules);
    } else if (name == "alerting") {
      status = ReadAlerting(entry.second, &config.rules);
    } else if (std::find(std::begin(kDefaultKeys), std::end(kDefaultKeys), name) ==
               std::end(kDefaultKeys)) {
      status = At(entry.first, name,
                  "unknown key; trust_org_id, retention, limits, outbound_allow, outbound_deny, "
                  "scrape_config_files, hosts, host_files, ruler, rule_files, alerting and tenants "
                  "are known");
    }
    if (!status.ok()) return status;
  }
  return config;
}

std::string FormatRetention(absl::Duration retention) {
  if (retention == absl::InfiniteDuration()) return "0";
  return fmt::format("{}s", absl::ToInt64Seconds(retention));
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

void EmitLimits(const TenantLimits& limits, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  for (const LimitField& limit : kLimitFields) {
    *out << YAML::Key << std::string(limit.name) << YAML::Value;
    VisitLimit(limit, limits, [&](const auto& value) { EmitLimit(value, out); });
  }
  *out << YAML::EndMap;
}

void EmitRanges(const char* name, const std::vector<IpRange>& ranges, YAML::Emitter* out) {
  *out << YAML::Key << name << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const IpRange& range : ranges) *out << range.text();
  *out << YAML::EndSeq;
}

void EmitOutbound(const OutboundRules& rules, YAML::Emitter* out) {
  EmitRanges("outbound_allow", rules.allow, out);
  EmitRanges("outbound_deny", rules.deny, out);
}

template <typename TenantFile>
void EmitTenantFiles(const char* name, const std::vector<TenantFile>& files, YAML::Emitter* out) {
  *out << YAML::Key << name << YAML::Value << YAML::BeginSeq;
  for (const TenantFile& file : files) {
    *out << YAML::Flow << YAML::BeginMap << YAML::Key << "tenant" << YAML::Value << file.tenant;
    *out << YAML::Key << "file" << YAML::Value << file.file << YAML::EndMap;
  }
  *out << YAML::EndSeq;
}

void EmitKey(const ApiKey& key, const std::string& digest, YAML::Emitter* out) {
  *out << YAML::BeginMap << YAML::Key << "id" << YAML::Value << key.id;
  *out << YAML::Key << "sha256" << YAML::Value << digest;
  *out << YAML::Key << "permissions" << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (Permission permission : {Permission::kRead, Permission::kWrite, Permission::kAdmin}) {
    if (key.permissions.Has(permission)) *out << std::string(PermissionName(permission));
  }
  *out << YAML::EndSeq;
  EmitRanges("allow_ips", key.allow_ips, out);
  *out << YAML::EndMap;
}

// Without digests: who knows one can try guesses against it.
void EmitKeys(const std::vector<ApiKey>& keys, YAML::Emitter* out) {
  *out << YAML::Key << "keys" << YAML::Value << YAML::BeginSeq;
  for (const ApiKey& key : keys) EmitKey(key, "<secret>", out);
  *out << YAML::EndSeq;
}

// In flow style with quoted strings YAML is JSON.
void WriteJson(YAML::Emitter* out) {
  out->SetMapFormat(YAML::Flow);
  out->SetSeqFormat(YAML::Flow);
  out->SetStringFormat(YAML::DoubleQuoted);
}

// Calls read_fn with the root; exceptions of the library become errors.
template <typename ReadFn>
auto ReadYaml(std::string_view yaml, const ReadFn& read_fn) -> decltype(read_fn(YAML::Node())) {
  try {
    return read_fn(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("line {}: not valid YAML: {}", error.mark.line + 1, error.msg));
  }
}

// What the definition says, without name and keys.
std::string Normalized(const YAML::Node& root) {
  YAML::Emitter out;
  WriteJson(&out);
  out << YAML::BeginMap;
  for (const auto& entry : root) {
    const std::string name = entry.first.as<std::string>("");
    if (name != "name" && name != "keys") out << YAML::Key << name << YAML::Value << entry.second;
  }
  out << YAML::EndMap;
  return out.c_str();
}

absl::StatusOr<TenantDefinition> ReadDefinition(const YAML::Node& root, std::string_view name,
                                                const ConfigFile& defaults) {
  TenantDefinition definition;
  definition.tenant.name = name;
  if (!root.IsNull()) {
    absl::Status status = ReadTenant(root, "tenant", defaults, &definition.tenant);
    if (!status.ok()) return status;
    definition.has_keys = root["keys"].IsDefined();
    definition.text = Normalized(root);
  }
  if (definition.tenant.name == name) return definition;
  return At(root, "tenant.name", fmt::format("is not {}, as the path says", name));
}

}  // namespace

absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start) {
  return ReadYaml(yaml, [&](const YAML::Node& root) { return ReadConfig(root, start); });
}

absl::StatusOr<TenantDefinition> ParseTenant(std::string_view yaml, std::string_view name,
                                             const ConfigFile& defaults) {
  return ReadYaml(yaml,
                  [&](const YAML::Node& root) { return ReadDefinition(root, name, defaults); });
}

absl::StatusOr<KeyDefinition> ParseKey(std::string_view yaml) {
  return ReadYaml(yaml, [](const YAML::Node& root) -> absl::StatusOr<KeyDefinition> {
    KeyDefinition definition;
    absl::Status status = ReadKeyFields(root, "key", &definition.key, &definition.has_digest);
    if (!status.ok()) return status;
    return definition;
  });
}

std::string FormatKey(const ApiKey& key) {
  YAML::Emitter out;
  WriteJson(&out);
  EmitKey(key, ToHex(key.digest), &out);
  return out.c_str();
}

std::string FormatTenantJson(const TenantConfig& tenant) {
  YAML::Emitter out;
  WriteJson(&out);
  out << YAML::BeginMap;
  out << YAML::Key << "retention" << YAML::Value << FormatRetention(tenant.retention);
  out << YAML::Key << "limits" << YAML::Value;
  EmitLimits(tenant.limits, &out);
  EmitOutbound(tenant.outbound, &out);
  out << YAML::EndMap;
  return out.c_str();
}

std::string FormatLimits(const TenantLimits& limits) {
  YAML::Emitter out;
  EmitLimits(limits, &out);
  return std::string(out.c_str()) + "\n";
}

std::string FormatConfig(const ConfigFile& config) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "trust_org_id" << YAML::Value << config.trust_org_id;
  out << YAML::Key << "retention" << YAML::Value << FormatRetention(config.default_retention);
  out << YAML::Key << "limits" << YAML::Value;
  EmitLimits(config.default_limits, &out);
  EmitOutbound(config.default_outbound, &out);
  EmitTenantFiles("scrape_config_files", config.scrape_config_files, &out);
  EmitTenantFiles("host_files", config.host_files, &out);
  out << YAML::Key << "hosts" << YAML::Value << YAML::BeginSeq;
  for (const Host& host : config.hosts) {
    out << YAML::Flow << YAML::BeginMap;
    const std::pair<const char*, const std::string*> fields[] = {
        {"tenant", &host.tenant},   {"id", &host.id},         {"name", &host.name},
        {"address", &host.address}, {"region", &host.region}, {"instance_id", &host.instance_id}};
    for (const auto& [key, value] : fields) out << YAML::Key << key << YAML::Value << *value;
    out << YAML::EndMap;
  }
  out << YAML::EndSeq;
  EmitRules(config.rules, &out);
  out << YAML::Key << "tenants" << YAML::Value << YAML::BeginSeq;
  for (const TenantConfig& tenant : config.tenants) {
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << tenant.name;
    out << YAML::Key << "retention" << YAML::Value << FormatRetention(tenant.retention);
    out << YAML::Key << "limits" << YAML::Value;
    EmitLimits(tenant.limits, &out);
    EmitKeys(tenant.keys, &out);
    EmitOutbound(tenant.outbound, &out);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace tidegate::model
