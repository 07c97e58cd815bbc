#include "ingest/decode/metadata_message.h"

#include <string>

#include "gtest/gtest.h"
#include "proto/prometheus/types.pb.h"

namespace tidegate::ingest {
namespace {

bool Read(const std::string& bytes, model::MetricMetadata* metadata) {
  WireFailure failure;
  return ReadMetadataMessage(WireCursor(bytes, kMaxWireDepth, &failure), metadata);
}

TEST(MetadataMessageTest, ReadsEveryField) {
  prompb::MetricMetadata message;
  message.set_type(prompb::MetricMetadata::STATESET);
  message.set_metric_family_name("http_requests");
  message.set_help("Requests\n\"served\".");
  message.set_unit("requests");
  model::MetricMetadata metadata;
  ASSERT_TRUE(Read(message.SerializeAsString(), &metadata));
  EXPECT_EQ(metadata, (model::MetricMetadata{"http_requests", model::MetricType::kStateset,
                                             "Requests\n\"served\".", "requests"}));
}

TEST(MetadataMessageTest, EveryKnownTypeKeepsItsNumber) {
  for (int type = 0; type <= 7; ++type) {
    model::MetricMetadata metadata;
    ASSERT_TRUE(Read({'\x08', static_cast<char>(type)}, &metadata));
    EXPECT_EQ(static_cast<int>(metadata.type), type);
  }
}

TEST(MetadataMessageTest, AnUnknownTypeIsUnknown) {
  model::MetricMetadata metadata;
  ASSERT_TRUE(Read("\x08\x02\x08\x08", &metadata));
  EXPECT_EQ(metadata.type, model::MetricType::kUnknown);
}

TEST(MetadataMessageTest, TheLastTextWinsAndUnknownFieldsAreSkipped) {
  model::MetricMetadata metadata;
  ASSERT_TRUE(Read("\x12\x01x\x1a\x01?\x12\x01y", &metadata));
  EXPECT_EQ(metadata.metric_family, "y");
}

TEST(MetadataMessageTest, RefusesMalformedBytes) {
  model::MetricMetadata metadata;
  EXPECT_FALSE(Read("\x12\x05x", &metadata));
  EXPECT_FALSE(Read("\x08", &metadata));
  EXPECT_FALSE(Read("\x0e", &metadata));
}

}  // namespace
}  // namespace tidegate::ingest
