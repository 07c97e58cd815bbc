#include "tests/contract/sealed_cut.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "model/series_id.h"

namespace tidegate::contract {
namespace {

class AdmitAll final : public storage::SeriesAdmission {
 public:
  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override {
    return model::CanonicalLabels(label_bytes);
  }
  absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
};

}  // namespace

Cutter::Cutter(const std::string& directory, uint64_t producer) : producer_(producer) {
  std::filesystem::create_directories(directory);
  storage::LocalLogOptions options;
  options.directory = directory;
  options.segment_bytes = 4 << 20;
  auto log = storage::OpenLocalLog(options);
  EXPECT_TRUE(log.ok()) << log.status();
  log_ = *std::move(log);
  head_ = storage::CreateHead({}, log_.get());
}

SealedCut Cutter::Cut(const std::string& tenant, size_t count, size_t samples,
                      model::TimestampMs now) {
  model::RequestContext context;
  context.tenant = tenant;
  std::mt19937_64 numbers(1);  // Values that do not compress.
  std::uniform_real_distribution<double> random;
  for (size_t i = 0; i < count; ++i) {
    const model::Labels labels({{"__name__", "m"}, {"i", std::to_string(i)}});
    model::WriteBatch batch;
    for (size_t k = 0; k < samples; ++k) {
      batch.timestamps.push_back(now - static_cast<int64_t>(samples - 1 - k) * 15'000);
      batch.values.push_back(random(numbers));
    }
    model::BatchSeries series;
    series.label_bytes = labels.bytes();
    series.id = model::HashLabelBytes(labels.bytes());
    series.samples_end = static_cast<uint32_t>(samples);
    batch.series.push_back(series);
    const auto appended = head_->Append(context, batch, AdmitAll());
    EXPECT_TRUE(appended.ok()) << appended.status();
  }
  const auto cut = head_->Cut();
  EXPECT_TRUE(cut.ok()) << cut.status();
  SealedCut sealed;
  sealed.position = (*cut)->position();
  const absl::Status status =
      (*cut)->Seal(producer_, now, [&sealed](storage::SealedSegment segment) {
        sealed.segments.push_back(std::move(segment));
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  head_->Release(**cut);
  return sealed;
}

}  // namespace tidegate::contract
