#include "control/scrape/content_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;

TEST(AcceptFieldTest, IsPrometheus3s) {
  EXPECT_EQ(AcceptField({ScrapeProtocol::kOpenMetrics100, ScrapeProtocol::kOpenMetrics001,
                         ScrapeProtocol::kText100, ScrapeProtocol::kText004}),
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            "application/openmetrics-text;version=0.0.1;q=0.4,"
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
            "text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
  EXPECT_EQ(AcceptField({ScrapeProtocol::kProtobuf}),
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            "encoding=delimited;q=0.2,*/*;q=0.1");
}

TEST(ProtocolOfTest, TypesOfExpositions) {
  const auto of = [](const char* type) { return *ProtocolOf(type, std::nullopt); };
  EXPECT_EQ(of("text/plain; version=0.0.4; charset=utf-8"), ScrapeProtocol::kText004);
  EXPECT_EQ(of("Text/Plain"), ScrapeProtocol::kText004);
  EXPECT_EQ(of("application/openmetrics-text; version=1.0.0"), ScrapeProtocol::kOpenMetrics100);
  EXPECT_EQ(of("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
               "encoding=\"delimited\""),
            ScrapeProtocol::kProtobuf);
}

TEST(ProtocolOfTest, OtherTypesNeedAFallback) {
  for (const char* type : {"text/html", "application/json", "application/vnd.google.protobuf",
                           "application/vnd.google.protobuf; proto=x; encoding=delimited"}) {
    EXPECT_THAT(std::string(ProtocolOf(type, std::nullopt).status().message()),
                HasSubstr("received unsupported Content-Type"))
        << type;
    EXPECT_EQ(*ProtocolOf(type, ScrapeProtocol::kText004), ScrapeProtocol::kText004);
  }
  EXPECT_THAT(std::string(ProtocolOf("", std::nullopt).status().message()),
              HasSubstr("blank Content-Type"));
}

}  // namespace
}  // namespace tidegate::control
