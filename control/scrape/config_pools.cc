#include "control/scrape/config_pools.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

namespace tidegate::control {

absl::StatusOr<ScrapeFile> ReadScrapeFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::NotFoundError(fmt::format("cannot read {}", path));
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const size_t slash = path.rfind('/');
  absl::StatusOr<ScrapeFile> file =
      ParseScrapeFile(text, slash == path.npos ? "." : path.substr(0, slash));
  if (file.ok()) return file;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", path, std::string(file.status().message())));
}

void ConfigPools::SetFiles(std::vector<model::ScrapeConfigFile> files) {
  absl::MutexLock lock(&mutex_);
  of_ = std::move(files);
}

bool ConfigPools::Read(const model::ScrapeConfigFile& of, File* file) {
  const std::string state = FileState(of.file);
  if (!file->state.empty() && state == file->state) return false;
  file->state = state;
  absl::StatusOr<ScrapeFile> read = ReadScrapeFile(of.file);
  if (!read.ok()) {
    spdlog::error("scraping for tenant {} stays as it was: {}", of.tenant,
                  std::string(read.status().message()));
    return false;
  }
  for (const std::string& section : read->not_acted_on) {
    spdlog::info("{}: {} is not acted on", of.file, section);
  }
  std::vector<Job> before;
  before.swap(file->jobs);
  for (ScrapeConfig& job : read->jobs) {
    // A job that the file has not changed goes on with its targets as they are.
    const auto same = std::find_if(before.begin(), before.end(), [&job](const Job& old) {
      return old.config != nullptr && old.config->source == job.source;
    });
    if (same != before.end()) {
      file->jobs.push_back(std::move(*same));
    } else {
      file->jobs.push_back({std::make_shared<const ScrapeConfig>(std::move(job)), {}, nullptr});
    }
  }
  return true;
}

bool ConfigPools::RefreshJob(const std::string& tenant, Job* job) {
  std::vector<model::TargetGroup> groups = job->config->static_groups;
  for (const model::FileDiscoveryConfig& discovery : job->config->file_discoveries) {
    for (model::TargetGroup& group : discovery_.Groups(discovery.files))
      groups.push_back(std::move(group));
  }
  if (job->pool != nullptr && groups == job->groups) return false;
  std::vector<std::string> mistakes;
  job->pool = std::make_shared<const Pool>(MakePool(tenant, job->config, groups, &mistakes));
  job->groups = std::move(groups);
  for (const std::string& mistake : mistakes) spdlog::error("tenant {}: {}", tenant, mistake);
  return true;
}

bool ConfigPools::Refresh() {
  bool changed = false;
  std::vector<std::shared_ptr<const Pool>> pools;
  std::set<std::pair<std::string, std::string>> present;
  std::vector<model::ScrapeConfigFile> files;
  {
    absl::MutexLock lock(&mutex_);
    files = of_;
  }
  for (const model::ScrapeConfigFile& of : files) {
    present.emplace(of.tenant, of.file);
    File& file = files_[{of.tenant, of.file}];
    changed |= Read(of, &file);
    for (Job& job : file.jobs) {
      changed |= RefreshJob(of.tenant, &job);
      pools.push_back(job.pool);
    }
  }
  changed |=
      std::erase_if(files_, [&](const auto& one) { return !present.contains(one.first); }) > 0;
  for (const std::string& mistake : discovery_.TakeMistakes())
    spdlog::error("file_sd: {}", mistake);
  pools_ = std::move(pools);
  return changed;
}

}  // namespace tidegate::control
