#include "control/scrape/scrape_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "model/config/relabel_yaml.h"
#include "model/config/yaml_fields.h"

namespace tidegate::control {
namespace {

using model::ReadYamlFields;
using model::ReadYamlList;
using model::YamlBool;
using model::YamlBytes;
using model::YamlDuration;
using model::YamlError;
using model::YamlField;
using model::YamlReader;
using model::YamlString;
using model::YamlStringMap;
using model::YamlStrings;
using model::YamlUnsigned;

struct ProtocolName {
  std::string_view name;
  ScrapeProtocol protocol;
};

constexpr ProtocolName kProtocols[] = {
    {"PrometheusProto", ScrapeProtocol::kProtobuf},
    {"OpenMetricsText1.0.0", ScrapeProtocol::kOpenMetrics100},
    {"OpenMetricsText0.0.1", ScrapeProtocol::kOpenMetrics001},
    {"PrometheusText1.0.0", ScrapeProtocol::kText100},
    {"PrometheusText0.0.4", ScrapeProtocol::kText004},
};

// For other parts of Prometheus: they change nothing about what is scraped.
constexpr std::string_view kOtherSections[] = {"rule_files",  "alerting", "remote_write",
                                               "remote_read", "storage",  "tracing",
                                               "otlp",        "runtime"};

// What holds for every job that says nothing else.
struct Globals {
  std::string source;
  ScrapeConfig job;
  absl::Duration timeout = absl::Seconds(10);
};

// Accepted and without an effect here.
YamlReader Ignored() {
  return [](const YAML::Node&, const std::string&) { return absl::OkStatus(); };
}

YamlReader Protocol(ScrapeProtocol* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    for (const ProtocolName& known : kProtocols) {
      if (known.name != name) continue;
      *out = known.protocol;
      return absl::OkStatus();
    }
    return YamlError(node, path,
                     fmt::format("unknown scrape protocol \"{}\"; known are PrometheusProto, "
                                 "OpenMetricsText1.0.0, OpenMetricsText0.0.1, "
                                 "PrometheusText1.0.0, PrometheusText0.0.4",
                                 name));
  };
}

YamlReader Protocols(std::vector<ScrapeProtocol>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    out->clear();
    absl::Status status =
        ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
          ScrapeProtocol protocol{};
          if (absl::Status read = Protocol(&protocol)(one, inner); !read.ok()) return read;
          if (std::find(out->begin(), out->end(), protocol) != out->end()) {
            return YamlError(one, inner, "this scrape protocol is there twice");
          }
          out->push_back(protocol);
          return absl::OkStatus();
        });
    if (status.ok() && out->empty()) return YamlError(node, path, "must not be empty");
    return status;
  };
}

YamlReader FallbackProtocol(std::optional<ScrapeProtocol>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return Protocol(&out->emplace())(node, path);
  };
}

// A setting that only one value of would change nothing here.
YamlReader Only(std::string_view value) {
  return [value](const YAML::Node& node, const std::string& path) {
    if (node.IsScalar() && node.Scalar() == value) return absl::OkStatus();
    return YamlError(node, path, fmt::format("only {} is supported here", value));
  };
}

YamlReader BasicAuth(HttpClientConfig* http) {
  return [http](const YAML::Node& node, const std::string& path) {
    return ReadYamlFields(node, path,
                          {{"username", YamlString(&http->basic_user)},
                           {"username_file", YamlString(&http->basic_user_file)},
                           {"password", YamlString(&http->basic_password)},
                           {"password_file", YamlString(&http->basic_password_file)}});
  };
}

YamlReader Authorization(HttpClientConfig* http) {
  return [http](const YAML::Node& node, const std::string& path) {
    http->authorization_type = "Bearer";
    return ReadYamlFields(node, path,
                          {{"type", YamlString(&http->authorization_type)},
                           {"credentials", YamlString(&http->authorization_credentials)},
                           {"credentials_file", YamlString(&http->authorization_file)}});
  };
}

// Of before `authorization`.
YamlReader BearerToken(HttpClientConfig* http, std::string HttpClientConfig::*field) {
  return [http, field](const YAML::Node& node, const std::string& path) {
    http->authorization_type = "Bearer";
    return YamlString(&(http->*field))(node, path);
  };
}

YamlReader Tls(HttpClientConfig* http) {
  return [http](const YAML::Node& node, const std::string& path) {
    return ReadYamlFields(node, path,
                          {{"ca", YamlString(&http->ca)},
                           {"cert", YamlString(&http->cert)},
                           {"key", YamlString(&http->key)},
                           {"ca_file", YamlString(&http->ca_file)},
                           {"cert_file", YamlString(&http->cert_file)},
                           {"key_file", YamlString(&http->key_file)},
                           {"server_name", YamlString(&http->server_name)},
                           {"insecure_skip_verify", YamlBool(&http->insecure_skip_verify)}});
  };
}

