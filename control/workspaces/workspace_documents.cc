#include "control/workspaces/workspace_documents.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>

#include "model/series_id.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kChanges = "workspace_changes";
constexpr std::string_view kRoot = "workspaces/";
constexpr std::string_view kReservedCode = "DEFAULT";
constexpr std::string_view kReservedName = "default";
constexpr size_t kMaxIdBytes = 64;

// 8-4-4-4-12 hexadecimal digits (RFC 9562); the bits of version and variant are set.
std::string UuidText(uint64_t high, uint64_t low, int version) {
  high = (high & ~uint64_t{0xf000}) | static_cast<uint64_t>(version) << 12;
  low = (low & ~(uint64_t{3} << 62)) | uint64_t{2} << 62;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffffffffffff);
}

absl::StatusOr<std::string> NewUuid() {
  uint64_t random[2];
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random), sizeof(random)) != 1) {
    return absl::UnavailableError("the system's random source does not answer");
  }
  return UuidText(random[0], random[1], 4);
}

std::string Digest(std::string_view text) {
  const model::SeriesId id = model::HashLabelBytes(text);
  return fmt::format("{:016x}{:016x}", id.high, id.low);
}

// Always the same for a tenant and region, so that it need not be looked for.
std::string ReservedId(const std::string& tenant, std::string_view region) {
  const model::SeriesId id = model::HashLabelBytes(fmt::format("reserved/{}/{}", tenant, region));
  return UuidText(id.high, id.low, 8);
}

std::string JobKey(const std::string& tenant, const std::string& id) {
  return fmt::format("{}{}/jobs/{}", kRoot, tenant, id);
}
std::string NameKey(const std::string& tenant, const std::string& region, const std::string& name) {
  return fmt::format("{}{}/names/{}", kRoot, tenant, Digest(region + "/" + name));
}
std::string TargetKey(const std::string& tenant, const std::string& job, const std::string& id) {
  return fmt::format("{}{}/targets/{}/{}", kRoot, tenant, job, id);
}
std::string PortKey(const std::string& tenant, const WorkspaceTarget& target) {
  return fmt::format("{}{}/ports/{}/{}", kRoot, tenant, target.job_id,
                     Digest(fmt::format("{}:{}", target.host_id, target.port)));
}

// Ids come from paths of requests: what cannot be one is not put into a key.
bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

std::string Encode(const WorkspaceJob& job) {
  return boost::json::serialize(
      boost::json::object{{"region", job.region},
                          {"name", job.name},
                          {"metrics_path", job.metrics_path},
                          {"description", job.description},
                          {"modified_ms", absl::ToUnixMillis(job.modified)},
                          {"reserved", job.reserved}});
}

std::string Encode(const WorkspaceTarget& target) {
  return boost::json::serialize(
      boost::json::object{{"host_id", target.host_id},
                          {"port", target.port},
                          {"modified_ms", absl::ToUnixMillis(target.modified)}});
}

absl::StatusOr<boost::json::object> Object(const storage::Document& document) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(document.value, error);
  if (!error && value.is_object()) return std::move(value.get_object());
  return absl::DataLossError(fmt::format("the document {} cannot be read", document.key));
}

std::string Text(const boost::json::object& object, std::string_view member) {
  const boost::json::value* value = object.if_contains({member.data(), member.size()});
  if (value == nullptr || !value->is_string()) return "";
  return {value->get_string().data(), value->get_string().size()};
}

int64_t Number(const boost::json::object& object, std::string_view member) {
  const boost::json::value* value = object.if_contains({member.data(), member.size()});
  return value == nullptr || !value->is_int64() ? 0 : value->get_int64();
}

std::string LastPart(const std::string& key) { return key.substr(key.rfind('/') + 1); }

