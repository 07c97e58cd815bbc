#include "control/write/sample_sender.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "control/write/push_body.h"
#include "model/request_context.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kPushTimeout = absl::Seconds(30);

prometheus::Counter* Counter(prometheus::Registry* registry, const char* name, const char* help) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(*registry).Add({});
}

std::string_view Text(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace

SampleSender::SampleSender(const SampleSenderOptions& options, ingest::Ingester* ingester,
                           prometheus::Registry* metrics)
    : options_(options),
      ingester_(ingester),
      sent_(Counter(metrics, "tidegate_control_samples_sent_total",
                    "Samples of scrapes and rules that the ingester has answered for.")),
      refused_(Counter(metrics, "tidegate_control_samples_refused_total",
                       "Samples that found the queue to the ingester full.")),
      rejected_(Counter(metrics, "tidegate_control_samples_rejected_total",
                        "Samples in pushes that the ingester will not take, ever.")),
      retries_(Counter(metrics, "tidegate_control_push_retries_total",
                       "Pushes that failed and are tried again.")),
      queued_(&prometheus::BuildGauge()
                   .Name("tidegate_control_queued_bytes")
                   .Help("Samples that wait for the ingester.")
                   .Register(*metrics)
                   .Add({})) {}

SampleSender::~SampleSender() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

absl::Status SampleSender::Add(const std::string& tenant, std::string body, uint64_t samples) {
  if (body.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  if (queued_bytes_ + body.size() > options_.max_queued_bytes) {
    refused_->Increment(static_cast<double>(samples));
    return absl::ResourceExhaustedError("the ingester does not keep up: its queue is full");
  }
  queued_bytes_ += body.size();
  queued_->Set(static_cast<double>(queued_bytes_));
  tenants_[tenant].bodies.push_back({std::move(body), samples});
  if (threads_.empty() && !stopping_) {
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
  }
  return absl::OkStatus();
}

void SampleSender::Drain(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return queued_bytes_ == 0; };
  mutex_.AwaitWithDeadline(absl::Condition(&idle), deadline);
}

std::map<std::string, SampleSender::Tenant>::iterator SampleSender::Next(absl::Time now,
                                                                         absl::Time* next) {
  *next = absl::InfiniteFuture();
  // In turn, behind the one that was served last.
  auto at = tenants_.upper_bound(last_tenant_);
  for (size_t i = 0; i < tenants_.size(); ++i, ++at) {
    if (at == tenants_.end()) at = tenants_.begin();
    const Tenant& tenant = at->second;
    if (tenant.bodies.empty() || tenant.at_work) continue;
    if (tenant.not_before <= now) return at;
    *next = std::min(*next, tenant.not_before);
  }
  return tenants_.end();
}

bool SampleSender::Take(Parcel* parcel) {
  absl::MutexLock lock(&mutex_);
  absl::Time next;
  auto found = tenants_.end();
  const auto has_work = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || (found = Next(absl::Now(), &next)) != tenants_.end();
  };
  while (!has_work()) mutex_.AwaitWithDeadline(absl::Condition(&has_work), next);
  if (stopping_) return false;
  Tenant& tenant = found->second;
  tenant.at_work = true;
  last_tenant_ = found->first;
  *parcel = {found->first, "", 0};
  do {
    Body& body = tenant.bodies.front();
    parcel->samples += body.samples;
    if (parcel->bytes.empty()) {
      parcel->bytes = std::move(body.bytes);
    } else {
      parcel->bytes += body.bytes;
    }
    tenant.bodies.pop_front();
  } while (!tenant.bodies.empty() &&
           parcel->bytes.size() + tenant.bodies.front().bytes.size() <= options_.max_push_bytes);
  return true;
}

void SampleSender::Return(Parcel parcel, bool is_done) {
  absl::MutexLock lock(&mutex_);
  Tenant& tenant = tenants_[parcel.tenant];
  tenant.at_work = false;
  if (!is_done) {
    const absl::Duration pause = options_.first_pause * (1 << std::min(tenant.failures++, 10));
    tenant.not_before = absl::Now() + std::min(pause, options_.max_pause);
    tenant.bodies.push_front({std::move(parcel.bytes), parcel.samples});
    return;
  }
  tenant.failures = 0;
  queued_bytes_ -= parcel.bytes.size();
  queued_->Set(static_cast<double>(queued_bytes_));
  if (tenant.bodies.empty()) tenants_.erase(parcel.tenant);
}

void SampleSender::Work() {
  Parcel parcel;
  while (Take(&parcel)) {
    const bool is_done = Push(parcel.tenant, parcel.bytes, parcel.samples);
    Return(std::move(parcel), is_done);
  }
}

bool SampleSender::Push(const std::string& tenant, std::string_view bytes, uint64_t samples) {
  model::RequestContext context;
  context.tenant = tenant;
  context.deadline = absl::Now() + kPushTimeout;
  const auto result = ingester_->Push(
      context, {ingest::PushFormat::kRemoteWrite1, ingest::PushEncoding::kIdentity, bytes});
  if (result.ok()) {
    sent_->Increment(static_cast<double>(samples));
    if (!result->rejected.ok()) {
      spdlog::debug("tenant {}: not all samples were stored: {}", tenant, Text(result->rejected));
    }
    return true;
  }
  if (absl::IsOutOfRange(result.status())) {
    // Too large for the tenant: in halves, down to what is one series.
    const size_t half = SplitPushBody(bytes, bytes.size() / 2);
    if (half > 0 && half < bytes.size()) {
      return Push(tenant, bytes.substr(0, half), samples / 2) &&
             Push(tenant, bytes.substr(half), samples - samples / 2);
    }
  }
  if (absl::IsInvalidArgument(result.status()) || absl::IsOutOfRange(result.status())) {
    rejected_->Increment(static_cast<double>(samples));
    spdlog::warn("tenant {}: {} samples were not stored: {}", tenant, samples,
                 Text(result.status()));
    return true;
  }
  retries_->Increment();
  spdlog::debug("tenant {}: trying again: {}", tenant, Text(result.status()));
  return false;
}

}  // namespace tidegate::control
