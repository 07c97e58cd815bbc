#include "api/federate/exposition_format.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

constexpr std::string_view kProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

bool WantsProtobuf(std::string_view accept) { return NegotiateFormat(accept).protobuf; }

TEST(ExpositionFormatTest, TextUnlessProtobufIsAskedFor) {
  EXPECT_FALSE(WantsProtobuf(""));
  EXPECT_FALSE(WantsProtobuf("*/*"));
  EXPECT_FALSE(WantsProtobuf("application/json"));
  EXPECT_TRUE(WantsProtobuf(kProtobuf));
  EXPECT_FALSE(WantsProtobuf("application/vnd.google.protobuf"));
  EXPECT_FALSE(
      WantsProtobuf("application/vnd.google.protobuf;"
                    "proto=io.prometheus.client.MetricFamily;encoding=text"));
}

TEST(ExpositionFormatTest, TheHeaviestWins) {
  const std::string protobuf(kProtobuf);
  EXPECT_TRUE(WantsProtobuf(protobuf + ";q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1"));
  EXPECT_FALSE(WantsProtobuf(protobuf + ";q=0.3,text/plain;version=0.0.4;q=0.4"));
  EXPECT_FALSE(WantsProtobuf("text/plain," + protobuf));
  EXPECT_FALSE(WantsProtobuf(protobuf + ";q=0"));
}

TEST(ExpositionFormatTest, NamesAsTheRangeWantsThem) {
  const std::string protobuf(kProtobuf);
  EXPECT_EQ(NegotiateFormat(protobuf + " ; escaping=allow-utf-8;q=0.7, text/plain;q=0.2").escaping,
            NameEscaping::kAllowUtf8);
  EXPECT_EQ(NegotiateFormat("text/plain;escaping=values").escaping, NameEscaping::kUnderscores);
}

}  // namespace
}  // namespace tidegate::api
