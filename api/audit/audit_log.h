// Who changed what: a line of JSON for each change that an administrator makes.
#ifndef TIDEGATE_API_AUDIT_AUDIT_LOG_H_
#define TIDEGATE_API_AUDIT_AUDIT_LOG_H_

#include <prometheus/counter.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "api/auth/caller.h"
#include "api/http/http_response.h"
#include "api/json_lines/json_lines_file.h"
#include "model/clock.h"

namespace prometheus {
class Registry;
}

namespace tidegate::api {

struct AuditLogOptions {
  std::string file;                // Empty = none.
  uint64_t max_bytes = 100 << 20;  // Of the file; a second one of the same size is kept.
};

// Never holds a secret: of a request its method, path, outcome, and whose key it showed. Thread
// safe. Everything it is given must outlive it.
class AuditLog {
 public:
  AuditLog(const AuditLogOptions& options, const model::TenantRegistry* tenants,
           const model::Clock* clock, prometheus::Registry* registry);

  // Opens the file anew; OK without one. Unavailable when it cannot be opened.
  absl::Status Reopen() { return file_ == nullptr ? absl::OkStatus() : file_->Reopen(); }

  // Those whose requests show a session are named too. Before the first request.
  void SetSessions(const control::Sessions* sessions) { sessions_ = sessions; }

  // Runs the handler and notes its outcome, refusals included. `action` is a fixed word.
  HttpHandler Audited(std::string_view action, HttpHandler handler);

 private:
  void Note(std::string_view action, const Caller& caller, const HttpRequest& request, int status);

  const std::unique_ptr<JsonLinesFile> file_;  // nullptr without one.
  const model::TenantRegistry& tenants_;
  const control::Sessions* sessions_ = nullptr;
  const model::Clock& clock_;
  prometheus::Counter& failures_;
};

// The same with nullptr for an audit log: the handler itself.
HttpHandler Audited(AuditLog* audit, std::string_view action, HttpHandler handler);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_AUDIT_AUDIT_LOG_H_
