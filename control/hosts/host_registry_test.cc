#include "control/hosts/host_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HostRegistryTest : public ::testing::Test {
 protected:
  std::vector<std::string> Names(const std::string& tenant) {
    const auto hosts = registry_.List(tenant);
    EXPECT_TRUE(hosts.ok()) << hosts.status();
    std::vector<std::string> names;
    for (const model::Host& host : *hosts) names.push_back(host.id + " " + host.name);
    return names;
  }

  storage::DocumentsInMemory documents_;
  HostRegistry registry_{&documents_};
};

TEST_F(HostRegistryTest, RegisteredAndConfiguredHostsAreOneList) {
  ASSERT_TRUE(registry_.Put({"a", "2", "two", "10.0.0.2", "i-2", "kr"}).ok());
  ASSERT_TRUE(registry_.Put({"a", "1", "old one", "10.0.0.9", "", ""}).ok());
  ASSERT_TRUE(registry_.Put({"b", "3", "three", "::1", "", ""}).ok());
  registry_.SetConfigured({{"a", "1", "one", "10.0.0.1", "", ""}}, {});
  EXPECT_THAT(Names("a"), ElementsAre("1 one", "2 two"));
  EXPECT_THAT(Names("b"), ElementsAre("3 three"));
  EXPECT_THAT(Names("c"), IsEmpty());
  EXPECT_EQ((*registry_.Find("a", "1"))->address, "10.0.0.1");
  EXPECT_EQ(*registry_.Find("a", "2"), (model::Host{"a", "2", "two", "10.0.0.2", "i-2", "kr"}));
  EXPECT_FALSE(registry_.Find("b", "2")->has_value());
  EXPECT_FALSE(registry_.Find("b", "")->has_value());
}

TEST_F(HostRegistryTest, ChangesAndRemovals) {
  ASSERT_TRUE(registry_.Put({"a", "1", "one", "10.0.0.1", "", ""}).ok());
  const uint64_t first = *registry_.Version();
  ASSERT_TRUE(registry_.Put({"a", "1", "uno", "10.0.0.1", "", ""}).ok());
  const uint64_t second = *registry_.Version();
  EXPECT_NE(first, second);
  EXPECT_THAT(Names("a"), ElementsAre("1 uno"));
  EXPECT_TRUE(registry_.Remove("a", "1").ok());
  EXPECT_TRUE(registry_.Remove("a", "1").ok());
  EXPECT_THAT(Names("a"), IsEmpty());
  const uint64_t third = *registry_.Version();
  EXPECT_NE(second, third);
  registry_.SetConfigured({}, {});
  EXPECT_NE(*registry_.Version(), third);
}

TEST_F(HostRegistryTest, FilesAreFollowed) {
  const std::string path = ::testing::TempDir() + "host_registry_test.yml";
  const auto write = [&path](const std::string& text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  };
  write(
      "- targets: [10.0.0.1, 10.0.0.2]\n"
      "- {targets: [10.0.0.3, not-an-address], labels: {id: '3', name: three, region: kr}}");
  registry_.SetConfigured({{"a", "10.0.0.1", "mine", "10.0.0.9", "", ""}}, {{"a", path}});
  EXPECT_THAT(Names("a"), ElementsAre("10.0.0.1 mine", "10.0.0.2 10.0.0.2", "3 three"));
  EXPECT_EQ((*registry_.Find("a", "3"))->region, "kr");
  EXPECT_TRUE(absl::IsFailedPrecondition(registry_.Remove("a", "3")));
  const uint64_t version = *registry_.Version();
  EXPECT_EQ(*registry_.Version(), version);
  write("- targets: [10.0.0.4]");
  EXPECT_NE(*registry_.Version(), version);
  EXPECT_THAT(Names("a"), ElementsAre("10.0.0.1 mine", "10.0.0.4 10.0.0.4"));
  write("nonsense");
  EXPECT_THAT(Names("a"), ElementsAre("10.0.0.1 mine", "10.0.0.4 10.0.0.4"));
}

TEST_F(HostRegistryTest, Mistakes) {
  EXPECT_TRUE(absl::IsInvalidArgument(registry_.Put({"a", "", "x", "10.0.0.1", "", ""})));
  EXPECT_TRUE(absl::IsInvalidArgument(registry_.Put({"a", "1", "x", "not an address", "", ""})));
  registry_.SetConfigured({{"a", "1", "one", "10.0.0.1", "", ""}}, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(registry_.Put({"a", "1", "x", "10.0.0.2", "", ""})));
  EXPECT_TRUE(absl::IsFailedPrecondition(registry_.Remove("a", "1")));
}

TEST_F(HostRegistryTest, AStoreThatIsAwayIsNotAnEmptyList) {
  documents_.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(registry_.List("a").status()));
  EXPECT_TRUE(absl::IsUnavailable(registry_.Find("a", "1").status()));
}

}  // namespace
}  // namespace tidegate::control
