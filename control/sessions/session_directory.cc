#include "control/sessions/session_directory.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace tidegate::control {
namespace {

// Of a change that others overtake.
constexpr int kAttempts = 8;
// Beyond refresh_interval, for another process to read what was written.
constexpr absl::Duration kReadingTime = absl::Milliseconds(200);

}  // namespace

std::vector<model::KeyDigest> SessionsToEnd(const SessionMap& sessions, const model::KeyDigest& key,
                                            size_t most, absl::Time now) {
  std::vector<model::KeyDigest> ended;
  std::vector<std::pair<absl::Time, model::KeyDigest>> of_key;
  for (const auto& [token, session] : sessions) {
    if (session.expires <= now) {
      ended.push_back(token);
    } else if (session.key == key) {
      of_key.emplace_back(session.opened, token);
    }
  }
  std::sort(of_key.begin(), of_key.end());
  for (size_t i = 0; i + most <= of_key.size(); ++i) ended.push_back(of_key[i].second);
  return ended;
}

SessionDirectory::SessionDirectory(const SessionOptions& options, storage::Documents* documents,
                                   const model::Clock* clock)
    : options_(options),
      documents_(documents),
      clock_(clock),
      known_(std::make_shared<StoredSessions>()) {}

SessionDirectory::~SessionDirectory() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const StoredSessions> SessionDirectory::Known() const {
  absl::MutexLock lock(&mutex_);
  return known_;
}

std::optional<model::KeyDigest> SessionDirectory::Find(std::string_view token) const {
  const auto known = Known();
  const auto found = known->sessions.find(model::DigestOf(token));
  if (found == known->sessions.end() || found->second.expires <= clock_->Now()) return std::nullopt;
  return found->second.key;
}

absl::StatusOr<std::string> SessionDirectory::Open(const model::KeyDigest& key) {
  absl::StatusOr<std::string> token = model::NewSecret();
  if (!token.ok()) return token.status();
  {
    absl::MutexLock lock(&change_mutex_);
    absl::Status status = absl::AbortedError("");
    for (int i = 0; i < kAttempts && absl::IsAborted(status); ++i) {
      status = AddLocked(model::DigestOf(*token), key);
    }
    if (absl::IsAborted(status)) return absl::UnavailableError("too many logins at the same time");
    if (!status.ok()) return status;
  }
  if (options_.shared) absl::SleepFor(options_.refresh_interval + kReadingTime);
  return token;
}

absl::Status SessionDirectory::AddLocked(const model::KeyDigest& token,
                                         const model::KeyDigest& key) {
  if (absl::Status status = RefreshLocked(); !status.ok()) return status;
  const auto known = Known();
  const absl::Time now = clock_->Now();
  std::vector<storage::DocumentWrite> writes;
  for (const model::KeyDigest& ended :
       SessionsToEnd(known->sessions, key, options_.max_sessions_per_key, now)) {
    writes.push_back({SessionDocumentKey(ended), std::nullopt, std::nullopt});
  }
  if (known->sessions.size() - writes.size() >= options_.max_sessions) {
    return absl::ResourceExhaustedError("too many sessions are open");
  }
  const OpenSession session{key, now, now + options_.lifetime};
  writes.push_back({SessionDocumentKey(token), FormatSession(session), std::nullopt});
  return CommitLocked(known->version, std::move(writes));
}

absl::Status SessionDirectory::Close(std::string_view token) {
  const model::KeyDigest digest = model::DigestOf(token);
  absl::MutexLock lock(&change_mutex_);
  absl::Status status = absl::AbortedError("");
  for (int i = 0; i < kAttempts && absl::IsAborted(status); ++i) {
    status = RefreshLocked();
    const auto known = Known();
    if (status.ok() && !known->sessions.contains(digest)) return absl::OkStatus();
    if (status.ok()) {
      status =
          CommitLocked(known->version, {{SessionDocumentKey(digest), std::nullopt, std::nullopt}});
    }
  }
  if (absl::IsAborted(status)) return absl::UnavailableError("too many logins at the same time");
  return status;
}

absl::Status SessionDirectory::CommitLocked(uint64_t version,
                                            std::vector<storage::DocumentWrite> writes) {
  writes.push_back({std::string(kSessionsVersionKey), "", version});
  if (absl::Status status = documents_->Commit(writes); !status.ok()) return status;
  return RefreshLocked();
}

absl::Status SessionDirectory::Refresh() {
  absl::MutexLock lock(&change_mutex_);
  return RefreshLocked();
}

absl::Status SessionDirectory::RefreshLocked() {
  const auto version = ReadSessionsVersion(documents_);
  if (!version.ok()) return version.status();
  if (*version == Known()->version) return absl::OkStatus();
  auto stored = ReadSessions(documents_);
  if (!stored.ok()) return stored.status();
  auto known = std::make_shared<const StoredSessions>(*std::move(stored));
  absl::MutexLock lock(&mutex_);
  known_ = std::move(known);
  return absl::OkStatus();
}

void SessionDirectory::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void SessionDirectory::Loop() {
  while (true) {
    // While the store is away there is nothing to say: whoever needs it says so.
    (void)Refresh();
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.refresh_interval)) return;
  }
}

std::unique_ptr<Sessions> OpenSessions(const SessionOptions& options, storage::Documents* documents,
                                       const model::Clock* clock) {
  auto directory = std::make_unique<SessionDirectory>(options, documents, clock);
  directory->Start();
  return directory;
}

}  // namespace tidegate::control
