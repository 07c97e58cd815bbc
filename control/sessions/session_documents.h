// Sessions as documents: the form, and reading all of them.
#ifndef TIDEGATE_CONTROL_SESSIONS_SESSION_DOCUMENTS_H_
#define TIDEGATE_CONTROL_SESSIONS_SESSION_DOCUMENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/api_key.h"
#include "storage/documents.h"

namespace tidegate::control {

struct OpenSession {
  model::KeyDigest key = {};
  absl::Time opened;
  absl::Time expires;  // Exclusive.
};

// By the digest of their token.
using SessionMap = std::map<model::KeyDigest, OpenSession>;

struct StoredSessions {
  uint64_t version = 0;  // Of the document that every change of the others changes too.
  SessionMap sessions;
};

// "web_sessions/HEX": one document each, "KEY_HEX OPENED EXPIRES" with milliseconds since 1970.
// They belong to no tenant's folder: who shows a token does not say whose it is.
std::string SessionDocumentKey(const model::KeyDigest& token);
std::string FormatSession(const OpenSession& session);
// Nothing when it is none.
std::optional<OpenSession> ParseSession(std::string_view text);

inline constexpr std::string_view kSessionsVersionKey = "web_session_changes/version";

// 0 when there has been no session yet.
absl::StatusOr<uint64_t> ReadSessionsVersion(storage::Documents* documents);
// What cannot be read is left out.
absl::StatusOr<StoredSessions> ReadSessions(storage::Documents* documents);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SESSIONS_SESSION_DOCUMENTS_H_
