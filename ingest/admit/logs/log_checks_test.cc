#include "ingest/admit/logs/log_checks.h"

#include <string>

#include "gtest/gtest.h"
#include "ingest/decode/loki/push_streams.h"

namespace tidegate::ingest {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class LogChecksTest : public ::testing::Test {
 protected:
  struct Line {
    std::string text;
    absl::Duration age = absl::ZeroDuration();
    std::vector<std::pair<std::string, std::string>> metadata = {};
  };

  void Push(std::string_view labels, const std::vector<Line>& lines) {
    PushStreams streams(&push_);
    streams.BeginStream(labels);
    for (const Line& line : lines) {
      for (const auto& [name, value] : line.metadata) {
        streams.AddMetadata(push_.arena.Copy(name), push_.arena.Copy(value));
      }
      streams.AddEntry(absl::ToUnixNanos(kNow - line.age), push_.arena.Copy(line.text));
    }
    streams.EndStream();
  }
  absl::Status Check() { return CheckLogs("t", limits_, kNow, &rates_, &push_, &rejections_); }
  std::string Kept() {
    EXPECT_TRUE(Check().ok());
    std::string text;
    for (const model::BatchSeries& series : push_.batch.series) {
      text += model::ToString(model::LabelsView(series.label_bytes));
      for (uint32_t i = series.entries_begin; i < series.entries_end; ++i) {
        text += " " + std::string(push_.batch.entries[i].line);
      }
      text += ";";
    }
    return text;
  }
  std::string Error() {
    Kept();
    return std::string(rejections_.ToLogStatus().message());
  }

  model::LogLimits limits_;
  LogRates rates_;
  DecodedPush push_;
  Rejections rejections_;
};

TEST_F(LogChecksTest, AddsServiceNameAndLevel) {
  Push(R"({job="j", container="c"})", {{"an error"}});
  EXPECT_EQ(Kept(), R"({container="c", job="j", service_name="c"} an error;)");
  EXPECT_EQ(push_.batch.entries[0].structured_metadata,
            (model::Labels{{"detected_level", "error"}}.bytes()));
  EXPECT_EQ(push_.batch.series[0].id, model::HashLabelBytes(push_.batch.series[0].label_bytes));
}

TEST_F(LogChecksTest, BothCanBeSwitchedOff) {
  limits_.discover_service_name.clear();
  limits_.discover_log_levels = false;
  Push(R"({job="j"})", {{"an error"}});
  EXPECT_EQ(Kept(), R"({job="j"} an error;)");
  EXPECT_EQ(push_.batch.entries[0].structured_metadata, "");
}

TEST_F(LogChecksTest, AStreamWithoutAKnownLabelIsUnknown) {
  Push(R"({zone="z"})", {{"x"}});
  Push(R"({service_name="mine", app="a"})", {{"y"}});
  EXPECT_EQ(Kept(),
            R"({service_name="unknown_service", zone="z"} x;{app="a", service_name="mine"} y;)");
}

TEST_F(LogChecksTest, LabelsOfStreams) {
  limits_.discover_service_name.clear();
  limits_.max_label_names_per_series = 2;
  limits_.max_label_name_length = 5;
  limits_.max_label_value_length = 5;
  const auto error = [this](std::string_view labels) {
    push_.Clear();
    rejections_ = Rejections();
    Push(labels, {{"x"}});
    return Error();
  };
  EXPECT_EQ(error("{}"), "error at least one label pair is required per stream");
  EXPECT_EQ(error(R"({a="1", b="2", c="3"})"),
            R"(entry for stream '{a="1", b="2", c="3"}' has 3 label names; limit 2)");
  EXPECT_EQ(error(R"({a="1", b="2", service_name="s"})"),
            R"(stream '{a="1", b="2", service_name="s"}' has label name too long: 'service_name')");
  EXPECT_EQ(error(R"({a="123456"})"),
            R"(stream '{a="123456"}' has label value too long: '123456')");
  EXPECT_EQ(error(R"({a="1", a="2"})"), R"(stream '{a="1", a="2"}' has duplicate label name: 'a')");
  EXPECT_EQ(
      error("{a"),
      "error parsing labels '{a' with error: 1:3: parse error: expected \"=\", found the end");
  limits_.enforced_labels = {"team", "a", "env"};
  EXPECT_EQ(error(R"({a="1"})"),
            R"(missing required labels 'team,env' for user 't' for stream '{a="1"}' (policy: ''))");
}

TEST_F(LogChecksTest, GoodEntriesOfABadPushAreKept) {
  limits_.discover_service_name.clear();
  limits_.reject_old_samples = true;
  limits_.reject_old_samples_max_age = absl::Hours(1);
  limits_.creation_grace_period = absl::Minutes(10);
  limits_.max_line_size = 5;
  Push(R"({a="1"})",
       {{"good"}, {"old", absl::Hours(2)}, {"new", -absl::Minutes(11)}, {"longer"}, {"fine"}});
  Push("{}", {{"x"}});
  EXPECT_EQ(Kept(), R"({a="1"} good fine;)");
  EXPECT_EQ(
      rejections_.ToLogStatus().message(),
      R"(4 errors: entry for stream '{a="1"}' has timestamp too old: 2023-11-14T20:13:20Z, oldest )"
      R"(acceptable timestamp is: 2023-11-14T21:13:20Z; entry for stream '{a="1"}' has timestamp )"
      R"(too new: 2023-11-14T22:24:20Z; max entry size '5' bytes exceeded for stream '{a="1"}' )"
      R"(while adding an entry with length '6' bytes; error at least one label pair is required )"
      R"(per stream)");
  EXPECT_EQ(rejections_.count(RejectReason::kTooOld), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kTooFarInFuture), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kLineTooLong), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kMissingLabels), 1u);
}

