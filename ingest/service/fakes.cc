#include "ingest/service/fakes.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "fmt/format.h"
#include "gtest/gtest.h"

namespace tidegate::ingest {

using storage::AppendResult;
using storage::HandOver;
using storage::HeadCut;
using storage::LogPosition;

// --- FakeLog

void FakeLog::FailAppends(absl::Status error) {
  absl::MutexLock lock(&mutex_);
  append_error_ = std::move(error);
}

void FakeLog::FailSyncs(absl::Status error) {
  absl::MutexLock lock(&mutex_);
  sync_error_ = std::move(error);
}

void FakeLog::Damage(LogPosition after) {
  absl::MutexLock lock(&mutex_);
  for (Frame& frame : frames_) frame.damaged |= frame.after == after;
}

int FakeLog::releases() const {
  absl::MutexLock lock(&mutex_);
  return releases_;
}

bool FakeLog::closed() const {
  absl::MutexLock lock(&mutex_);
  return closed_;
}

absl::StatusOr<LogPosition> FakeLog::AppendFrame(std::string_view frame, std::optional<uint64_t>) {
  absl::MutexLock lock(&mutex_);
  if (!append_error_.ok()) return append_error_;
  const LogPosition before = end_;
  end_.value += frame.size();
  frames_.push_back({before, end_, std::string(frame)});
  return end_;
}

LogPosition FakeLog::waited() const {
  absl::MutexLock lock(&mutex_);
  return waited_;
}

absl::Status FakeLog::WaitDurable(LogPosition position, absl::Time) {
  absl::MutexLock lock(&mutex_);
  waited_ = std::max(waited_, position);
  return sync_error_;
}

absl::Status FakeLog::Replay(
    LogPosition from, const std::function<absl::Status(LogPosition, std::string_view)>& frame_fn,
    const std::function<void(const storage::LogDamage&)>& damage_fn) {
  std::vector<Frame> frames;
  {
    absl::MutexLock lock(&mutex_);
    frames = frames_;
  }
  for (const Frame& frame : frames) {
    if (frame.before < from) continue;
    if (frame.damaged) {
      damage_fn({frame.before, frame.after, "a hole"});
    } else if (absl::Status status = frame_fn(frame.after, frame.bytes); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status FakeLog::Trim(LogPosition position) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(frames_, [&](const Frame& frame) { return frame.after <= position; });
  return absl::OkStatus();
}

absl::Status FakeLog::ReleaseSpace() {
  absl::MutexLock lock(&mutex_);
  ++releases_;
  return append_error_;
}

storage::LogBounds FakeLog::bounds() const {
  absl::MutexLock lock(&mutex_);
  return {frames_.empty() ? end_ : frames_.front().before, end_, end_};
}

absl::Status FakeLog::Writable() const {
  absl::MutexLock lock(&mutex_);
  return append_error_;
}

uint64_t FakeLog::SizeBytes() const {
  const storage::LogBounds held = bounds();
  return held.end.value - held.begin.value;
}

absl::Status FakeLog::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  return absl::OkStatus();
}

// --- FakeHead

namespace {

class FakeCut final : public HeadCut {
 public:
  FakeCut(LogPosition position, uint64_t samples) : position_(position), samples_(samples) {}

  LogPosition position() const override { return position_; }
  bool empty() const override { return samples_ == 0; }
  absl::Status Seal(
      uint64_t, model::TimestampMs,
      const std::function<absl::Status(storage::SealedSegment)>& segment_fn) const override {
    storage::SealedSegment segment;
    segment.samples = samples_;
    return segment_fn(std::move(segment));
  }

 private:
  const LogPosition position_;
  const uint64_t samples_;
};

}  // namespace

uint64_t FakeHead::replayed_samples() const {
  absl::MutexLock lock(&mutex_);
  return replayed_;
}

int FakeHead::cuts() const {
  absl::MutexLock lock(&mutex_);
  return cuts_;
}

int FakeHead::released() const {
  absl::MutexLock lock(&mutex_);
  return released_;
}

absl::StatusOr<AppendResult> FakeHead::Append(const model::RequestContext& context,
                                              const model::WriteBatch& batch,
                                              const storage::SeriesAdmission& admission) {
  absl::MutexLock lock(&mutex_);
  const absl::StatusOr<LogPosition> position =
      log_.Append(fmt::format("{} {}", context.tenant, batch.timestamps.size()));
  if (!position.ok()) return position.status();
  AppendResult result;
  result.position = *position;
  for (uint32_t i = 0; i < batch.series.size(); ++i) {
    AppendSeries(i, batch, admission, &tenants_[context.tenant], &result);
  }
  result.histograms = batch.histograms.size();
  result.exemplars = batch.exemplars.size();
  result.entries = batch.entries.size();
  for (const model::LogEntryView& entry : batch.entries) open_entry_bytes_ += entry.line.size();
  return result;
}

void FakeHead::AppendSeries(uint32_t index, const model::WriteBatch& batch,
                            const storage::SeriesAdmission& admission,
                            std::map<std::string, Samples>* tenant, AppendResult* result) {
  const model::BatchSeries& series = batch.series[index];
  const uint32_t count = series.samples_end - series.samples_begin;
  const auto reject = [&](storage::RejectReason reason, const absl::Status& status) {
    result->rejections.push_back({.series = index,
                                  .reason = reason,
                                  .message = std::string(status.message()),
                                  .samples = count});
  };
  const absl::StatusOr<model::Labels> labels = admission.Admit(series.label_bytes);
  if (!labels.ok()) {
    return reject(absl::IsOutOfRange(labels.status()) ? storage::RejectReason::kLabelLimit
                                                      : storage::RejectReason::kInvalidLabels,
                  labels.status());
  }
  const std::string key(labels->bytes());
  if (!tenant->contains(key)) {
    const absl::Status status = admission.AdmitSeriesCount(tenant->size());
    if (!status.ok()) return reject(storage::RejectReason::kSeriesLimit, status);
  }
  Samples& samples = (*tenant)[key];
  for (uint32_t i = series.samples_begin; i < series.samples_end; ++i) {
    const auto [it, fresh] = samples.emplace(batch.timestamps[i], batch.values[i]);
    if (fresh || model::SameBits(it->second, batch.values[i])) {
      ++result->samples;
      unsealed_ += fresh;
      continue;
    }
    result->rejections.push_back(
        {.series = index,
         .reason = storage::RejectReason::kDuplicateTimestamp,
         .timestamp = batch.timestamps[i],
         .message = fmt::format("duplicate sample for timestamp {}", batch.timestamps[i]),
         .samples = 1});
  }
}

absl::Status FakeHead::Replay(LogPosition, std::string_view frame) {
  if (frame == "nonsense") return absl::DataLossError("the frame makes no sense");
  const std::string_view digits = frame.substr(frame.find(' ') + 1);
  uint64_t samples = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), samples);
  absl::MutexLock lock(&mutex_);
  replayed_ += samples;
  unsealed_ += samples;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const HeadCut>> FakeHead::Cut() {
  absl::MutexLock lock(&mutex_);
  if (cut_ != nullptr) return absl::FailedPreconditionError("the last cut is not released");
  auto cut = std::make_shared<FakeCut>(log_.bounds().end, std::exchange(unsealed_, 0));
  cut_ = cut.get();
  frozen_entry_bytes_ = std::exchange(open_entry_bytes_, 0);
  ++cuts_;
  return cut;
}

void FakeHead::Release(const HeadCut& cut) {
  absl::MutexLock lock(&mutex_);
  if (&cut != cut_) std::abort();
  cut_ = nullptr;
  frozen_entry_bytes_ = 0;
  ++released_;
}

storage::HeadStats FakeHead::Stats(std::string_view) const {
  absl::MutexLock lock(&mutex_);
  storage::HeadStats stats;
  for (const auto& [name, series] : tenants_) stats.series += series.size();
  stats.samples = unsealed_;
  stats.chunk_bytes = unsealed_ * 16;
  stats.entry_bytes = open_entry_bytes_ + frozen_entry_bytes_;
  return stats;
}

uint64_t FakeHead::EntryBytes() const { return Stats("").entry_bytes; }

std::vector<std::string> FakeHead::Tenants() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> names;
  for (const auto& [name, series] : tenants_) names.push_back(name);
  return names;
}

