#include "api/loki/tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/testing/fake_log_query_service.h"

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kStart = 1'700'000'000 * kSecond;

class FakeSocket : public WebSocket {
 public:
  Sent Send(std::string text) override {
    if (full) return Sent::kFull;
    frames.push_back(std::move(text));
    return Sent::kQueued;
  }
  bool WaitClosed(absl::Duration) override { return --polls_left <= 0; }
  void Close(uint16_t code, std::string_view reason) override {
    closed = std::to_string(code) + " " + std::string(reason);
  }

  std::vector<std::string> frames;
  std::string closed;
  bool full = false;
  int polls_left = 1;
};

// Has lines with times, and answers from those in the range.
class Lines : public FakeLogQueryService {
 public:
  absl::StatusOr<query::LogQueryResult> Range(const model::RequestContext& context,
                                              const query::LogRangeRequest& request) override {
    range = request;
    query::LogStream stream;
    stream.labels = stream.stream_labels = model::Labels{{"app", "a"}};
    for (const auto& [time, line] : lines) {
      if (time >= request.start && time < request.end)
        stream.entries.push_back({time, line, {}, {}});
    }
    if (request.direction == query::LogDirection::kBackward) {
      std::reverse(stream.entries.begin(), stream.entries.end());
    }
    if (stream.entries.size() > request.limit) stream.entries.resize(request.limit);
    query::StreamsResult streams;
    if (!stream.entries.empty()) streams.streams.push_back(stream);
    result.value = streams;
    return Tell(context, result);
  }

  std::map<int64_t, std::string> lines;
};

class TailTest : public testing::Test {
 protected:
  TailTest() { SetTime(kStart); }
  void SetTime(int64_t ns) { clock_.SetMs(ns / 1'000'000); }
  Tail Make() {
    TailRequest request;
    request.query = "{app=\"a\"}";
    request.start = kStart - 3600 * kSecond;
    request.limit = 2;
    return Tail(request, TailOptions(), model::RequestContext(), &logs_, &clock_);
  }
  // The frames that this look brought.
  std::vector<std::string> Poll(Tail& tail) {
    socket_.frames.clear();
    EXPECT_TRUE(tail.Poll(socket_).ok());
    return socket_.frames;
  }

  model::ManualClock clock_;
  Lines logs_;
  FakeSocket socket_;
};

TEST_F(TailTest, HistoryFirstThenWhatIsNew) {
  logs_.lines = {
      {kStart - 3 * kSecond, "old"}, {kStart - 2 * kSecond, "b"}, {kStart - kSecond, "c"}};
  Tail tail = Make();
  EXPECT_THAT(Poll(tail),
              ElementsAre(R"({"streams":[{"stream":{"app":"a"},"values":[)"
                          R"(["1699999998000000000","b"],["1699999999000000000","c"]]}]})"));
  EXPECT_THAT(Poll(tail), ElementsAre());
  logs_.lines[kStart + kSecond] = "d";
  EXPECT_THAT(Poll(tail), ElementsAre());  // Not yet.
  SetTime(kStart + 2 * kSecond);
  EXPECT_THAT(Poll(tail), ElementsAre(HasSubstr(R"("1700000001000000000","d")")));
  EXPECT_THAT(Poll(tail), ElementsAre());
}

TEST_F(TailTest, WhatComesLateIsToldOnce) {
  Tail tail = Make();
  Poll(tail);
  SetTime(kStart + 10 * kSecond);
  Poll(tail);
  logs_.lines[kStart + 6 * kSecond] = "late";
  SetTime(kStart + 10 * kSecond + kSecond / 2);
  EXPECT_THAT(Poll(tail), ElementsAre(HasSubstr("late")));
  EXPECT_THAT(Poll(tail), ElementsAre());
}

TEST_F(TailTest, ManyNewEntriesComeInPages) {
  Tail tail = Make();
  Poll(tail);
  for (int i = 0; i < 5000; ++i) logs_.lines[kStart + kSecond + i] = std::to_string(i);
  SetTime(kStart + 3 * kSecond);
  const auto frames = Poll(tail);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_THAT(frames[0], testing::AllOf(HasSubstr(R"("0"])"), HasSubstr(R"("4999"])")));
}

TEST_F(TailTest, ASlowClientHearsWhatItMissed) {
  Tail tail = Make();
  Poll(tail);
  logs_.lines[kStart + kSecond] = "missed";
  SetTime(kStart + 2 * kSecond);
  socket_.full = true;
  EXPECT_THAT(Poll(tail), ElementsAre());
  socket_.full = false;
  logs_.lines[kStart + 3 * kSecond] = "next";
  SetTime(kStart + 4 * kSecond);
  EXPECT_THAT(
      Poll(tail),
      ElementsAre(testing::AllOf(
          HasSubstr("next"), testing::Not(HasSubstr("missed")),
          HasSubstr(R"("dropped_entries":[{"labels":{"app":"a"},"timestamp":"1700000001)"))));
}

TEST_F(TailTest, FailuresCloseWithTheirText) {
  logs_.failure = absl::InvalidArgumentError("parse error : x");
  Tail tail = Make();
  tail.Run(socket_);
  EXPECT_EQ(socket_.closed, "1011 parse error : x");
}

}  // namespace
}  // namespace tidegate::api
