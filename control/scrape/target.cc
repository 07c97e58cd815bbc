#include "control/scrape/target.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "model/config/duration.h"
#include "model/duration_text.h"
#include "model/quote.h"
#include "model/relabel.h"
#include "model/series_id.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kAddress = "__address__";
constexpr std::string_view kScheme = "__scheme__";
constexpr std::string_view kPath = "__metrics_path__";
constexpr std::string_view kInterval = "__scrape_interval__";
constexpr std::string_view kTimeout = "__scrape_timeout__";
constexpr std::string_view kParam = "__param_";
constexpr std::string_view kMeta = "__meta_";
constexpr std::string_view kReserved = "__";

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

// Percent-encodes what is neither plain nor in `others` (RFC 3986).
std::string Escape(std::string_view text, std::string_view others) {
  std::string out;
  for (const char c : text) {
    if (IsPlain(c) || others.find(c) != others.npos) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Sorted by name, as Go's url.Values.Encode does it.
std::string Query(const ScrapeConfig& job, model::LabelsView labels) {
  std::map<std::string, std::vector<std::string>> params(job.params.begin(), job.params.end());
  for (const model::Label& label : labels) {
    if (!label.name.starts_with(kParam)) continue;
    auto& values = params[std::string(label.name.substr(kParam.size()))];
    if (values.empty()) values.emplace_back();
    values.front() = label.value;
  }
  std::string query;
  for (const auto& [name, values] : params) {
    for (const std::string& value : values) {
      query +=
          fmt::format("{}{}={}", query.empty() ? "?" : "&", Escape(name, ""), Escape(value, ""));
    }
  }
  return query;
}

absl::StatusOr<absl::Duration> DurationOf(const model::LabelsBuilder& builder,
                                          std::string_view label, std::string_view what) {
  const absl::StatusOr<absl::Duration> duration = model::ParseDuration(builder.Get(label));
  if (!duration.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("error parsing {}: {}", what, std::string(duration.status().message())));
  }
  if (*duration > absl::ZeroDuration()) return duration;
  return absl::InvalidArgumentError(fmt::format("{} cannot be 0", what));
}

// Only what a series may have: labels that begin with __ are for the scraper.
model::Labels PublicLabels(model::LabelsView labels) {
  std::vector<std::pair<std::string, std::string>> kept;
  for (const model::Label& label : labels) {
    if (!label.name.starts_with(kReserved)) kept.emplace_back(label.name, label.value);
  }
  return model::Labels(std::move(kept));
}

}  // namespace

model::Labels DiscoveredLabels(const ScrapeConfig& job, const std::string& address,
                               const std::vector<std::pair<std::string, std::string>>& group) {
  model::LabelsBuilder builder;
  for (const auto& [name, value] : group) builder.Set(name, value);
  if (!address.empty()) builder.Set(kAddress, address);
  const std::pair<std::string_view, std::string> defaults[] = {
      {"job", job.job_name},
      {kInterval, model::DurationText(absl::ToInt64Milliseconds(job.interval))},
      {kTimeout, model::DurationText(absl::ToInt64Milliseconds(job.timeout))},
      {kPath, job.metrics_path},
      {kScheme, job.scheme}};
  for (const auto& [name, value] : defaults) {
    if (builder.Get(name).empty()) builder.Set(name, value);
  }
  for (const auto& [name, values] : job.params) {
    if (!values.empty()) builder.Set(std::string(kParam) + name, values.front());
  }
  return builder.Build();
}

absl::StatusOr<Target> MakeTarget(const std::string& tenant,
                                  std::shared_ptr<const ScrapeConfig> job,
                                  model::Labels discovered) {
  Target target;
  target.tenant = tenant;
  target.job = std::move(job);
  target.discovered = std::move(discovered);
  model::LabelsBuilder builder(target.discovered.view());
  if (!model::Relabel(target.job->relabel, &builder)) {
    target.dropped = true;
    return target;
  }
  const std::string address(builder.Get(kAddress));
  if (address.empty()) return absl::InvalidArgumentError("no address");
  if (address.find('/') != address.npos) {
    return absl::InvalidArgumentError(
        fmt::format("{} is not a valid hostname", model::Quoted(address)));
  }
  const auto interval = DurationOf(builder, kInterval, "scrape interval");
  if (!interval.ok()) return interval.status();
  const auto timeout = DurationOf(builder, kTimeout, "scrape timeout");
  if (!timeout.ok()) return timeout.status();
  if (*timeout > *interval) {
    return absl::InvalidArgumentError(
        fmt::format("scrape timeout cannot be greater than scrape interval (\"{}\" > \"{}\")",
                    builder.Get(kTimeout), builder.Get(kInterval)));
  }
  target.interval = *interval;
  target.timeout = *timeout;
  const model::Labels before = builder.Build();
  for (const model::Label& label : before) {
    if (label.name.starts_with(kMeta)) builder.Erase(label.name);
  }
  if (builder.Get("instance").empty()) builder.Set("instance", address);
  const model::Labels all = builder.Build();
  target.labels = PublicLabels(all.view());
  const std::string path(builder.Get(kPath));
  target.url =
      fmt::format("{}://{}{}{}{}", builder.Get(kScheme), address, path.starts_with('/') ? "" : "/",
                  Escape(path, "/:@!$&'()*+,;="), Query(*target.job, all.view()));
  target.hash = model::HashLabelBytes(std::string(target.labels.bytes()) + target.url).low;
  return target;
}

Pool MakePool(const std::string& tenant, std::shared_ptr<const ScrapeConfig> job,
              const std::vector<model::TargetGroup>& groups, std::vector<std::string>* mistakes) {
  Pool pool{tenant, job->job_name, {}, {}, 0, job};
  std::vector<Target> found;
  absl::flat_hash_set<uint64_t> seen;
  for (const model::TargetGroup& group : groups) {
    for (const std::string& address : group.targets) {
      absl::StatusOr<Target> target =
          MakeTarget(tenant, job, DiscoveredLabels(*job, address, group.labels));
      if (!target.ok()) {
        mistakes->push_back(fmt::format("job {}, {}: target {}: {}", job->job_name, group.source,
                                        address, std::string(target.status().message())));
      } else if (target->dropped) {
        ++pool.dropped_count;
        const uint64_t keep = job->keep_dropped_targets;
        if (keep == 0 || pool.dropped.size() < keep) pool.dropped.push_back(target->discovered);
      } else if (seen.insert(target->hash).second) {
        found.push_back(*std::move(target));
      }
    }
  }
  const bool too_many = job->target_limit > 0 && found.size() > job->target_limit;
  for (Target& target : found) {
    if (too_many) {
      target.forced_error = fmt::format("target_limit exceeded (number of targets: {}, limit: {})",
                                        found.size(), job->target_limit);
    }
    pool.active.push_back(std::make_shared<const Target>(std::move(target)));
  }
  return pool;
}

absl::Time NextScrape(absl::Time now, absl::Duration interval, uint64_t hash) {
  const int64_t period = absl::ToInt64Nanoseconds(interval);
  const auto offset = static_cast<int64_t>(hash % static_cast<uint64_t>(period));
  const int64_t at = absl::ToUnixNanos(now);
  int64_t next = at - at % period + offset;
  while (next <= at) next += period;
  if (next - at > period) next -= period;
  return absl::FromUnixNanos(next);
}

}  // namespace tidegate::control
