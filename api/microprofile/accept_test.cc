#include "api/microprofile/accept.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

double Text(std::string_view accept) { return AcceptQuality(accept, "text/plain"); }
double Json(std::string_view accept) { return AcceptQuality(accept, "application/json"); }

TEST(AcceptQuality, NothingSaidIsEverythingTaken) {
  EXPECT_EQ(Text(""), 1);
  EXPECT_EQ(Json("  "), 1);
}

TEST(AcceptQuality, WhatIsNamedIsTaken) {
  EXPECT_EQ(Text("text/plain"), 1);
  EXPECT_EQ(Json("text/plain"), 0);
  EXPECT_EQ(Json("Application/JSON"), 1);
  EXPECT_EQ(Json("application/json;charset=utf-8"), 1);
  EXPECT_EQ(Text("image/png"), 0);
}

TEST(AcceptQuality, RangesCoverTypes) {
  EXPECT_EQ(Text("*/*"), 1);
  EXPECT_EQ(Text("text/*"), 1);
  EXPECT_EQ(Json("text/*"), 0);
  EXPECT_EQ(Text("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), 0.2);
}

TEST(AcceptQuality, TheMostSpecificRangeDecides) {
  EXPECT_EQ(Text("text/*;q=0.3, text/plain;q=0.7, */*;q=0.5"), 0.7);
  EXPECT_EQ(Json("text/*;q=0.3, text/plain;q=0.7, */*;q=0.5"), 0.5);
  EXPECT_EQ(Text("*/*, text/plain;q=0"), 0);
}

TEST(AcceptQuality, AsPrometheusAsks) {
  constexpr std::string_view kPrometheus =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
      "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
  EXPECT_EQ(Text(kPrometheus), 0.2);
  EXPECT_EQ(Json(kPrometheus), 0.1);
}

TEST(AcceptQuality, WhatCannotBeReadIsNotThere) {
  for (const char* broken : {";", ",", ";;q=1", "text/plain;q=2", "text/plain;q=", "text/plain;q=x",
                             "text", "text/", "/*", "text/plain;q=-1"}) {
    EXPECT_EQ(Text(broken), 0) << broken;
  }
}

}  // namespace
}  // namespace tidegate::api
