#include "control/lease/owned_documents.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(200);

}  // namespace

absl::StatusOr<storage::Document> OwnedDocuments::Read() {
  while (true) {
    auto document = documents_.Get(key_);
    if (document.ok() || absl::IsNotFound(document.status())) return document;
    if (stop_.load()) return absl::CancelledError("stopping");
    absl::SleepFor(kPause);
  }
}

absl::Status OwnedDocuments::Claim() {
  uint64_t random[2];
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random), sizeof(random)) != 1) {
    return absl::UnavailableError("the system's random source does not answer");
  }
  const std::string name = fmt::format("{:016x}{:016x}", random[0], random[1]);
  const absl::Status status = documents_.Commit({{key_, name + " 0", std::nullopt}});
  if (!status.ok()) return status;
  const auto document = Read();
  if (!document.ok()) return document.status();
  if (document->value != name + " 0") return absl::UnavailableError("claimed by somebody else");
  name_ = name;
  version_ = document->version;
  return absl::OkStatus();
}

absl::Status OwnedDocuments::EnsureOwned() {
  absl::MutexLock lock(&mutex_);
  if (!lost_ && name_.empty()) return Claim();
  if (!lost_) {
    const auto document = documents_.Get(key_);
    if (!document.ok() && !absl::IsNotFound(document.status())) return document.status();
    lost_ = !document.ok() || !document->value.starts_with(name_);
  }
  return lost_ ? absl::FailedPreconditionError("another process has taken over") : absl::OkStatus();
}

absl::Status OwnedDocuments::Commit(std::vector<storage::DocumentWrite> writes) {
  absl::MutexLock lock(&mutex_);
  const absl::Status gone = absl::FailedPreconditionError("another process has taken over");
  if (lost_) return gone;
  if (name_.empty()) {
    if (absl::Status status = Claim(); !status.ok()) return status;
  }
  const std::string mine = fmt::format("{} {}", name_, sequence_ + 1);
  writes.push_back({key_, mine, version_});
  const absl::Status status = documents_.Commit(writes);
  const auto document = Read();
  if (absl::IsCancelled(document.status())) {
    return status.ok() ? absl::OkStatus() : document.status();
  }
  if (!document.ok() || !document->value.starts_with(name_)) {
    lost_ = true;
    return status.ok() ? status : gone;
  }
  version_ = document->version;
  if (document->value != mine) return status;
  ++sequence_;
  return absl::OkStatus();
}

}  // namespace tidegate::control
