#include "ingest/service/cutter.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/service/hand_over.h"

namespace tidegate::ingest {
namespace {

// How long a waiting CutNow takes to notice that its caller has gone away.
constexpr absl::Duration kCancellationPoll = absl::Milliseconds(100);
// What a cut held and what sealing it took are free after it, and the allocator would keep them for
// the threads that had them. Returning them holds up whoever allocates; so not while cuts follow
// each other, where the next one needs as much.
constexpr absl::Duration kQuiet = absl::Seconds(5);
// How long a cut waits for the log to have what the cut holds.
constexpr absl::Duration kLogPatience = absl::Seconds(1);

model::RequestContext HandOverContext() {
  model::RequestContext context;
  context.request_id = "cut";
  return context;
}

}  // namespace

Cutter::Cutter(const CutterParts& parts, const CutPolicy& policy, absl::Duration poll)
    : parts_(parts), policy_(policy), poll_(poll), context_(HandOverContext()) {
  state_.last_cut = parts_.clock->Now();
}

void Cutter::Start() {
  absl::MutexLock lock(&mutex_);
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void Cutter::Stop() {
  context_.Cancel();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Cutter::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

absl::Status Cutter::CutNow(const model::RequestContext& context) {
  absl::MutexLock lock(&mutex_);
  if (!running_ || stopping_) return absl::UnavailableError("the ingester is not running");
  const uint64_t ticket = ++requested_;
  const auto answered = [this, ticket] {
    mutex_.AssertReaderHeld();
    return stopping_ || served_ >= ticket;
  };
  while (!answered()) {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    mutex_.AwaitWithDeadline(absl::Condition(&answered),
                             std::min(absl::Now() + kCancellationPoll, context.deadline));
  }
  if (served_ >= ticket) return last_status_;
  return absl::UnavailableError("the ingester is stopping");
}

void Cutter::Run() {
  while (true) {
    uint64_t ticket = 0;
    bool asked = false;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &Cutter::HasWork), poll_);
      if (stopping_) return;
      woken_ = false;
      ticket = requested_;
      asked = requested_ > served_;
    }
    if (!IsDue() && !asked) {
      ReturnMemory(kQuiet);
      continue;
    }
    const absl::Status status = Cut();
    Note(status);
    if (asked) ReturnMemory(absl::ZeroDuration());
    absl::MutexLock lock(&mutex_);
    served_ = ticket;
    last_status_ = status;
  }
}

void Cutter::ReturnMemory(absl::Duration quiet) {
  if (!has_freed_ || parts_.clock->Now() - state_.last_cut < quiet) return;
  malloc_trim(0);
  has_freed_ = false;
}

bool Cutter::IsDue() {
  const storage::HeadStats head = parts_.head->Stats("");
  state_.head_bytes = head.chunk_bytes + head.entry_bytes + head.index_bytes;
  state_.entry_bytes = head.entry_bytes;
  state_.log_bytes = parts_.log->SizeBytes();
  parts_.metrics->head_series.Set(static_cast<double>(head.series));
  parts_.metrics->head_samples.Set(static_cast<double>(head.samples));
  parts_.metrics->head_chunk_bytes.Set(static_cast<double>(head.chunk_bytes));
  parts_.metrics->head_entry_bytes.Set(static_cast<double>(head.entry_bytes));
  parts_.metrics->log_bytes.Set(static_cast<double>(state_.log_bytes));
  return CutIsDue(policy_, state_, parts_.clock->Now());
}

absl::Status Cutter::Cut() {
  if (pending_ != nullptr) {
    if (absl::Status status = FinishPending(); !status.ok()) return status;
  }
  state_.last_cut = parts_.clock->Now();
  absl::StatusOr<std::shared_ptr<const storage::HeadCut>> cut = parts_.head->Cut();
  if (!cut.ok()) return cut.status();
  pending_ = *std::move(cut);
  return FinishPending();
}

absl::Status Cutter::HandOverPending() {
  const auto hand_over = [this] {
    return HandOverCut(context_, *pending_, parts_.identity->id(), parts_.clock->NowMs(),
                       parts_.store);
  };
  absl::Status status = hand_over();
  if (!absl::IsNotFound(status)) return status;
  parts_.metrics->new_identities.Increment();
  spdlog::warn(
      "{} (a copy of this ingester's directory may be running): the ingester takes a new id and "
      "goes on",
      std::string(status.message()));
  status = parts_.identity->Renew(context_, parts_.store);
  return status.ok() ? hand_over() : status;
}

absl::Status Cutter::FinishPending() {
  const absl::Time start = absl::Now();
  if (!pending_->empty()) {
    // A push that gave up may have left frames that nobody has written. The store must not know
    // positions that the log does not have: after a crash that would look like a loss. A log that
    // fails does not keep data out of the store.
    parts_.log->WaitDurable(pending_->position(), start + kLogPatience).IgnoreError();
    if (absl::Status status = HandOverPending(); !status.ok()) return status;
    parts_.metrics->cuts.Increment();
    parts_.metrics->cut_seconds.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  }
  parts_.head->Release(*pending_);
  const storage::LogPosition position = pending_->position();
  pending_.reset();
  has_freed_ = true;
  // The data is safe; a log that cannot be trimmed now is trimmed with the next cut.
  if (absl::Status status = parts_.log->Trim(position); !status.ok()) {
    spdlog::warn("cannot trim the log: {}", status.ToString());
  }
  return absl::OkStatus();
}

void Cutter::Note(const absl::Status& status) {
  parts_.entry_pressure->NoteCut(status.ok());
  if (status.ok()) {
    state_.failures = 0;
    return;
  }
  ++state_.failures;
  state_.last_failure = parts_.clock->Now();
  parts_.metrics->failed_cuts.Increment();
  spdlog::warn("the cut was not handed over and will be tried again: {}", status.ToString());
}

}  // namespace tidegate::ingest