// name: {values: [...], secrets: [...]} of http_headers.
YamlReader HttpHeaders(HttpClientConfig* http) {
  return [http](const YAML::Node& node, const std::string& path) {
    if (!node.IsMap()) return YamlError(node, path, "must be a map of header names");
    for (const auto& entry : node) {
      std::vector<std::string> values;
      absl::Status status =
          ReadYamlFields(entry.second, path,
                         {{"values", YamlStrings(&values)}, {"secrets", YamlStrings(&values)}});
      if (!status.ok()) return status;
      for (std::string& value : values) {
        http->headers.emplace_back(entry.first.as<std::string>(""), std::move(value));
      }
    }
    return absl::OkStatus();
  };
}

YamlReader Params(std::vector<std::pair<std::string, std::vector<std::string>>>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    if (!node.IsMap()) return YamlError(node, path, "must be a map of lists");
    for (const auto& entry : node) {
      auto& param = out->emplace_back(entry.first.as<std::string>(""), std::vector<std::string>());
      absl::Status status = YamlStrings(&param.second)(entry.second, path + "." + param.first);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
}

YamlReader Groups(const std::string& source, std::vector<TargetGroup>* out) {
  return [source, out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
      TargetGroup& group = out->emplace_back();
      group.source = source;
      return ReadYamlFields(
          one, inner,
          {{"targets", YamlStrings(&group.targets)}, {"labels", YamlStringMap(&group.labels)}});
    });
  };
}

YamlReader FileDiscoveries(std::vector<FileDiscoveryConfig>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [out](const YAML::Node& one, const std::string& inner) {
      FileDiscoveryConfig& config = out->emplace_back();
      return ReadYamlFields(one, inner,
                            {{"files", YamlStrings(&config.files)},
                             {"refresh_interval", YamlDuration(&config.refresh_interval)}});
    });
  };
}

// Refuses what would change the outcome if it were passed over.
YamlReader Refused(std::string_view why) {
  return
      [why](const YAML::Node& node, const std::string& path) { return YamlError(node, path, why); };
}

void AddHttpFields(HttpClientConfig* http, std::vector<YamlField>* fields) {
  fields->insert(fields->end(),
                 {{"basic_auth", BasicAuth(http)},
                  {"authorization", Authorization(http)},
                  {"bearer_token", BearerToken(http, &HttpClientConfig::authorization_credentials)},
                  {"bearer_token_file", BearerToken(http, &HttpClientConfig::authorization_file)},
                  {"tls_config", Tls(http)},
                  {"follow_redirects", YamlBool(&http->follow_redirects)},
                  {"enable_http2", YamlBool(&http->enable_http2)},
                  {"proxy_url", YamlString(&http->proxy_url)},
                  {"http_headers", HttpHeaders(http)},
                  {"oauth2", Refused("is not supported here")}});
}

// `scrape_native_histograms` only says what is asked for when `scrape_protocols` does not.
YamlReader NativeHistograms(ScrapeConfig* job) {
  return [job](const YAML::Node& node, const std::string& path) {
    bool wanted = false;
    if (absl::Status status = YamlBool(&wanted)(node, path); !status.ok()) return status;
    std::erase(job->protocols, ScrapeProtocol::kProtobuf);
    if (wanted) job->protocols.insert(job->protocols.begin(), ScrapeProtocol::kProtobuf);
    return absl::OkStatus();
  };
}

// What `global` may say for all jobs and a job for itself.
void AddSharedFields(ScrapeConfig* job, std::vector<YamlField>* fields) {
  fields->insert(
      fields->end(),
      {{"scrape_interval", YamlDuration(&job->interval)},
       {"scrape_native_histograms", NativeHistograms(job)},
       {"body_size_limit", YamlBytes(&job->body_size_limit)},
       {"sample_limit", YamlUnsigned(&job->sample_limit)},
       {"label_limit", YamlUnsigned(&job->label_limit)},
       {"label_name_length_limit", YamlUnsigned(&job->label_name_length_limit)},
       {"label_value_length_limit", YamlUnsigned(&job->label_value_length_limit)},
       {"target_limit", YamlUnsigned(&job->target_limit)},
       {"keep_dropped_targets", YamlUnsigned(&job->keep_dropped_targets)},
       {"always_scrape_classic_histograms", YamlBool(&job->always_scrape_classic_histograms)},
       {"extra_scrape_metrics", YamlBool(&job->extra_scrape_metrics)},
       {"convert_classic_histograms_to_nhcb", Only("false")},
       {"metric_name_validation_scheme", Only("utf8")},
       {"metric_name_escaping_scheme", Only("allow-utf-8")},
       {"scrape_failure_log_file", Ignored()}});
}

