#include "ingest/decode/label_message.h"

#include <string>

#include "gtest/gtest.h"
#include "proto/prometheus/types.pb.h"

namespace tidegate::ingest {
namespace {

bool Read(const std::string& bytes, model::Label* label) {
  WireFailure failure;
  return ReadLabelMessage(WireCursor(bytes, kMaxWireDepth, &failure), label);
}

TEST(LabelMessageTest, ReadsNameAndValue) {
  prompb::Label message;
  message.set_name("job");
  message.set_value("node");
  const std::string bytes = message.SerializeAsString();
  model::Label label;
  ASSERT_TRUE(Read(bytes, &label));
  EXPECT_EQ(label, (model::Label{"job", "node"}));
}

TEST(LabelMessageTest, AnyOrderTheLastOneCountsAndUnknownFieldsAreSkipped) {
  const std::string bytes(
      "\x12\x01x\x0a\x01"
      "a\x18\x01\x0a\x01"
      "b\x12\x01y",
      14);
  model::Label label;
  ASSERT_TRUE(Read(bytes, &label));
  EXPECT_EQ(label, (model::Label{"b", "y"}));
}

TEST(LabelMessageTest, BothMayBeMissing) {
  model::Label label;
  ASSERT_TRUE(Read("", &label));
  EXPECT_EQ(label, model::Label());
}

TEST(LabelMessageTest, RefusesMalformedBytes) {
  model::Label label;
  EXPECT_FALSE(
      Read("\x0a\x05"
           "a",
           &label));
  EXPECT_FALSE(Read("\x0a", &label));
  EXPECT_FALSE(Read("\x0f", &label));
}

}  // namespace
}  // namespace tidegate::ingest