absl::StatusOr<WorkspaceJob> DecodeJob(const storage::Document& document) {
  const auto object = Object(document);
  if (!object.ok()) return object.status();
  return WorkspaceJob{
      LastPart(document.key),       Text(*object, "region"),
      Text(*object, "name"),        Text(*object, "metrics_path"),
      Text(*object, "description"), absl::FromUnixMillis(Number(*object, "modified_ms")),
      Text(*object, "reserved")};
}

absl::StatusOr<WorkspaceTarget> DecodeTarget(const storage::Document& document) {
  const auto object = Object(document);
  if (!object.ok()) return object.status();
  const std::string before = document.key.substr(0, document.key.rfind('/'));
  return WorkspaceTarget{LastPart(document.key), LastPart(before), Text(*object, "host_id"),
                         static_cast<uint16_t>(Number(*object, "port")),
                         absl::FromUnixMillis(Number(*object, "modified_ms"))};
}

absl::Status NoSuch(std::string_view what) {
  return absl::NotFoundError(fmt::format("there is no such {}", what));
}

}  // namespace

absl::Status WorkspaceDocuments::Commit(std::vector<storage::DocumentWrite> writes) {
  writes.push_back({std::string(kChanges), "", std::nullopt});
  return documents_.Commit(writes);
}

absl::StatusOr<std::vector<WorkspaceJob>> WorkspaceDocuments::AllJobs(const std::string& tenant) {
  const auto documents = documents_.List(JobKey(tenant, ""), "", 0);
  if (!documents.ok()) return documents.status();
  std::vector<WorkspaceJob> jobs;
  for (const storage::Document& document : *documents) {
    absl::StatusOr<WorkspaceJob> job = DecodeJob(document);
    if (!job.ok()) return job.status();
    jobs.push_back(*std::move(job));
  }
  return jobs;
}

// A project is born with one reserved job per region; it is born when it is looked at first.
absl::Status WorkspaceDocuments::EnsureReserved(const std::string& tenant,
                                                std::vector<WorkspaceJob>* jobs) {
  std::vector<storage::DocumentWrite> writes;
  for (const std::string_view region : kWorkspaceRegions) {
    const std::string id = ReservedId(tenant, region);
    const bool there = std::any_of(jobs->begin(), jobs->end(),
                                   [&](const WorkspaceJob& job) { return job.id == id; });
    if (there) continue;
    WorkspaceJob job{id, std::string(region), std::string(kReservedName), "/metrics",
                     "", clock_.Now(),        std::string(kReservedCode)};
    writes.push_back({JobKey(tenant, id), Encode(job), std::nullopt});
    writes.push_back({NameKey(tenant, job.region, job.name), id, std::nullopt});
    jobs->push_back(std::move(job));
  }
  return writes.empty() ? absl::OkStatus() : Commit(std::move(writes));
}

absl::StatusOr<std::vector<WorkspaceJob>> WorkspaceDocuments::Jobs(const std::string& tenant,
                                                                   const std::string& region) {
  absl::StatusOr<std::vector<WorkspaceJob>> jobs = AllJobs(tenant);
  if (!jobs.ok()) return jobs.status();
  if (absl::Status status = EnsureReserved(tenant, &*jobs); !status.ok()) return status;
  std::erase_if(*jobs, [&](const WorkspaceJob& job) { return job.region != region; });
  std::sort(jobs->begin(), jobs->end(), [](const WorkspaceJob& a, const WorkspaceJob& b) {
    return std::pair(a.reserved.empty(), a.name) < std::pair(b.reserved.empty(), b.name);
  });
  return jobs;
}

absl::StatusOr<WorkspaceJob> WorkspaceDocuments::Job(const std::string& tenant,
                                                     const std::string& id) {
  if (!IsId(id)) return NoSuch("job");
  const auto document = documents_.Get(JobKey(tenant, id));
  if (document.ok()) return DecodeJob(*document);
  if (!absl::IsNotFound(document.status())) return document.status();
  for (const std::string_view region : kWorkspaceRegions) {
    if (id != ReservedId(tenant, region)) continue;
    auto jobs = Jobs(tenant, std::string(region));  // Makes it.
    if (!jobs.ok()) return jobs.status();
    if (!jobs->empty()) return std::move(jobs->front());
  }
  return NoSuch("job");
}

