#include "control/monitors/notices/notice_sender.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace tidegate::control {
namespace {

constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Seconds(60);
constexpr absl::Duration kLook = absl::Milliseconds(100);

absl::Duration PauseAfter(int failures) {
  return std::min(kLongestPause, kFirstPause * (int64_t{1} << std::min(failures - 1, 10)));
}

std::string NameOf(const PendingNotice& notice) {
  return fmt::format("{}/{}", notice.tenant, notice.channel);
}

}  // namespace

NoticeSender::NoticeSender(NoticeSenderParts parts, int threads) : parts_(std::move(parts)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

NoticeSender::~NoticeSender() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void NoticeSender::Work() {
  while (true) {
    const bool sent = SendOne();
    absl::MutexLock lock(&mutex_);
    if (!sent) mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kLook);
    if (stopping_) return;
  }
}

void NoticeSender::Poll() {
  storage::Documents& documents = parts_.documents->documents();
  const auto changes = documents.Get(kNoticeChanges);
  if (!changes.ok() && !absl::IsNotFound(changes.status())) return;
  const uint64_t version = changes.ok() ? changes->version : 0;
  if (version_ == version) return;
  absl::StatusOr<std::vector<PendingNotice>> notices = LoadNotices(&documents);
  if (!notices.ok()) return;
  version_ = version;
  Load(*std::move(notices));
}

void NoticeSender::Load(std::vector<PendingNotice> notices) {
  absl::MutexLock lock(&mutex_);
  for (PendingNotice& notice : notices) {
    if (!known_.insert(notice.key).second) continue;
    std::deque<Waiting>& waiting = channels_[NameOf(notice)].waiting;
    waiting.push_back({std::move(notice)});
  }
}

size_t NoticeSender::waiting() const {
  absl::MutexLock lock(&mutex_);
  return known_.size();
}

bool NoticeSender::MaySend(const std::string& tenant, Channel* channel, absl::Time now) const {
  while (!channel->sent.empty() && now - channel->sent.front() >= absl::Minutes(1)) {
    channel->sent.pop_front();
  }
  const auto config = parts_.tenants->Find(tenant);
  const size_t most = config == nullptr ? 0 : config->limits.control.max_notifications_per_minute;
  return most == 0 || channel->sent.size() < most;
}

NoticeSender::Channel* NoticeSender::TakeDue(absl::Time now) {
  for (auto& [name, channel] : channels_) {
    if (channel.busy || channel.waiting.empty()) continue;
    const Waiting& first = channel.waiting.front();
    const bool is_old = now - first.notice.made_at >= kDropNoticeAfter;
    const bool is_too_many = channel.waiting.size() > kMaxWaitingNotices;
    const bool is_due = first.due <= now && MaySend(first.notice.tenant, &channel, now);
    if (!is_old && !is_too_many && !is_due) continue;
    channel.busy = true;
    return &channel;
  }
  return nullptr;
}

bool NoticeSender::Remove(const PendingNotice& notice, const char* outcome) {
  const absl::Status status = parts_.documents->Commit({{notice.key, std::nullopt, std::nullopt}});
  if (!status.ok()) {
    spdlog::warn("a notification stays in the queue: {}", std::string(status.message()));
    return false;
  }
  parts_.count(notice.tenant, outcome);
  return true;
}

bool NoticeSender::SendOne() {
  const absl::Time now = parts_.clock->Now();
  Channel* channel = nullptr;
  PendingNotice notice;
  bool drop = false;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_ || parts_.stop->load()) return false;
    channel = TakeDue(now);
    if (channel == nullptr) return false;
    notice = channel->waiting.front().notice;
    drop = now - notice.made_at >= kDropNoticeAfter || channel->waiting.size() > kMaxWaitingNotices;
    if (!drop) channel->sent.push_back(now);
  }
  absl::Status status = drop ? absl::OkStatus() : parts_.documents->EnsureOwned();
  if (status.ok() && !drop) status = parts_.post(notice);
  if (absl::IsFailedPrecondition(status)) status = absl::CancelledError("somebody else sends it");
  if (!status.ok() && !absl::IsUnavailable(status) && !absl::IsCancelled(status)) {
    spdlog::warn("a notification of tenant {} to channel {} is dropped: {}", notice.tenant,
                 notice.channel, std::string(status.message()));
    drop = true;
  }
  const bool done = (drop || status.ok()) && Remove(notice, drop ? "dropped" : "sent");
  absl::MutexLock lock(&mutex_);
  channel->busy = false;
  Waiting& first = channel->waiting.front();
  if (done) {
    known_.erase(notice.key);
    channel->waiting.pop_front();
  } else {
    first.due = now + PauseAfter(++first.failures);
    if (absl::IsUnavailable(status)) parts_.count(notice.tenant, "failed");
  }
  return true;
}

}  // namespace tidegate::control
