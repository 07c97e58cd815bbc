#include "control/monitors/evaluation/monitor_duty.h"

#include "control/monitors/notices/notice_outbox.h"
#include "control/monitors/settings/stored_resources.h"
#include "control/notify/http_post.h"

namespace tidegate::control {
namespace {

constexpr int kSenders = 4;
constexpr absl::Duration kPostTimeout = absl::Seconds(10);
constexpr absl::Duration kLook = absl::Seconds(1);

HttpProberOptions ProberOptions(const MonitorDutyParts& parts) {
  HttpProberOptions options;
  options.user_agent = parts.user_agent;
  return options;
}

// Whether there is a document that begins so. Nothing when nobody answers.
std::optional<bool> IsThereAny(storage::Documents* documents, std::string_view prefix) {
  const auto found = documents->List(prefix, "", 1);
  if (!found.ok()) return std::nullopt;
  return !found->empty();
}

EmailMessage EmailOf(const PendingNotice& notice) {
  EmailMessage message;
  message.to = notice.to;
  message.subject = notice.subject;
  message.text = notice.body;
  message.id = notice.key.substr(notice.key.find('/') + 1);
  message.thread = notice.alert;
  message.date = notice.made_at;
  return message;
}

}  // namespace

MonitorDuty::Running::Running(const MonitorDutyParts& parts)
    : documents_("monitor_owner", parts.documents, stop_.get()),
      writer_(parts.ingester),
      prober_(ProberOptions(parts), parts.policy),
      sender_(SenderParts(parts), kSenders) {
  const MonitorRunnerParts runner = RunnerParts(parts);
  for (const RoundLane lane : {RoundLane::kValues, RoundLane::kExternal}) {
    lanes_.emplace_back([this, lane, runner] { Work(lane, runner); });
  }
}

MonitorDuty::Running::~Running() {
  stop_->store(true);
  writer_.Cancel();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& lane : lanes_) lane.join();
}

MonitorRunnerParts MonitorDuty::Running::RunnerParts(const MonitorDutyParts& parts) {
  MonitorRunnerParts runner;
  runner.documents = &documents_;
  runner.hosts = parts.hosts;
  runner.queries = parts.queries;
  runner.writer = &writer_;
  runner.prober = &prober_;
  runner.metrics = parts.metrics;
  runner.tenants = parts.tenants;
  runner.clock = parts.clock;
  runner.stop = stop_;
  runner.external_url = parts.external_url;
  return runner;
}

NoticeSenderParts MonitorDuty::Running::SenderParts(const MonitorDutyParts& parts) {
  NoticeSenderParts sender;
  sender.documents = &documents_;
  sender.tenants = parts.tenants;
  sender.clock = parts.clock;
  sender.count = [metrics = parts.metrics](const std::string& tenant, const char* outcome) {
    metrics->Notified(tenant, outcome);
  };
  sender.stop = stop_;
  sender.post = [policy = parts.policy, mail = parts.mail,
                 stop = stop_](const PendingNotice& notice) {
    if (notice.url.empty()) return mail->Send(EmailOf(notice), *stop);
    return Post(*policy, {notice.tenant, notice.url, "application/json", notice.body, kPostTimeout},
                *stop);
  };
  return sender;
}

void MonitorDuty::Running::Work(RoundLane lane, const MonitorRunnerParts& parts) {
  (void)documents_.EnsureOwned();  // If nobody answers, the first commit claims.
  MonitorRunner runner(lane, parts);
  while (runner.RunDue()) {
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kLook)) return;
  }
}

bool MonitorDuty::HasWork() {
  const auto settings = MonitoringVersion(parts_.documents);
  const auto notices = parts_.documents->Get(kNoticeChanges);
  if (!settings.ok() || (!notices.ok() && !absl::IsNotFound(notices.status()))) return has_work_;
  const std::pair versions(*settings, notices.ok() ? notices->version : 0);
  if (versions_ == versions && !has_work_) return false;
  if (versions_ == versions && running_ != nullptr) return true;
  bool any = false;
  for (const char* prefix : {"monitors/", "open_alerts/", "notices/"}) {
    const auto found = IsThereAny(parts_.documents, prefix);
    if (!found.has_value()) return has_work_;
    any = any || *found;
  }
  versions_ = versions;
  has_work_ = any;
  return any;
}

void MonitorDuty::Begin() { running_ = std::make_unique<Running>(parts_); }

void MonitorDuty::Continue() {
  if (running_ != nullptr) running_->Poll();
}

void MonitorDuty::End() { running_ = nullptr; }

}  // namespace tidegate::control
