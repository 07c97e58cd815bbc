// Metadata of hosts, services and roles as Mackerel's page "Metadata" has it, one test a line of
// its tables; and what else its page "Hosts" has for many hosts at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "api/monitors/testing/monitor_api.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

std::string Text(const json::value& value) { return json::serialize(value); }

class MetadataTest : public MonitorApi, public ::testing::WithParamInterface<const char*> {
 protected:
  MetadataTest() { host_ = NewHost("{}"); }

  std::string NewHost(const std::string& members) {
    clock_.Advance(absl::Milliseconds(1));
    return Post("hosts", With(json::parse(R"({"name":"h"})"), members)).Text("id");
  }
  // Where metadata of the parameter's owner lies.
  std::string Path(const std::string& name = "") {
    std::string owner = GetParam();
    if (owner == "host") owner = "hosts/" + host_;
    return owner + "/metadata" + (name.empty() ? "" : "/" + name);
  }
  Answer PutText(const std::string& path, const std::string& body) {
    return Call(HttpMethod::kPut, path, body);
  }

  std::string host_;
};

TEST_P(MetadataTest, AnyJsonComesBack) {
  for (const char* body : {R"({"type":12345,"region":"jp","env":"staging"})", "[1,2]", R"("text")",
                           "12", "true", "null"}) {
    EXPECT_EQ(Text(PutText(Path("a-B_1"), body).body), R"({"success":true})");
    EXPECT_EQ(Text(Get(Path("a-B_1")).body), body);
  }
}

TEST_P(MetadataTest, NamespacesAreListed) {
  EXPECT_EQ(Text(Get(Path()).body), R"({"metadata":[]})");
  PutText(Path("b"), "1");
  PutText(Path("a"), "1");
  EXPECT_EQ(Text(Get(Path()).body), R"({"metadata":[{"namespace":"a"},{"namespace":"b"}]})");
}

TEST_P(MetadataTest, AreDeletedAndThenGone) {
  EXPECT_EQ(Get(Path("a")).status, 404);
  EXPECT_EQ(Delete(Path("a")).status, 404);
  PutText(Path("a"), "1");
  EXPECT_EQ(Text(Delete(Path("a")).body), R"({"success":true})");
  EXPECT_EQ(Get(Path("a")).status, 404);
  EXPECT_EQ(Delete(Path("a")).status, 404);
}

TEST_P(MetadataTest, BadNamespacesAndBodies) {
  for (const char* name : {"a.b", "a b", "ä"}) EXPECT_EQ(PutText(Path(name), "1").status, 400);
  EXPECT_EQ(PutText(Path(std::string(128, 'a')), "1").status, 200);
  EXPECT_EQ(PutText(Path(std::string(129, 'a')), "1").status, 400);
  for (const char* body : {"", "{", "text"}) EXPECT_EQ(PutText(Path("a"), body).status, 400);
  EXPECT_EQ(PutText(Path("a"), "\"" + std::string((100 << 10) - 2, 'x') + "\"").status, 200);
  EXPECT_EQ(PutText(Path("a"), "\"" + std::string((100 << 10) - 1, 'x') + "\"").status, 413);
}

TEST_P(MetadataTest, FiftyAtMost) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(PutText(Path("n" + std::to_string(i)), "1").status, 200);
  }
  EXPECT_EQ(PutText(Path("more"), "1").status, 400);
  EXPECT_EQ(PutText(Path("n7"), "2").status, 200) << "one that is there can be changed";
}

TEST_P(MetadataTest, PermissionsAndTenants) {
  PutText(Path("a"), "1");
  key_ = "read-1";
  EXPECT_EQ(Get(Path("a")).status, 200);
  EXPECT_EQ(PutText(Path("a"), "2").status, 403);
  EXPECT_EQ(Delete(Path("a")).status, 403);
  key_ = "write-1";
  EXPECT_EQ(PutText(Path("a"), "2").status, 403) << "reading is needed too";
  key_ = "office-1";
  peer_ = "192.168.0.1:1";
  EXPECT_EQ(PutText(Path("a"), "2").status, 403);
  key_ = "other-1";
  EXPECT_EQ(Get(Path("a")).status, 404);
  EXPECT_EQ(PutText(Path("a"), "2").status, 404);
}

INSTANTIATE_TEST_SUITE_P(Owners, MetadataTest,
                         ::testing::Values("host", "services/Hatena-Blog",
                                           "services/Hatena-Bookmark/roles/db-master"),
                         [](const auto& test) {
                           const std::string owner = test.param;
                           if (owner == "host") return "Host";
                           return owner.find("roles") == owner.npos ? "Service" : "Role";
                         });

using HostMetadata = MetadataTest;

TEST_F(HostMetadata, OwnersThatAreNotThere) {
  for (const char* owner : {"hosts/2cSZzK3XfmG", "hosts/x", "services/none",
                            "services/Hatena-Blog/roles/none", "services/none/roles/db-master"}) {
    const std::string path = std::string(owner) + "/metadata";
    EXPECT_EQ(Get(path).status, 404) << owner;
    EXPECT_EQ(Get(path + "/a").status, 404) << owner;
    EXPECT_EQ(PutText(path + "/a", "1").status, 404) << owner;
    EXPECT_EQ(Delete(path + "/a").status, 404) << owner;
  }
}