absl::Status ReadGlobals(const YAML::Node& node, const std::string& path, Globals* globals) {
  std::vector<YamlField> fields = {{"scrape_timeout", YamlDuration(&globals->timeout)},
                                   {"evaluation_interval", Ignored()},
                                   {"rule_query_offset", Ignored()},
                                   {"external_labels", Ignored()},
                                   {"query_log_file", Ignored()}};
  AddSharedFields(&globals->job, &fields);
  fields.push_back({"scrape_protocols", Protocols(&globals->job.protocols)});
  return ReadYamlFields(node, path, fields);
}

std::vector<YamlField> JobFields(ScrapeConfig* job) {
  std::vector<YamlField> fields = {
      {"job_name", YamlString(&job->job_name)},
      {"scrape_timeout", YamlDuration(&job->timeout)},
      {"scrape_protocols", Ignored()},  // Read last, see ReadJob.
      {"scrape_fallback_protocol", FallbackProtocol(&job->fallback_protocol)},
      {"scrape_classic_histograms", YamlBool(&job->always_scrape_classic_histograms)},
      {"native_histogram_bucket_limit", Only("0")},
      {"native_histogram_min_bucket_factor", Only("0")},
      {"metrics_path", YamlString(&job->metrics_path)},
      {"scheme", YamlString(&job->scheme)},
      {"params", Params(&job->params)},
      {"honor_labels", YamlBool(&job->honor_labels)},
      {"honor_timestamps", YamlBool(&job->honor_timestamps)},
      {"track_timestamps_staleness", YamlBool(&job->track_timestamps_staleness)},
      {"enable_compression", YamlBool(&job->enable_compression)},
      {"static_configs", Groups("static", &job->static_groups)},
      {"file_sd_configs", FileDiscoveries(&job->file_discoveries)},
      {"relabel_configs", model::YamlRelabelRules(&job->relabel)},
      {"metric_relabel_configs", model::YamlRelabelRules(&job->metric_relabel)}};
  AddHttpFields(&job->http, &fields);
  AddSharedFields(job, &fields);
  return fields;
}

absl::Status RefuseOtherDiscoveries(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) return YamlError(node, path, "must be a map");
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>("");
    if (!name.ends_with("_sd_configs") || name == "file_sd_configs") continue;
    return YamlError(entry.first, path + "." + name,
                     "this kind of discovery is not known here; static_configs and "
                     "file_sd_configs are");
  }
  return absl::OkStatus();
}

// "" when the client's settings fit together.
std::string ClientMistake(const HttpClientConfig& http) {
  const bool basic = !http.basic_user.empty() || !http.basic_user_file.empty() ||
                     !http.basic_password.empty() || !http.basic_password_file.empty();
  const auto both = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty();
  };
  if (basic && !http.authorization_type.empty()) {
    return "at most one of basic_auth, authorization and bearer_token may be there";
  }
  if (both(http.basic_user, http.basic_user_file) ||
      both(http.basic_password, http.basic_password_file)) {
    return "basic_auth: at most one of a text and a file may be there";
  }
  if (both(http.authorization_credentials, http.authorization_file)) {
    return "authorization: at most one of credentials and credentials_file may be there";
  }
  if (absl::EqualsIgnoreCase(http.authorization_type, "basic")) {
    return "authorization: type must not be \"basic\"; basic_auth is for that";
  }
  if (both(http.ca, http.ca_file) || both(http.cert, http.cert_file) ||
      both(http.key, http.key_file)) {
    return "tls_config: at most one of a text and a file may be there";
  }
  const bool has_cert = !http.cert.empty() || !http.cert_file.empty();
  const bool has_key = !http.key.empty() || !http.key_file.empty();
  if (has_cert != has_key) return "tls_config: a certificate and its key go together";
  return "";
}

std::string FileSdMistake(const ScrapeConfig& job) {
  for (const FileDiscoveryConfig& discovery : job.file_discoveries) {
    if (discovery.files.empty()) return "file_sd_configs: files is empty";
    for (const std::string& file : discovery.files) {
      const bool known =
          file.ends_with(".json") || file.ends_with(".yml") || file.ends_with(".yaml");
      const size_t star = file.find('*');
      const size_t slash = file.rfind('/');
      const bool star_last = star == file.npos || slash == file.npos || slash < star;
      if (!known || !star_last || (star != file.npos && file.find('*', star + 1) != file.npos)) {
        return fmt::format(
            "file_sd_configs: \"{}\" is not valid: the name must end in .json, .yml or .yaml, and "
            "may have one * in its last part",
            file);
      }
    }
  }
  return "";
}

// As Prometheus does: relative to the configuration file.
void Resolve(const std::string& directory, std::string* file) {
  if (!file->empty() && !file->starts_with('/')) *file = directory + "/" + *file;
}