absl::Status WorkspaceDocuments::CheckCount(const std::string& tenant, std::string_view limit,
                                            size_t count, size_t most) {
  if (most == 0 || count < most) return absl::OkStatus();
  CountRefused(limits_, tenant, limit);
  return absl::ResourceExhaustedError(fmt::format("there are {} already: {}", count, limit));
}

absl::StatusOr<WorkspaceJob> WorkspaceDocuments::CreateJob(const std::string& tenant,
                                                           WorkspaceJob job) {
  absl::StatusOr<std::vector<WorkspaceJob>> jobs = AllJobs(tenant);
  if (!jobs.ok()) return jobs.status();
  if (absl::Status status = EnsureReserved(tenant, &*jobs); !status.ok()) return status;
  absl::Status room = CheckCount(tenant, "max_scrape_jobs", jobs->size(),
                                 LimitsOf(limits_, tenant).max_scrape_jobs);
  if (!room.ok()) return room;
  absl::StatusOr<std::string> id = NewUuid();
  if (!id.ok()) return id.status();
  job.id = *std::move(id);
  job.modified = clock_.Now();
  job.reserved.clear();
  const absl::Status status = Commit({{JobKey(tenant, job.id), Encode(job), 0},
                                      {NameKey(tenant, job.region, job.name), job.id, 0}});
  if (absl::IsAborted(status)) return absl::AlreadyExistsError("there is a job of this name");
  if (!status.ok()) return status;
  return job;
}

absl::StatusOr<WorkspaceJob> WorkspaceDocuments::UpdateJob(const std::string& tenant,
                                                           const WorkspaceJob& job) {
  absl::StatusOr<WorkspaceJob> changed = Job(tenant, job.id);
  if (!changed.ok()) return changed.status();
  if (!changed->reserved.empty()) return absl::FailedPreconditionError("the job is reserved");
  changed->metrics_path = job.metrics_path;
  changed->description = job.description;
  changed->modified = clock_.Now();
  absl::Status status = Commit({{JobKey(tenant, job.id), Encode(*changed), std::nullopt}});
  if (!status.ok()) return status;
  return changed;
}

absl::Status WorkspaceDocuments::DeleteJob(const std::string& tenant, const std::string& id) {
  const absl::StatusOr<WorkspaceJob> job = Job(tenant, id);
  if (!job.ok()) return job.status();
  if (!job->reserved.empty()) return absl::FailedPreconditionError("the job is reserved");
  std::vector<storage::DocumentWrite> writes = {
      {JobKey(tenant, id), std::nullopt, std::nullopt},
      {NameKey(tenant, job->region, job->name), std::nullopt, std::nullopt}};
  for (const char* kind : {"targets", "ports"}) {
    const auto documents =
        documents_.List(fmt::format("{}{}/{}/{}/", kRoot, tenant, kind, id), "", 0);
    if (!documents.ok()) return documents.status();
    for (const storage::Document& document : *documents) {
      writes.push_back({document.key, std::nullopt, std::nullopt});
    }
  }
  return Commit(std::move(writes));
}

absl::StatusOr<std::vector<WorkspaceTarget>> WorkspaceDocuments::TargetsOf(
    const std::string& tenant, const std::string& job_id) {
  if (!IsId(job_id)) return std::vector<WorkspaceTarget>();
  const auto documents = documents_.List(TargetKey(tenant, job_id, ""), "", 0);
  if (!documents.ok()) return documents.status();
  std::vector<WorkspaceTarget> targets;
  for (const storage::Document& document : *documents) {
    absl::StatusOr<WorkspaceTarget> target = DecodeTarget(document);
    if (!target.ok()) return target.status();
    targets.push_back(*std::move(target));
  }
  std::stable_sort(targets.begin(), targets.end(),
                   [](const auto& a, const auto& b) { return a.modified < b.modified; });
  return targets;
}

