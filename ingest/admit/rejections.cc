#include "ingest/admit/rejections.h"

#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace tidegate::ingest {
namespace {

bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// Cuts between UTF-8 characters.
std::string Shortened(std::string text) {
  if (text.size() <= Rejections::kMaxOffenderBytes) return text;
  size_t end = Rejections::kMaxOffenderBytes;
  while (end > 0 && IsContinuation(text[end])) --end;
  text.resize(end);
  return text + "...";
}

void AppendCount(uint64_t count, std::string_view one, std::string_view many,
                 std::vector<std::string>* parts) {
  if (count > 0) parts->push_back(fmt::format("{} {}", count, count == 1 ? one : many));
}

}  // namespace

void Rejections::Add(RejectReason reason, const PointCounts& points,
                     absl::FunctionRef<std::string()> describe_fn) {
  counts_[static_cast<size_t>(reason)] += points.total();
  told_[static_cast<size_t>(reason)] += points.total();
  points_.samples += points.samples;
  points_.histograms += points.histograms;
  points_.exemplars += points.exemplars;
  points_.entries += points.entries;
  ++offenders_;
  if (texts_.size() == kMaxOffenders) return;
  std::string text = Shortened(describe_fn());
  if (texts_.empty() || texts_.back() != text) texts_.push_back(std::move(text));
}

void Rejections::AddSilently(RejectReason reason, uint64_t count) {
  counts_[static_cast<size_t>(reason)] += count;
}

absl::Status Rejections::ToStatus() const {
  if (offenders_ == 0) return absl::OkStatus();
  std::vector<std::string> points;
  AppendCount(points_.samples, "sample", "samples", &points);
  AppendCount(points_.histograms, "histogram", "histograms", &points);
  AppendCount(points_.exemplars, "exemplar", "exemplars", &points);
  AppendCount(points_.entries, "log entry", "log entries", &points);
  if (points.empty()) points.push_back("series without points");
  std::vector<std::string> reasons;
  for (size_t i = 0; i < kRejectReasons; ++i) {
    if (told_[i] == 0) continue;
    reasons.push_back(
        fmt::format("{}: {}", RejectReasonName(static_cast<RejectReason>(i)), told_[i]));
  }
  std::string text = fmt::format("not stored: {}", fmt::join(points, ", "));
  if (!reasons.empty()) text += fmt::format(" ({})", fmt::join(reasons, ", "));
  for (const std::string& offender : texts_) text += "; " + offender;
  if (offenders_ > texts_.size()) text += fmt::format("; and {} more", offenders_ - texts_.size());
  return absl::InvalidArgumentError(text);
}

absl::Status Rejections::ToLogStatus() const {
  if (offenders_ == 0) return absl::OkStatus();
  uint64_t backing_off = 0;
  for (const RejectReason reason :
       {RejectReason::kPerStreamRateLimit, RejectReason::kStreamLimit}) {
    backing_off += told_[static_cast<size_t>(reason)];
  }
  std::string text = texts_.front();
  if (texts_.size() > 1) {
    text = fmt::format("{} errors: {}", offenders_, fmt::join(texts_, "; "));
  }
  if (backing_off == points_.total() && backing_off > 0) return absl::ResourceExhaustedError(text);
  return absl::InvalidArgumentError(text);
}

}  // namespace tidegate::ingest
