#include "proto/wire/matchers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidegate::wire {
namespace {

using Messages = google::protobuf::RepeatedPtrField<v1::Matcher>;

v1::Matcher Message(v1::Matcher::Type type, const std::string& value) {
  v1::Matcher message;
  message.set_type(type);
  message.set_name("a");
  message.set_value(value);
  return message;
}

TEST(MatchersTest, RangesComeBack) {
  for (const model::TimeRange range :
       {model::TimeRange(), model::TimeRange{-5, 7}, model::TimeRange{1, 0}}) {
    v1::TimeRange message;
    ToWire(range, &message);
    EXPECT_EQ(FromWire(message), range);
  }
}

TEST(MatchersTest, EveryTypeComesBackCompiled) {
  const std::vector<model::Matcher> matchers = {{model::MatchType::kEqual, "__name__", "up"},
                                                {model::MatchType::kNotEqual, "é", ""},
                                                {model::MatchType::kRegex, "job", "a|b.*"},
                                                {model::MatchType::kNotRegex, "c", "\n.+"}};
  Messages messages;
  ToWire(*model::CompileMatchers(matchers), &messages);
  const auto back = FromWire(messages);
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_EQ(back->size(), matchers.size());
  for (size_t i = 0; i < matchers.size(); ++i) EXPECT_EQ((*back)[i].matcher(), matchers[i]);
  EXPECT_TRUE((*back)[2].Matches("bcd"));
  EXPECT_FALSE((*back)[2].Matches("c"));
}

TEST(MatchersTest, NoMatcherMatchesEverything) {
  const auto back = FromWire(Messages());
  ASSERT_TRUE(back.ok());
  EXPECT_TRUE(back->empty());
}

TEST(MatchersTest, AnExpressionThatDoesNotCompileIsTheAskersFault) {
  Messages messages;
  *messages.Add() = Message(v1::Matcher::EQUAL, "(");  // No expression.
  EXPECT_TRUE(FromWire(messages).ok());
  *messages.Add() = Message(v1::Matcher::REGEX, "(");
  EXPECT_TRUE(absl::IsInvalidArgument(FromWire(messages).status()));
}

TEST(MatchersTest, AnUnknownTypeIsNotTakenForAnother) {
  for (const int type : {4, -1, 1'000'000}) {
    Messages messages;
    *messages.Add() = Message(static_cast<v1::Matcher::Type>(type), "x");
    EXPECT_TRUE(absl::IsInvalidArgument(FromWire(messages).status())) << type;
  }
}

}  // namespace
}  // namespace tidegate::wire
