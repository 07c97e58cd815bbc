#include "control/lease/lease.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "absl/status/statusor.h"

namespace tidegate::control {

// The document: the epoch, a blank, the holder.
absl::StatusOr<Lease::State> Lease::Read() {
  const absl::StatusOr<storage::Document> document = documents_.Get(options_.key);
  if (absl::IsNotFound(document.status())) return State();
  if (!document.ok()) return document.status();
  State state;
  state.version = document->version;
  const std::string& text = document->value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), state.epoch);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') {
    return absl::DataLossError(fmt::format("the lease {} cannot be read", options_.key));
  }
  state.holder.assign(end + 1, text.data() + text.size());
  return state;
}

storage::DocumentWrite Lease::Writing(const std::string& holder, uint64_t epoch) const {
  return {options_.key, fmt::format("{} {}", epoch, holder), version_};
}

// After it version_ is that of the document again.
absl::Status Lease::Write(std::vector<storage::DocumentWrite> writes, const std::string& holder,
                          uint64_t epoch) {
  writes.push_back(Writing(holder, epoch));
  const absl::Time before = clock_.Now();
  if (absl::Status status = documents_.Commit(writes); !status.ok()) return status;
  const absl::StatusOr<State> state = Read();
  if (!state.ok()) return state.status();
  version_ = state->version;
  renewed_at_ = before;
  return state->epoch == epoch && state->holder == holder
             ? absl::OkStatus()
             : absl::AbortedError("the lease has another holder");
}

bool Lease::Renew() { return held() ? KeepHeld() : TryTake(); }

bool Lease::KeepHeld() {
  const absl::Status status = Write({}, options_.holder, epoch());
  if (status.ok()) return true;
  const bool in_time = clock_.Now() - renewed_at_ < options_.ttl * 2 / 3;
  // Anything but Aborted may pass: the store is away for a moment. A commit whose answer was lost
  // looks like a stranger's next time, and that is told from one by reading.
  if (absl::IsAborted(status)) {
    const absl::StatusOr<State> state = Read();
    if (state.ok() && state->holder == options_.holder && state->epoch == epoch() && in_time) {
      version_ = state->version;
      return true;
    }
  } else if (in_time) {
    return true;
  }
  held_ = false;
  seen_ = false;
  return false;
}

bool Lease::IsFree(const State& state) {
  if (state.version == 0 || state.holder.empty() || state.holder == options_.holder) return true;
  if (!seen_ || state.version != version_) {
    seen_ = true;
    seen_at_ = clock_.Now();
    version_ = state.version;
  }
  return clock_.Now() - seen_at_ >= options_.ttl;
}

bool Lease::TryTake() {
  const absl::StatusOr<State> state = Read();
  if (!state.ok() || !IsFree(*state)) return false;
  version_ = state->version;
  if (!Write({}, options_.holder, state->epoch + 1).ok()) {
    seen_ = false;
    return false;
  }
  epoch_ = state->epoch + 1;
  held_ = true;
  return true;
}

void Lease::Release() {
  if (!held()) return;
  held_ = false;
  seen_ = false;
  (void)Write({}, "", epoch());
}

absl::Status Lease::Commit(std::vector<storage::DocumentWrite> writes) {
  if (!held()) return absl::FailedPreconditionError("this process does not hold the lease");
  const absl::Status status = Write(std::move(writes), options_.holder, epoch());
  if (!absl::IsAborted(status)) return status;
  const absl::StatusOr<State> state = Read();
  if (state.ok() && (state->holder != options_.holder || state->epoch != epoch())) {
    held_ = false;
    return absl::FailedPreconditionError("another process has taken the lease");
  }
  return status;
}

}  // namespace tidegate::control
