#include "proto/wire/remote_read.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "proto/prometheus/remote.pb.h"

namespace tidegate::wire {
namespace {

TEST(RemoteReadTest, AQueryIsReadAsItIs) {
  prompb::ReadRequest message;
  prompb::Query* const query = message.add_queries();
  query->set_start_timestamp_ms(-5);
  query->set_end_timestamp_ms(7);
  const model::MatchType types[] = {model::MatchType::kEqual, model::MatchType::kNotEqual,
                                    model::MatchType::kRegex, model::MatchType::kNotRegex};
  for (int type = 0; type < 4; ++type) {
    prompb::LabelMatcher* const matcher = query->add_matchers();
    matcher->set_type(static_cast<prompb::LabelMatcher::Type>(type));
    matcher->set_name("n");
    matcher->set_value("v");
  }
  const auto request = ParseReadRequest(message.SerializeAsString());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_FALSE(request->streams_chunks);
  ASSERT_EQ(request->queries.size(), 1U);
  EXPECT_EQ(request->queries[0].range, (model::TimeRange{-5, 7}));
  ASSERT_EQ(request->queries[0].matchers.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(request->queries[0].matchers[i], (model::Matcher{types[i], "n", "v"}));
  }
}

TEST(RemoteReadTest, AllOfTimeIsWhatCanBeStored) {
  prompb::ReadRequest message;
  message.add_queries()->set_start_timestamp_ms(std::numeric_limits<int64_t>::min());
  message.mutable_queries(0)->set_end_timestamp_ms(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ParseReadRequest(message.SerializeAsString())->queries[0].range, model::TimeRange());
}

TEST(RemoteReadTest, TheFirstKnownTypeIsAnswered) {
  const auto streams = [](std::initializer_list<int> types) {
    prompb::ReadRequest message;
    for (const int type : types) {
      message.add_accepted_response_types(static_cast<prompb::ReadRequest::ResponseType>(type));
    }
    return ParseReadRequest(message.SerializeAsString());
  };
  EXPECT_FALSE(streams({})->streams_chunks);
  EXPECT_TRUE(streams({1, 0})->streams_chunks);
  EXPECT_FALSE(streams({0, 1})->streams_chunks);
  EXPECT_TRUE(streams({9, 1})->streams_chunks);
  EXPECT_TRUE(absl::IsInvalidArgument(streams({9}).status()));
}

TEST(RemoteReadTest, WhatIsNoRequest) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParseReadRequest("\x0a\xff").status()));
  prompb::ReadRequest message;
  message.add_queries()->add_matchers()->set_type(static_cast<prompb::LabelMatcher::Type>(4));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseReadRequest(message.SerializeAsString()).status()));
}

}  // namespace
}  // namespace tidegate::wire