TEST_F(LogChecksTest, AnyAgeIsWelcomeByDefaultButNotAnyCentury) {
  Push(R"({app="1"})",
       {{"old", absl::Hours(24 * 365 * 40)}, {"ancient", absl::Hours(24 * 365 * 200)}});
  EXPECT_EQ(Kept(), R"({app="1", service_name="1"} old;)");
}

TEST_F(LogChecksTest, LongLinesCanBeCut) {
  limits_.max_line_size = 5;
  limits_.max_line_size_truncate = true;
  Push(R"({service_name="1"})", {{"longer"}});
  EXPECT_EQ(Kept(), R"({service_name="1"} longe;)");
}

TEST_F(LogChecksTest, StructuredMetadata) {
  limits_.max_structured_metadata_entries_count = 2;
  limits_.max_structured_metadata_size = 10;
  Push(R"({service_name="1"})", {{"a", {}, {{"x", "1"}}},
                                 {"b", {}, {{"x", "1"}, {"y", "2"}, {"z", "3"}}},
                                 {"c", {}, {{"x", "0123456789"}}}});
  EXPECT_EQ(Kept(), R"({service_name="1"} a;)");
  EXPECT_EQ(rejections_.count(RejectReason::kMetadataTooMany), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kMetadataTooLarge), 1u);
}

TEST_F(LogChecksTest, StructuredMetadataCanBeForbidden) {
  limits_.allow_structured_metadata = false;
  Push(R"({service_name="1"})", {{"a", {}, {{"x", "1"}}}, {"b"}});
  EXPECT_EQ(Error(),
            R"(stream '{service_name="1"}' includes structured metadata, but this feature is )"
            "disallowed. Please see `limits_config.allow_structured_metadata` or contact your "
            "Loki administrator to enable it");
  ASSERT_EQ(push_.batch.entries.size(), 1u);
  EXPECT_EQ(push_.batch.entries[0].structured_metadata, "");
}

TEST_F(LogChecksTest, RateOfTheTenant) {
  limits_.ingestion_rate_mb = 1e-5;  // Ten bytes a second.
  limits_.discover_log_levels = false;
  Push(R"({service_name="1"})", {{"0123456789"}});
  EXPECT_TRUE(Check().ok());
  push_.Clear();
  Push(R"({service_name="1"})", {{"1"}, {"2"}});
  const absl::Status status = Check();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "ingestion rate limit exceeded for user t (limit: 10 bytes/sec) while attempting to "
            "ingest '2' lines totaling '2' bytes, reduce log volume or contact your Loki "
            "administrator to see if the limit can be increased");
}

TEST_F(LogChecksTest, RateOfAStream) {
  limits_.per_stream_rate_limit = 10;
  Push(R"({service_name="1"})", {{"0123456789"}, {"x"}});
  Push(R"({service_name="2"})", {{"y"}});
  EXPECT_EQ(Kept(), R"({service_name="1"} 0123456789;{service_name="2"} y;)");
  EXPECT_EQ(rejections_.ToLogStatus().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(
      rejections_.ToLogStatus().message(),
      R"(Per stream rate limit exceeded (limit: 10B/sec) while attempting to ingest for )"
      R"(stream '{service_name="1"}' totaling 1B, consider splitting a stream via additional )"
      R"(labels or contact your Loki administrator to see if the limit can be increased)");
}

TEST_F(LogChecksTest, DuplicateTimestampsCanMoveOn) {
  limits_.increment_duplicate_timestamp = true;
  Push(R"({service_name="1"})", {{"a"}, {"a"}, {"b"}, {"c"}});
  ASSERT_TRUE(Check().ok());
  const model::TimestampNs now = absl::ToUnixNanos(kNow);
  ASSERT_EQ(push_.batch.entries.size(), 4u);
  EXPECT_EQ(push_.batch.entries[1].timestamp, now);
  EXPECT_EQ(push_.batch.entries[2].timestamp, now + 1);
  EXPECT_EQ(push_.batch.entries[3].timestamp, now + 2);
}

TEST(CheckNotBlocked, UntilThen) {
  model::LogLimits limits;
  EXPECT_TRUE(CheckNotBlocked("t", limits, kNow).ok());
  limits.block_ingestion_until = kNow + absl::Hours(1);
  EXPECT_EQ(CheckNotBlocked("t", limits, kNow).message(),
            "ingestion blocked for user 't' until '2023-11-14T23:13:20Z' with status code '260'");
  EXPECT_TRUE(CheckNotBlocked("t", limits, kNow + absl::Hours(1)).ok());
}

TEST(StreamAdmission, CountsStreams) {
  model::LogLimits limits;
  const std::string tenant = "t";
  const StreamAdmission admission(&tenant, &limits);
  EXPECT_TRUE(admission.AdmitSeriesCount(1'000'000).ok());
  limits.max_global_streams_per_user = 5;
  EXPECT_TRUE(admission.AdmitSeriesCount(4).ok());
  EXPECT_EQ(admission.AdmitSeriesCount(5).code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace tidegate::ingest
