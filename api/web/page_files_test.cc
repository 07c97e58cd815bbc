#include "api/web/page_files.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "api/http/content_coding.h"
#include "api/http/router.h"
#include "api/testing/recorded_response.h"
#include "api/web/page_routes.h"

namespace tidegate::api {
namespace {

const std::string kIndexText = "<!doctype html>" + std::string(2000, ' ');
const std::string kScriptText = "let a;" + std::string(2000, ' ');
const std::string kIndex = CompressWhole(ContentCoding::kGzip, kIndexText);
const std::string kScript = CompressWhole(ContentCoding::kGzip, kScriptText);
const EmbeddedFile kFiles[] = {
    {"assets/a-1.js", kScript, kScriptText.size(), "11111111111111111111111111111111"},
    {"index.html", kIndex, kIndexText.size(), "22222222222222222222222222222222"},
};

std::map<std::string, std::string> FieldsOf(const HttpResponse& response) {
  return {response.headers.begin(), response.headers.end()};
}

Headers With(std::string_view name, std::string_view value) {
  Headers headers;
  headers.Add(name, value);
  return headers;
}

class PageFilesTest : public testing::Test {
 protected:
  HttpResponse Get(std::string_view path, const Headers& headers = {}) {
    return files_.Answer(path, headers);
  }

  // The answer to a GET of the whole path, through the router.
  RecordedResponse Ask(std::string_view path, std::string_view target = {}) {
    HttpRequest request;
    request.target = target.empty() ? path : target;
    for (size_t at = 1; at <= path.size();) {
      const size_t end = std::min(path.find('/', at), path.size());
      if (path != "/") request.segments.emplace_back(path.substr(at, end - at));
      at = end + 1;
    }
    RecordedResponse response;
    const RouteMatch match = router_.Find(HttpMethod::kGet, request.segments);
    response.status = match.status;
    if (match.route != nullptr) match.route->handler(request, response);
    return response;
  }

  const PageFiles files_{kFiles};
  Router router_;
};

TEST_F(PageFilesTest, AssetsAreKeptForEverAndComeAsTheyAreStored) {
  const HttpResponse response = Get("assets/a-1.js", With("Accept-Encoding", "br, gzip"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(response.body, kScript);
  auto fields = FieldsOf(response);
  EXPECT_EQ(fields["Content-Encoding"], "gzip");
  EXPECT_EQ(fields["Cache-Control"], "public, max-age=31536000, immutable");
  EXPECT_EQ(fields["Vary"], "Accept-Encoding");
}

TEST_F(PageFilesTest, AClientWithoutGzipGetsTheBytesThemselves) {
  for (const char* accepted : {"", "deflate", "gzip;q=0"}) {
    const HttpResponse response = Get("assets/a-1.js", With("Accept-Encoding", accepted));
    EXPECT_EQ(response.body, kScriptText) << accepted;
    EXPECT_FALSE(FieldsOf(response).contains("Content-Encoding")) << accepted;
  }
}

TEST_F(PageFilesTest, AnAssetThatIsNotThereIsMissingAndNotRemembered) {
  const HttpResponse response = Get("assets/b-2.js");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(FieldsOf(response)["Cache-Control"], "no-cache");
}

TEST_F(PageFilesTest, EveryOtherPathIsAPlaceInThePage) {
  for (const char* path : {"", "metrics", "no/such/page", "assets", "index.html"}) {
    const HttpResponse response = Get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, kIndexText) << path;
    EXPECT_EQ(FieldsOf(response)["Cache-Control"], "no-cache") << path;
  }
}

TEST_F(PageFilesTest, WhatIsTheSameIsNotSentAgain) {
  const std::string tag = FieldsOf(Get("metrics"))["ETag"];
  for (const std::string& tags : {tag, "\"x\", " + tag, std::string("*"),
                                  std::string("\"22222222222222222222222222222222\"")}) {
    const HttpResponse response = Get("status", With("If-None-Match", tags));
    EXPECT_EQ(response.status, 304) << tags;
    EXPECT_EQ(response.body, "") << tags;
    EXPECT_EQ(FieldsOf(response)["ETag"], tag);
  }
  EXPECT_EQ(Get("status", With("If-None-Match", "\"x\"")).status, 200);
}

TEST_F(PageFilesTest, ScriptsAndStylesComeFromFilesOnly) {
  for (const char* path : {"", "assets/a-1.js", "assets/none.js"}) {
    auto fields = FieldsOf(Get(path));
    const std::string policy = fields["Content-Security-Policy"];
    EXPECT_NE(policy.find("default-src 'none'; script-src 'self'; style-src 'self';"), policy.npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), policy.npos);
    EXPECT_EQ(policy.find("unsafe"), policy.npos);
    EXPECT_EQ(fields["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(fields["Referrer-Policy"], "same-origin");
  }
}

TEST_F(PageFilesTest, ABinaryWithoutThePageKnowsIt) {
  EXPECT_TRUE(PageFiles({}).empty());
  EXPECT_FALSE(files_.empty());
}

TEST_F(PageFilesTest, TheRootLeadsToThePage) {
  AddPageRoutes(files_, &router_);
  EXPECT_EQ(Ask("/").status, 302);
  EXPECT_EQ(Ask("/").headers["Location"], "ui/");
  EXPECT_EQ(Ask("/ui").headers["Location"], "ui/");
  EXPECT_EQ(Ask("/ui/").body, kIndexText);
  EXPECT_EQ(Ask("/ui/metrics").body, kIndexText);
  EXPECT_EQ(Ask("/ui/assets/a-1.js").body, kScriptText);
  EXPECT_EQ(Ask("/uix").status, 404);
}

TEST_F(PageFilesTest, LinksInAlertsKeepTheirExpression) {
  AddPageRoutes(files_, &router_);
  EXPECT_EQ(Ask("/graph", "/graph?g0.expr=up+%3D%3D+0&g0.tab=1").headers["Location"],
            "ui/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
}

}  // namespace
}  // namespace tidegate::api