void ResolveFiles(const std::string& directory, ScrapeConfig* job) {
  HttpClientConfig& http = job->http;
  for (std::string* file :
       {&http.basic_user_file, &http.basic_password_file, &http.authorization_file, &http.ca_file,
        &http.cert_file, &http.key_file}) {
    Resolve(directory, file);
  }
  for (FileDiscoveryConfig& discovery : job->file_discoveries) {
    for (std::string& file : discovery.files) Resolve(directory, &file);
  }
}

absl::Status CheckJob(const YAML::Node& node, const std::string& path, const Globals& globals,
                      ScrapeConfig* job) {
  if (job->job_name.empty()) return YamlError(node, path, "job_name is empty");
  if (job->interval <= absl::ZeroDuration()) {
    return YamlError(node, path, "scrape_interval must be more than 0");
  }
  if (job->timeout == absl::ZeroDuration()) job->timeout = std::min(globals.timeout, job->interval);
  if (job->timeout > job->interval) {
    return YamlError(node, path,
                     fmt::format("scrape timeout greater than scrape interval for scrape config "
                                 "with job name \"{}\"",
                                 job->job_name));
  }
  if (job->scheme != "http" && job->scheme != "https") {
    return YamlError(node, path, "scheme must be http or https");
  }
  for (const std::string& mistake : {ClientMistake(job->http), FileSdMistake(*job)}) {
    if (!mistake.empty()) return YamlError(node, path, mistake);
  }
  return absl::OkStatus();
}

absl::Status ReadJob(const YAML::Node& node, const std::string& path, const Globals& globals,
                     ScrapeFile* file) {
  if (absl::Status status = RefuseOtherDiscoveries(node, path); !status.ok()) return status;
  ScrapeConfig job = globals.job;
  job.source = globals.source + YAML::Dump(node);
  absl::Status status = ReadYamlFields(node, path, JobFields(&job));
  // The protocols that are named win over the wish for native histograms, wherever they stand.
  if (status.ok() && node["scrape_protocols"].IsDefined()) {
    status = Protocols(&job.protocols)(node["scrape_protocols"], path + ".scrape_protocols");
  }
  if (status.ok()) status = CheckJob(node, path, globals, &job);
  if (!status.ok()) return status;
  for (const ScrapeConfig& other : file->jobs) {
    if (other.job_name == job.job_name) {
      return YamlError(
          node, path,
          fmt::format("found multiple scrape configs with job name \"{}\"", job.job_name));
    }
  }
  file->jobs.push_back(std::move(job));
  return absl::OkStatus();
}

absl::StatusOr<ScrapeFile> ReadFile(const YAML::Node& root, const std::string& directory) {
  ScrapeFile file;
  Globals globals;
  globals.job.interval = absl::Minutes(1);
  globals.job.protocols = {ScrapeProtocol::kOpenMetrics100, ScrapeProtocol::kOpenMetrics001,
                           ScrapeProtocol::kText100, ScrapeProtocol::kText004};
  if (root.IsNull()) return file;
  if (root.IsMap() && root["global"].IsDefined()) {  // First, wherever it stands.
    globals.source = YAML::Dump(root["global"]) + "\n";
    absl::Status status = ReadGlobals(root["global"], "global", &globals);
    if (!status.ok()) return status;
  }
  std::vector<YamlField> fields = {
      {"global", Ignored()},
      {"scrape_configs", [&](const YAML::Node& node, const std::string& path) {
         return ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
           return ReadJob(one, inner, globals, &file);
         });
       }}};
  for (std::string_view section : kOtherSections) {
    fields.push_back({section, [&file, section](const YAML::Node&, const std::string&) {
                        file.not_acted_on.emplace_back(section);
                        return absl::OkStatus();
                      }});
  }
  if (absl::Status status = ReadYamlFields(root, "", fields); !status.ok()) return status;
  for (ScrapeConfig& job : file.jobs) ResolveFiles(directory, &job);
  return file;
}

// yaml-cpp throws; this is where it ends.
template <typename Read>
auto Guarded(std::string_view text, const Read& read) -> decltype(read(YAML::Node())) {
  try {
    return read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("line {}: not valid YAML: {}", error.mark.line + 1, error.msg));
  }
}

}  // namespace

absl::StatusOr<ScrapeFile> ParseScrapeFile(std::string_view yaml, const std::string& directory) {
  return Guarded(yaml, [&](const YAML::Node& root) { return ReadFile(root, directory); });
}

absl::StatusOr<std::vector<TargetGroup>> ParseTargetGroups(std::string_view text,
                                                           const std::string& source) {
  return Guarded(text, [&](const YAML::Node& root) -> absl::StatusOr<std::vector<TargetGroup>> {
    std::vector<TargetGroup> groups;
    if (absl::Status status = Groups(source, &groups)(root, source); !status.ok()) return status;
    return groups;
  });
}

}  // namespace tidegate::control
