#include "api/workspaces/workspace_endpoints.h"

#include <spdlog/spdlog.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "api/workspaces/workspace_input.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kRegionField = "X-SYSMON-REGION";

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%S", time, absl::UTCTimeZone());
}

std::string PathPart(const WorkspaceRequest& request, std::string_view name) {
  return std::string(request.http.path.Get(name));
}

// What the documents answer that is nobody's mistake.
HttpResponse Internal(const WorkspaceRequest& request, const absl::Status& status) {
  spdlog::error("request {}: workspaces: {}", request.context.request_id,
                std::string(status.message()));
  return EnvelopeResponse(ResultCode::kInternalServerError);
}

void Member(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

void Nothing(std::string_view key, JsonWriter& json) {
  json.Key(key);
  json.Raw("null");
}

void TextOrNothing(std::string_view key, std::string_view value, JsonWriter& json) {
  value.empty() ? Nothing(key, json) : Member(key, value, json);
}

void WriteJob(const WorkspaceRequest& request, const control::WorkspaceJob& job, JsonWriter& json) {
  json.BeginObject();
  Member("jobId", job.id, json);
  Member("projectId", request.context.tenant, json);
  Member("jobName", job.name, json);
  Member("metricsPath", job.metrics_path, json);
  TextOrNothing("description", job.description, json);
  Nothing("lstModifier", json);  // Whoever has the key: no person is known.
  Member("lstModYmdt", TimeText(job.modified), json);
  TextOrNothing("reservedJobCd", job.reserved, json);
  json.EndObject();
}

HttpResponse JobResponse(const WorkspaceRequest& request, const control::WorkspaceJob& job) {
  return EnvelopeResponse(ResultCode::kSuccess,
                          [&](JsonWriter& json) { WriteJob(request, job, json); });
}

HttpResponse IdResponse(const std::string& id) {
  return EnvelopeResponse(ResultCode::kSuccess, [&](JsonWriter& json) { json.String(id); });
}

// The job of the request's path, or the answer that says why there is none.
std::optional<HttpResponse> FindJob(const WorkspaceServices& services,
                                    const WorkspaceRequest& request, control::WorkspaceJob* job) {
  auto found = services.workspaces->Job(request.context.tenant, PathPart(request, "jobId"));
  if (absl::IsNotFound(found.status())) return EnvelopeResponse(ResultCode::kNotFoundJob);
  if (!found.ok()) return Internal(request, found.status());
  *job = *std::move(found);
  return std::nullopt;
}

// The same, of a job that may be changed.
std::optional<HttpResponse> FindOwnJob(const WorkspaceServices& services,
                                       const WorkspaceRequest& request,
                                       control::WorkspaceJob* job) {
  if (auto answer = FindJob(services, request, job)) return answer;
  if (!job->reserved.empty()) return EnvelopeResponse(ResultCode::kSystemReservedJob);
  return std::nullopt;
}

// What is known about the scrapes of the tenant's targets, by their ids.
std::map<std::string, control::TargetStatus> Scrapes(const WorkspaceServices& services,
                                                     const WorkspaceRequest& request) {
  std::map<std::string, control::TargetStatus> scrapes;
  if (services.targets == nullptr) return scrapes;
  auto list = services.targets->List(request.context);
  if (!list.ok()) return scrapes;  // Nothing is known, and that is what the answer says.
  for (control::TargetStatus& status : list->active) {
    const std::string id(status.labels.Get(control::kTargetIdLabel));
    if (!id.empty()) scrapes[id] = std::move(status);
  }
  return scrapes;
}

void WriteOutcome(const std::optional<model::Host>& host, const control::TargetStatus* scrape,
                  JsonWriter& json) {
  using control::ScrapeResult;
  if (!host.has_value()) {
    json.Key("resultCd");
    json.Integer(static_cast<int>(ScrapeResult::kConnectionFailed));
    Member("failReason", "the host is not registered any more", json);
  } else if (scrape == nullptr || !scrape->scraped) {
    Nothing("resultCd", json);
    Nothing("failReason", json);
  } else {
    json.Key("resultCd");
    json.Integer(static_cast<int>(scrape->result));
    TextOrNothing("failReason", scrape->last_error, json);
  }
}

void WriteTarget(const control::WorkspaceTarget& target, const std::optional<model::Host>& host,
                 const control::TargetStatus* scrape, JsonWriter& json) {
  json.BeginObject();
  Member("targetId", target.id, json);
  Member("jobId", target.job_id, json);
  Member("hostId", target.host_id, json);
  json.Key("port");
  json.Integer(target.port);
  WriteOutcome(host, scrape, json);
  Nothing("mntrnStatCd", json);
  Nothing("lstModifier", json);
  Member("lstModYmdt", TimeText(target.modified), json);
  TextOrNothing("hostNm", host.has_value() ? host->name : "", json);
  TextOrNothing("svrIp", host.has_value() ? host->address : "", json);
  json.EndObject();
}

const control::TargetStatus* Find(const std::map<std::string, control::TargetStatus>& scrapes,
                                  const std::string& id) {
  const auto found = scrapes.find(id);
  return found == scrapes.end() ? nullptr : &found->second;
}

}  // namespace