TEST_F(HostMetadata, OfRetiredHostsIsReadForAWeek) {
  const std::string path = "hosts/" + host_ + "/metadata/a";
  PutText(path, "1");
  Post("hosts/" + host_ + "/retire", json::object());
  EXPECT_EQ(PutText(path, "2").status, 400);
  EXPECT_EQ(Delete(path).status, 400);
  EXPECT_EQ(Get(path).status, 200);
  clock_.Advance(absl::Hours(7 * 24) + absl::Seconds(1));
  EXPECT_EQ(Get(path).status, 400);
}

TEST_F(HostMetadata, GoesWithItsServiceAndRole) {
  const std::string role = "services/Hatena-Bookmark/roles/db-master";
  PutText(role + "/metadata/a", "1");
  PutText("services/Hatena-Bookmark/metadata/a", "1");
  Delete(role);
  Call(HttpMethod::kPost, "services/Hatena-Bookmark/roles", R"({"name":"db-master"})");
  EXPECT_EQ(Get(role + "/metadata/a").status, 404);
  EXPECT_EQ(Get("services/Hatena-Bookmark/metadata/a").status, 200);
  PutText(role + "/metadata/a", "1");
  Delete("services/Hatena-Bookmark");
  EXPECT_EQ(documents_.List("metadata/", "", 0)->size(), 0u);
}

// --- Hosts ---

using ManyHosts = MetadataTest;

TEST_F(ManyHosts, ARoleThatIsDeletedIsTakenFromItsHosts) {
  const std::string id = NewHost(R"({"roleFullnames":["Hatena-Bookmark:db-master","New:app"]})");
  Delete("services/Hatena-Bookmark/roles/db-master");
  Call(HttpMethod::kPost, "services/Hatena-Bookmark/roles", R"({"name":"db-master"})");
  EXPECT_EQ(Text(Get("hosts/" + id).Member("host").at("roles")), R"({"New":["app"]})");
  Delete("services/New");
  Call(HttpMethod::kPost, "services", R"({"name":"New"})");
  Call(HttpMethod::kPost, "services/New/roles", R"({"name":"app"})");
  EXPECT_EQ(Text(Get("hosts/" + id).Member("host").at("roles")), "{}");
}

TEST_F(ManyHosts, StatusesAreSetTogether) {
  const std::string other = NewHost("{}");
  const Answer answer =
      Post("hosts/bulk-update-statuses",
           json::object{{"ids", json::array{host_, other}}, {"status", "poweroff"}});
  EXPECT_EQ(Text(answer.body), R"({"success":true})");
  for (const std::string& id : {host_, other}) {
    EXPECT_EQ(Get("hosts/" + id).Member("host").at("status").as_string(), "poweroff");
  }
  EXPECT_EQ(Post("hosts/bulk-update-statuses",
                 json::object{{"ids", json::array{host_, "2cSZzK3XfmG"}}, {"status", "working"}})
                .status,
            404);
  EXPECT_EQ(Get("hosts/" + host_).Member("host").at("status").as_string(), "poweroff")
      << "none was changed";
  EXPECT_EQ(Post("hosts/bulk-update-statuses",
                 json::object{{"ids", json::array{host_}}, {"status", "on"}})
                .status,
            400);
}

TEST_F(ManyHosts, RetireTogether) {
  const std::string other = NewHost("{}");
  EXPECT_EQ(Post("hosts/bulk-retire", json::object{{"ids", json::array{host_, "x"}}}).status, 404);
  EXPECT_FALSE(Get("hosts/" + host_).Member("host").at("isRetired").as_bool());
  EXPECT_EQ(Text(Post("hosts/bulk-retire", json::object{{"ids", json::array{host_, other}}}).body),
            R"({"success":true})");
  EXPECT_TRUE(Get("hosts/" + other).Member("host").at("isRetired").as_bool());
  json::array many;
  for (int i = 0; i < 31; ++i) many.emplace_back(host_);
  EXPECT_EQ(Post("hosts/bulk-retire", json::object{{"ids", many}}).status, 400);
  EXPECT_EQ(Post("hosts/bulk-retire", json::object()).status, 400);
}

TEST_F(ManyHosts, AreFoundByCustomIdentifier) {
  const std::string id = NewHost(R"({"customIdentifier":"Abc.example"})");
  EXPECT_EQ(Get("hosts-by-custom-identifier/Abc.example").Member("host").at("id").as_string(), id);
  EXPECT_EQ(Get("hosts-by-custom-identifier/abc.example").status, 404);
  EXPECT_EQ(Get("hosts-by-custom-identifier/abc.example?caseInsensitive=true")
                .Member("host")
                .at("id")
                .as_string(),
            id);
  Post("hosts/" + id + "/retire", json::object());
  EXPECT_EQ(Get("hosts-by-custom-identifier/Abc.example").status, 404);
}

TEST_F(ManyHosts, AMemoIsKeptUntilItIsChanged) {
  const std::string id = NewHost(R"({"memo":"first"})");
  EXPECT_EQ(Get("hosts/" + id).Member("host").at("memo").as_string(), "first");
  Put("hosts/" + id, json::parse(R"({"name":"h"})"));
  EXPECT_EQ(Get("hosts/" + id).Member("host").at("memo").as_string(), "first");
  Put("hosts/" + id, json::parse(R"({"name":"h","memo":""})"));
  EXPECT_EQ(Get("hosts/" + id).Member("host").at("memo").as_string(), "");
}

}  // namespace
}  // namespace tidegate::api