// --- FakeStore

class FakeHandOver final : public HandOver {
 public:
  FakeHandOver(FakeStore* store, uint64_t producer, LogPosition position)
      : store_(store), producer_(producer), position_(position) {}

  absl::Status Add(storage::SealedSegment segment) override {
    samples_ += segment.samples;
    return absl::OkStatus();
  }
  absl::Status Commit() override { return store_->Commit(producer_, position_, samples_); }

 private:
  FakeStore* const store_;
  const uint64_t producer_;
  const LogPosition position_;
  uint64_t samples_ = 0;
};

void FakeStore::Fail(absl::Status error) {
  absl::MutexLock lock(&mutex_);
  error_ = std::move(error);
}

void FakeStore::LoseNextAnswer(absl::Status error) {
  absl::MutexLock lock(&mutex_);
  lost_answer_ = std::move(error);
}

void FakeStore::SetCommitted(uint64_t producer, LogPosition position) {
  absl::MutexLock lock(&mutex_);
  committed_[producer] = position;
}

LogPosition FakeStore::committed(uint64_t producer) const {
  absl::MutexLock lock(&mutex_);
  const auto it = committed_.find(producer);
  return it == committed_.end() ? LogPosition() : it->second;
}

uint64_t FakeStore::committed_samples() const {
  absl::MutexLock lock(&mutex_);
  return committed_samples_;
}

