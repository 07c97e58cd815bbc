#include "control/scrape/scrape_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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
      {"static_configs", model::YamlTargetGroups("static", &job->static_groups)},
      {"file_sd_configs", model::YamlFileDiscoveries(&job->file_discoveries)},
      {"relabel_configs", model::YamlRelabelRules(&job->relabel)},
      {"metric_relabel_configs", model::YamlRelabelRules(&job->metric_relabel)}};
  model::AddHttpClientFields(&job->http, &fields);
  AddSharedFields(job, &fields);
  return fields;
}

// As Prometheus does: relative to the configuration file.
void Resolve(const std::string& directory, std::string* file) {
  if (!file->empty() && !file->starts_with('/')) *file = directory + "/" + *file;
}

void ResolveFiles(const std::string& directory, ScrapeConfig* job) {
  for (std::string* file : model::FilesOf(&job->http)) Resolve(directory, file);
  for (model::FileDiscoveryConfig& discovery : job->file_discoveries) {
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
  for (const std::string& mistake :
       {model::HttpClientMistake(job->http), model::FileDiscoveryMistake(job->file_discoveries)}) {
    if (!mistake.empty()) return YamlError(node, path, mistake);
  }
  return absl::OkStatus();
}

absl::Status ReadJob(const YAML::Node& node, const std::string& path, const Globals& globals,
                     ScrapeFile* file) {
  if (absl::Status status = model::RefuseOtherDiscoveries(node, path); !status.ok()) return status;
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

}  // namespace

absl::StatusOr<ScrapeFile> ParseScrapeFile(std::string_view yaml, const std::string& directory) {
  return model::ParseYaml(yaml, [&](const YAML::Node& root) { return ReadFile(root, directory); });
}

}  // namespace tidegate::control
