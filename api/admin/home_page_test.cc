#include "api/admin/home_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HomePage, SaysWhatRunsHere) {
  const std::string page = HomePage({"1.2.3", "all", true, true});
  EXPECT_THAT(page, HasSubstr("Version 1.2.3"));
  EXPECT_THAT(page, HasSubstr("--target=all"));
  EXPECT_THAT(page, HasSubstr("/api/v1/push"));
  EXPECT_THAT(page, HasSubstr("href=\"/prometheus/api/v1/status/buildinfo\""));
  EXPECT_THAT(page, HasSubstr("href=\"/-/ready\""));
}

TEST(HomePage, NamesOnlyWhatIsServed) {
  EXPECT_THAT(HomePage({"1", "querier", false, true}), Not(HasSubstr("/api/v1/push")));
  EXPECT_THAT(HomePage({"1", "ingester", true, false}), Not(HasSubstr("/prometheus/api")));
}

TEST(HomePage, SaysThatThePageWasLeftOut) {
  HomePageFacts facts{"1", "all", true, true};
  EXPECT_THAT(HomePage(facts), Not(HasSubstr("npm")));
  facts.page_left_out = true;
  EXPECT_THAT(HomePage(facts),
              HasSubstr("built without its page in the browser: <code>npm</code>"));
}

TEST(HomePage, FactsCannotBecomeMarkup) {
  const std::string page = HomePage({"<script>", "\"'&", false, false});
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("&quot;&#39;&amp;"));
}

TEST(HomePage, NeedsNothingFromElsewhere) {
  const std::string page = HomePage({"1", "all", true, true});
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace tidegate::api
