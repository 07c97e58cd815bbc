#include "api/audit/audit_log.h"

#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "absl/time/time.h"
#include "api/http/request_id.h"
#include "api/json/json_writer.h"

namespace tidegate::api {
namespace {

// Remembers the status that a handler answers.
class StatusWriter final : public ResponseWriter {
 public:
  explicit StatusWriter(ResponseWriter* response) : response_(*response) {}

  void AddHeader(std::string name, std::string value) override {
    response_.AddHeader(std::move(name), std::move(value));
  }
  void Send(HttpResponse response) override {
    status_ = response.status;
    response_.Send(std::move(response));
  }
  void Begin(HttpResponse head) override {
    status_ = head.status;
    response_.Begin(std::move(head));
  }
  bool Write(std::string_view piece) override { return response_.Write(piece); }
  void End() override { response_.End(); }

  int status() const { return status_; }

 private:
  ResponseWriter& response_;
  int status_ = 500;  // What the server answers for a handler that says nothing.
};

void Field(std::string_view name, std::string_view value, JsonWriter* json) {
  json->Key(name);
  json->String(value);
}

// The path without its query string, which may hold anything.
std::string_view PathOf(const HttpRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

}  // namespace

AuditLog::AuditLog(const AuditLogOptions& options, const model::TenantRegistry* tenants,
                   const model::Clock* clock, prometheus::Registry* registry)
    : file_(options.file.empty()
                ? nullptr
                : std::make_unique<JsonLinesFile>(options.file, options.max_bytes)),
      tenants_(*tenants),
      clock_(*clock),
      failures_(prometheus::BuildCounter()
                    .Name("tidegate_audit_log_failures_total")
                    .Help("Lines of the audit log that could not be written.")
                    .Register(*registry)
                    .Add({})) {}

HttpHandler AuditLog::Audited(std::string_view action, HttpHandler handler) {
  if (file_ == nullptr) return handler;
  return [this, action = std::string(action), handler = std::move(handler)](
             const HttpRequest& request, ResponseWriter& response) {
    const Caller caller = CallerOf(tenants_, request, sessions_);  // It may revoke its own key.
    StatusWriter writer(&response);
    handler(request, writer);
    Note(action, caller, request, writer.status());
  };
}

void AuditLog::Note(std::string_view action, const Caller& caller, const HttpRequest& request,
                    int status) {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  Field("time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", clock_.Now(), absl::UTCTimeZone()),
        &json);
  Field("action", action, &json);
  Field("method", MethodName(request.method), &json);
  Field("path", PathOf(request), &json);
  for (const auto& [name, value] : request.path.pairs()) Field(name, value, &json);
  json.Key("status");
  json.Integer(status);
  Field("by_tenant", caller.tenant, &json);
  Field("by_key", caller.key_id, &json);
  Field("source", request.peer, &json);
  Field("request_id", RequestIdOf(request.headers), &json);
  json.EndObject();
  json.Flush();
  const absl::Status written = file_->Append(sink.text() + "\n");
  if (written.ok()) return;
  failures_.Increment();
  spdlog::error("the audit log lacks a line: {}",
                std::string_view(written.message().data(), written.message().size()));
}

HttpHandler Audited(AuditLog* audit, std::string_view action, HttpHandler handler) {
  return audit == nullptr ? handler : audit->Audited(action, std::move(handler));
}

}  // namespace tidegate::api