absl::StatusOr<WorkspaceTarget> WorkspaceDocuments::Target(const std::string& tenant,
                                                           const std::string& job_id,
                                                           const std::string& id) {
  if (!IsId(job_id) || !IsId(id)) return NoSuch("target");
  const auto document = documents_.Get(TargetKey(tenant, job_id, id));
  if (document.ok()) return DecodeTarget(*document);
  return absl::IsNotFound(document.status()) ? NoSuch("target") : document.status();
}

absl::StatusOr<WorkspaceTarget> WorkspaceDocuments::AddTarget(const std::string& tenant,
                                                              WorkspaceTarget target) {
  const auto targets = TargetsOf(tenant, target.job_id);
  if (!targets.ok()) return targets.status();
  absl::Status room = CheckCount(tenant, "max_scrape_targets", targets->size(),
                                 LimitsOf(limits_, tenant).max_scrape_targets);
  if (!room.ok()) return room;
  absl::StatusOr<std::string> id = NewUuid();
  if (!id.ok()) return id.status();
  target.id = *std::move(id);
  target.modified = clock_.Now();
  const absl::Status status =
      Commit({{TargetKey(tenant, target.job_id, target.id), Encode(target), 0},
              {PortKey(tenant, target), target.id, 0}});
  if (absl::IsAborted(status)) return absl::AlreadyExistsError("the job has this target");
  if (!status.ok()) return status;
  return target;
}

absl::Status WorkspaceDocuments::DeleteTarget(const std::string& tenant, const std::string& job_id,
                                              const std::string& id) {
  const absl::StatusOr<WorkspaceTarget> target = Target(tenant, job_id, id);
  if (!target.ok()) return target.status();
  return Commit({{TargetKey(tenant, job_id, id), std::nullopt, std::nullopt},
                 {PortKey(tenant, *target), std::nullopt, std::nullopt}});
}

absl::StatusOr<uint64_t> WorkspaceDocuments::Version() {
  const auto changes = documents_.Get(kChanges);
  if (changes.ok()) return changes->version;
  return absl::IsNotFound(changes.status()) ? absl::StatusOr<uint64_t>(0) : changes.status();
}

absl::StatusOr<std::vector<WorkspaceDocuments::JobWithTargets>> WorkspaceDocuments::Everything() {
  const auto documents = documents_.List(kRoot, "", 0);
  if (!documents.ok()) return documents.status();
  std::map<std::pair<std::string, std::string>, JobWithTargets> jobs;  // By tenant and job.
  for (const storage::Document& document : *documents) {
    const std::string rest = document.key.substr(kRoot.size());
    const std::string tenant = rest.substr(0, rest.find('/'));
    if (rest.starts_with(tenant + "/jobs/")) {
      absl::StatusOr<WorkspaceJob> job = DecodeJob(document);
      if (!job.ok()) return job.status();
      const std::string id = job->id;
      jobs[{tenant, id}] = {tenant, *std::move(job), {}};
    } else if (rest.starts_with(tenant + "/targets/")) {
      absl::StatusOr<WorkspaceTarget> target = DecodeTarget(document);
      if (!target.ok()) return target.status();
      const auto job = jobs.find({tenant, target->job_id});
      if (job != jobs.end()) job->second.targets.push_back(*std::move(target));
    }
  }
  std::vector<JobWithTargets> all;
  for (auto& [key, job] : jobs) all.push_back(std::move(job));
  return all;
}

std::unique_ptr<Workspaces> OpenWorkspaces(storage::Documents* documents, const model::Clock* clock,
                                           LimitGuard* limits) {
  return std::make_unique<WorkspaceDocuments>(documents, clock, limits);
}

}  // namespace tidegate::control
