#include "ingest/decode/exemplar_message.h"

#include <string>

#include "gtest/gtest.h"
#include "proto/prometheus/types.pb.h"

namespace tidegate::ingest {
namespace {

ExemplarOutcome Read(const std::string& bytes, model::Exemplar* exemplar) {
  WireFailure failure;
  std::string scratch = "left over";
  return ReadExemplarMessage(WireCursor(bytes, kMaxWireDepth, &failure), &scratch, exemplar);
}

void AddLabel(const std::string& name, const std::string& value, prompb::Exemplar* exemplar) {
  prompb::Label* label = exemplar->add_labels();
  label->set_name(name);
  label->set_value(value);
}

TEST(ExemplarMessageTest, ReadsLabelsValueAndTimestamp) {
  prompb::Exemplar message;
  AddLabel("trace_id", "abc", &message);
  AddLabel("span_id", "1", &message);
  message.set_value(2.5);
  message.set_timestamp(-3);
  model::Exemplar exemplar;
  ASSERT_EQ(Read(message.SerializeAsString(), &exemplar), ExemplarOutcome::kRead);
  EXPECT_EQ(exemplar,
            (model::Exemplar{model::Labels({{"span_id", "1"}, {"trace_id", "abc"}}), 2.5, -3}));
}

TEST(ExemplarMessageTest, NeedsNoLabels) {
  model::Exemplar exemplar;
  ASSERT_EQ(Read("", &exemplar), ExemplarOutcome::kRead);
  EXPECT_TRUE(exemplar.labels.empty());
}

TEST(ExemplarMessageTest, TellsLabelsThatAreNoSet) {
  model::Exemplar exemplar;
  prompb::Exemplar twice;
  AddLabel("a", "1", &twice);
  AddLabel("a", "2", &twice);
  EXPECT_EQ(Read(twice.SerializeAsString(), &exemplar), ExemplarOutcome::kInvalidLabels);
  prompb::Exemplar nameless;
  AddLabel("", "1", &nameless);
  EXPECT_EQ(Read(nameless.SerializeAsString(), &exemplar), ExemplarOutcome::kInvalidLabels);
  prompb::Exemplar not_text;
  AddLabel("a", "\xff", &not_text);
  EXPECT_EQ(Read(not_text.SerializeAsString(), &exemplar), ExemplarOutcome::kInvalidLabels);
}

TEST(ExemplarMessageTest, TheLastNameAndValueOfALabelCount) {
  // Label { value: "x" name: "a" name: "b" value: "y" } and an unknown varint between.
  const std::string label(
      "\x12\x01x\x0a\x01"
      "a\x0a\x01"
      "b\x18\x01\x12\x01y",
      14);
  model::Exemplar exemplar;
  ASSERT_EQ(Read("\x0a\x0e" + label, &exemplar), ExemplarOutcome::kRead);
  EXPECT_EQ(exemplar.labels, model::Labels({{"b", "y"}}));
}

TEST(ExemplarMessageTest, RefusesMalformedBytes) {
  model::Exemplar exemplar;
  EXPECT_EQ(Read(std::string("\x11\x00", 2), &exemplar), ExemplarOutcome::kMalformed);
  EXPECT_EQ(Read(std::string("\x0a\x02\x0a\x05", 4), &exemplar), ExemplarOutcome::kMalformed);
  EXPECT_EQ(Read(std::string("\x18", 1), &exemplar), ExemplarOutcome::kMalformed);
}

}  // namespace
}  // namespace tidegate::ingest