HttpResponse ListJobs(const WorkspaceServices& services, const WorkspaceRequest& request) {
  const auto region = ReadRegion(request.http.headers.Get(kRegionField));
  if (!region.ok()) return EnvelopeResponse(ResultCode::kBadInputValue);
  const auto jobs = services.workspaces->Jobs(request.context.tenant, *region);
  if (!jobs.ok()) return Internal(request, jobs.status());
  return EnvelopeResponse(ResultCode::kSuccess, [&](JsonWriter& json) {
    json.BeginArray();
    for (const control::WorkspaceJob& job : *jobs) WriteJob(request, job, json);
    json.EndArray();
  });
}

HttpResponse CreateJob(const WorkspaceServices& services, const WorkspaceRequest& request) {
  const auto region = ReadRegion(request.http.headers.Get(kRegionField));
  auto input = ReadNewJob(request.http.body);
  if (!region.ok() || !input.ok()) return EnvelopeResponse(ResultCode::kBadInputValue);
  control::WorkspaceJob job;
  job.region = *region;
  job.name = std::move(input->name);
  job.metrics_path = std::move(input->metrics_path);
  job.description = std::move(input->description).value_or("");
  const auto made = services.workspaces->CreateJob(request.context.tenant, std::move(job));
  if (absl::IsAlreadyExists(made.status())) return EnvelopeResponse(ResultCode::kAlreadyExist);
  if (absl::IsResourceExhausted(made.status())) return EnvelopeResponse(ResultCode::kBadInputValue);
  return made.ok() ? JobResponse(request, *made) : Internal(request, made.status());
}

HttpResponse GetJob(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindJob(services, request, &job)) return *std::move(answer);
  return JobResponse(request, job);
}

HttpResponse UpdateJob(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindOwnJob(services, request, &job)) return *std::move(answer);
  auto input = ReadChangedJob(request.http.body);
  if (!input.ok()) return EnvelopeResponse(ResultCode::kBadInputValue);
  job.metrics_path = std::move(input->metrics_path);
  if (input->description.has_value()) job.description = *std::move(input->description);
  const auto changed = services.workspaces->UpdateJob(request.context.tenant, job);
  return changed.ok() ? JobResponse(request, *changed) : Internal(request, changed.status());
}

HttpResponse DeleteJob(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindOwnJob(services, request, &job)) return *std::move(answer);
  const absl::Status status = services.workspaces->DeleteJob(request.context.tenant, job.id);
  return status.ok() ? IdResponse(job.id) : Internal(request, status);
}

