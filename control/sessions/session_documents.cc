#include "control/sessions/session_documents.h"

#include <fmt/format.h>

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kCollection = "web_sessions/";
constexpr size_t kPage = 1000;  // Documents at once.

std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string SessionDocumentKey(const model::KeyDigest& token) {
  return fmt::format("{}{}", kCollection, model::ToHex(token));
}

std::string FormatSession(const OpenSession& session) {
  return fmt::format("{} {} {}", model::ToHex(session.key), absl::ToUnixMillis(session.opened),
                     absl::ToUnixMillis(session.expires));
}

std::optional<OpenSession> ParseSession(std::string_view text) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(absl::string_view(text.data(), text.size()), ' ');
  if (parts.size() != 3) return std::nullopt;
  const auto key = model::ParseKeyDigest(View(parts[0]));
  int64_t opened = 0;
  int64_t expires = 0;
  if (!key.ok() || !absl::SimpleAtoi(parts[1], &opened) || !absl::SimpleAtoi(parts[2], &expires)) {
    return std::nullopt;
  }
  return OpenSession{*key, absl::FromUnixMillis(opened), absl::FromUnixMillis(expires)};
}

absl::StatusOr<uint64_t> ReadSessionsVersion(storage::Documents* documents) {
  const auto document = documents->Get(kSessionsVersionKey);
  if (absl::IsNotFound(document.status())) return 0;
  if (!document.ok()) return document.status();
  return document->version;
}

absl::StatusOr<StoredSessions> ReadSessions(storage::Documents* documents) {
  // The version first: what changes meanwhile is read again at the next look.
  const auto version = ReadSessionsVersion(documents);
  if (!version.ok()) return version.status();
  StoredSessions stored;
  stored.version = *version;
  std::string after;
  while (true) {
    const auto page = documents->List(kCollection, after, kPage);
    if (!page.ok()) return page.status();
    for (const storage::Document& document : *page) {
      const std::string_view name = std::string_view(document.key).substr(kCollection.size());
      const auto token = model::ParseKeyDigest(name);
      const auto session = ParseSession(document.value);
      if (token.ok() && session.has_value()) stored.sessions.emplace(*token, *session);
    }
    if (page->size() < kPage) return stored;
    after = page->back().key;
  }
}

}  // namespace tidegate::control