int FakeStore::started() const {
  absl::MutexLock lock(&mutex_);
  return started_;
}

std::vector<storage::TenantMetadata> FakeStore::metadata() const {
  absl::MutexLock lock(&mutex_);
  return metadata_;
}

absl::StatusOr<std::unique_ptr<HandOver>> FakeStore::StartHandOver(const model::RequestContext&,
                                                                   uint64_t producer,
                                                                   LogPosition position) {
  absl::MutexLock lock(&mutex_);
  ++started_;
  if (!error_.ok()) return error_;
  const auto known = committed_.find(producer);
  if (known == committed_.end()) return absl::NotFoundError("unknown producer");
  if (known->second == position) return absl::AlreadyExistsError("committed");
  return std::make_unique<FakeHandOver>(this, producer, position);
}

absl::Status FakeStore::Commit(uint64_t producer, LogPosition position, uint64_t samples) {
  absl::MutexLock lock(&mutex_);
  if (!error_.ok()) return error_;
  committed_[producer] = position;
  committed_samples_ += samples;
  return std::exchange(lost_answer_, absl::OkStatus());
}

absl::StatusOr<LogPosition> FakeStore::RegisterProducer(const model::RequestContext&,
                                                        uint64_t producer,
                                                        const std::vector<uint64_t>& predecessors) {
  absl::MutexLock lock(&mutex_);
  if (!error_.ok()) return error_;
  if (const auto known = committed_.find(producer); known != committed_.end()) return known->second;
  if (predecessors.empty()) return committed_[producer];
  for (const uint64_t predecessor : predecessors) {
    const auto known = committed_.find(predecessor);
    if (known == committed_.end()) continue;
    const LogPosition position = known->second;
    committed_.erase(known);
    return committed_[producer] = position;
  }
  return absl::NotFoundError("unknown predecessors");
}

void FakeStore::Forget(uint64_t producer) {
  absl::MutexLock lock(&mutex_);
  committed_.erase(producer);
}

absl::Status FakeStore::PutMetadata(const model::RequestContext&,
                                    const std::vector<storage::TenantMetadata>& metadata) {
  absl::MutexLock lock(&mutex_);
  if (!error_.ok()) return error_;
  metadata_.insert(metadata_.end(), metadata.begin(), metadata.end());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::MetricMetadata>> FakeStore::Metadata(
    const model::RequestContext& context, const std::string&) {
  absl::MutexLock lock(&mutex_);
  if (!error_.ok()) return error_;
  std::vector<model::MetricMetadata> found;
  for (const storage::TenantMetadata& one : metadata_) {
    if (one.tenant == context.tenant) found.push_back(one.metadata);
  }
  return found;
}

// --- TestIdentity

std::unique_ptr<ProducerIdentity> TestIdentity(uint64_t predecessor) {
  const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string directory =
      testing::TempDir() + "/" + test->test_suite_name() + "." + test->name() + ".identity";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  if (predecessor != 0) {
    EXPECT_TRUE(WriteProducerIds(directory, {predecessor}).ok());
  }
  auto identity = std::make_unique<ProducerIdentity>(
      directory, [next = kFirstTestId]() mutable { return next++; });
  EXPECT_TRUE(identity->Load().ok());
  return identity;
}

// --- FakeTenants

model::TenantLimits& FakeTenants::Add(const std::string& name) {
  auto tenant = std::make_shared<model::TenantConfig>();
  tenant->name = name;
  tenants_[name] = tenant;
  return tenant->limits;
}

std::shared_ptr<const model::TenantConfig> FakeTenants::Find(std::string_view tenant) const {
  const auto it = tenants_.find(tenant);
  return it == tenants_.end() ? nullptr : it->second;
}

}  // namespace tidegate::ingest