HttpResponse ListTargets(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindJob(services, request, &job)) return *std::move(answer);
  const auto targets = services.workspaces->TargetsOf(request.context.tenant, job.id);
  if (!targets.ok()) return Internal(request, targets.status());
  const auto hosts = services.hosts->List(request.context.tenant);
  if (!hosts.ok()) return Internal(request, hosts.status());
  std::map<std::string, model::Host> by_id;
  for (const model::Host& host : *hosts) by_id[host.id] = host;
  const auto scrapes = Scrapes(services, request);
  return EnvelopeResponse(ResultCode::kSuccess, [&](JsonWriter& json) {
    json.BeginArray();
    for (const control::WorkspaceTarget& target : *targets) {
      const auto host = by_id.find(target.host_id);
      WriteTarget(target, host == by_id.end() ? std::nullopt : std::optional(host->second),
                  Find(scrapes, target.id), json);
    }
    json.EndArray();
  });
}

HttpResponse CreateTarget(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindOwnJob(services, request, &job)) return *std::move(answer);
  auto input = ReadNewTarget(request.http.body);
  if (!input.ok()) return EnvelopeResponse(ResultCode::kBadInputValue);
  const auto host = services.hosts->Find(request.context.tenant, input->host_id);
  if (!host.ok()) return Internal(request, host.status());
  if (!host->has_value()) return EnvelopeResponse(ResultCode::kInvalidHostOrProject);
  control::WorkspaceTarget target;
  target.job_id = job.id;
  target.host_id = std::move(input->host_id);
  target.port = input->port;
  const auto made = services.workspaces->AddTarget(request.context.tenant, std::move(target));
  if (absl::IsAlreadyExists(made.status())) return EnvelopeResponse(ResultCode::kAlreadyExist);
  if (absl::IsResourceExhausted(made.status())) return EnvelopeResponse(ResultCode::kBadInputValue);
  return made.ok() ? IdResponse(made->id) : Internal(request, made.status());
}

HttpResponse GetTarget(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindJob(services, request, &job)) return *std::move(answer);
  const auto target =
      services.workspaces->Target(request.context.tenant, job.id, PathPart(request, "targetId"));
  if (absl::IsNotFound(target.status())) return EnvelopeResponse(ResultCode::kNotFoundTarget);
  if (!target.ok()) return Internal(request, target.status());
  const auto host = services.hosts->Find(request.context.tenant, target->host_id);
  if (!host.ok()) return Internal(request, host.status());
  const auto scrapes = Scrapes(services, request);
  return EnvelopeResponse(ResultCode::kSuccess, [&](JsonWriter& json) {
    WriteTarget(*target, *host, Find(scrapes, target->id), json);
  });
}

HttpResponse DeleteTarget(const WorkspaceServices& services, const WorkspaceRequest& request) {
  control::WorkspaceJob job;
  if (auto answer = FindOwnJob(services, request, &job)) return *std::move(answer);
  const std::string id = PathPart(request, "targetId");
  const absl::Status status = services.workspaces->DeleteTarget(request.context.tenant, job.id, id);
  if (absl::IsNotFound(status)) return EnvelopeResponse(ResultCode::kNotFoundTarget);
  return status.ok() ? IdResponse(id) : Internal(request, status);
}

HttpResponse ListServers(const WorkspaceServices& services, const WorkspaceRequest& request) {
  const auto region = ReadRegion(request.http.headers.Get(kRegionField));
  if (!region.ok()) return EnvelopeResponse(ResultCode::kBadInputValue);
  const auto hosts = services.hosts->List(request.context.tenant);
  if (!hosts.ok()) return Internal(request, hosts.status());
  return EnvelopeResponse(ResultCode::kSuccess, [&](JsonWriter& json) {
    json.BeginArray();
    for (const model::Host& host : *hosts) {
      if (!host.region.empty() && host.region != *region) continue;
      json.BeginObject();
      Member("hostId", host.id, json);
      Member("hostNm", host.name, json);
      Member("svrIp", host.address, json);
      Member("projectId", request.context.tenant, json);
      TextOrNothing("instanceId", host.instance_id, json);
      json.EndObject();
    }
    json.EndArray();
  });
}

}  // namespace tidegate::api
