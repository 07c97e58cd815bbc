#include "control/tenants/tenant_directory.h"

#include <gtest/gtest.h>

#include "model/config/tenant_definition.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using model::Permission;

model::ApiKey Key(const std::string& id, std::initializer_list<Permission> permissions) {
  model::ApiKey key;
  key.id = id;
  key.digest = model::DigestOf("secret of " + id);
  for (Permission permission : permissions) key.permissions.Add(permission);
  return key;
}

std::string EntryOf(const model::ApiKey& key) { return model::FormatKey(key); }

// A process: what it lets in.
struct Process {
  Process(const std::string& yaml, storage::Documents* documents, const model::Clock* clock)
      : registry(*model::ParseConfig(yaml)),
        directory({.remove_data =
                       [this](const std::string& tenant, absl::Time) {
                         removed.push_back(tenant);
                         return removal;
                       }},
                  *model::ParseConfig(yaml), &registry, documents, clock) {}

  // Whose key this is, or nothing.
  std::string Holder(const std::string& id) {
    const auto holder = registry.FindKey(model::DigestOf("secret of " + id));
    return holder.has_value() ? holder->tenant->name : "";
  }

  model::ConfigTenantRegistry registry;
  std::vector<std::string> removed;
  absl::Status removal;
  TenantDirectory directory;
};

class TenantDirectoryTest : public testing::Test {
 protected:
  std::unique_ptr<Process> Start(const std::string& yaml = "") {
    auto process = std::make_unique<Process>(yaml, &documents_, &clock_);
    EXPECT_TRUE(process->directory.Refresh().ok());
    return process;
  }

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
};

TEST_F(TenantDirectoryTest, ATenantIsWhatItsDefinitionSays) {
  const auto process = Start("limits: {max_series: 5, max_labels_per_series: 9}");
  ASSERT_TRUE(process->directory.Put("a", R"({"limits": {"max_series": 7}})").ok());
  EXPECT_EQ(process->registry.Find("a")->limits.max_series, 7u);
  EXPECT_EQ(process->registry.Find("a")->limits.max_labels_per_series, 9u);
  EXPECT_FALSE(process->registry.RequiresKeys());
  process->directory.ReplaceFile(*model::ParseConfig("limits: {max_labels_per_series: 3}"));
  EXPECT_EQ(process->registry.Find("a")->limits.max_labels_per_series, 3u) << "defaults are live";
  EXPECT_EQ(process->registry.Find("a")->limits.max_series, 7u);
}

TEST_F(TenantDirectoryTest, OtherProcessesFollow) {
  const auto first = Start();
  const auto second = Start();
  ASSERT_TRUE(first->directory.Put("a", "").ok());
  ASSERT_TRUE(first->directory.AddKey("a", Key("k", {Permission::kAdmin})).ok());
  EXPECT_EQ(second->Holder("k"), "");
  ASSERT_TRUE(second->directory.Refresh().ok());
  EXPECT_EQ(second->Holder("k"), "a");
  ASSERT_TRUE(second->directory.AddKey("a", Key("r", {Permission::kRead})).ok());
  ASSERT_TRUE(first->directory.RevokeKey("a", "r").ok());
  ASSERT_TRUE(second->directory.Refresh().ok());
  EXPECT_EQ(second->Holder("r"), "");
}

TEST_F(TenantDirectoryTest, TheFileWins) {
  const model::ApiKey in_file = Key("f", {Permission::kAdmin});
  const std::string yaml =
      "tenants: [{name: a, limits: {max_series: 1}, keys: [" + EntryOf(in_file) + "]}]";
  const auto process = Start(yaml);
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Put("a", "")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Delete("a")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.RevokeKey("a", "f")));
  EXPECT_TRUE(absl::IsAlreadyExists(process->directory.AddKey("a", Key("f", {Permission::kRead}))));
  ASSERT_TRUE(process->directory.AddKey("a", Key("k", {Permission::kRead})).ok());
  EXPECT_EQ(process->Holder("k"), "a");
  EXPECT_EQ(process->Holder("f"), "a");
  const auto managed = process->directory.Get("a");
  ASSERT_TRUE(managed.ok());
  EXPECT_TRUE(managed->in_file);
  EXPECT_EQ(managed->file_keys, std::set<std::string>{"f"});
  EXPECT_EQ(managed->config->keys.size(), 2u);
  // A tenant of the documents that comes into the file later.
  ASSERT_TRUE(process->directory.Put("b", R"({"limits": {"max_series": 7}})").ok());
  process->directory.ReplaceFile(
      *model::ParseConfig("tenants: [{name: b, limits: {max_series: 2}}]"));
  EXPECT_EQ(process->registry.Find("b")->limits.max_series, 2u);
  EXPECT_EQ(process->registry.Find("a"), nullptr) << "has left the file";
  EXPECT_EQ(process->Holder("k"), "");
  EXPECT_TRUE(process->registry.RequiresKeys()) << "authentication does not go off by accident";
}

TEST_F(TenantDirectoryTest, AKeyOfTheFileIsRevokedForGood) {
  const std::string yaml = "tenants: [{name: a, keys: [" + EntryOf(Key("f", {Permission::kRead})) +
                           "," + EntryOf(Key("root", {Permission::kAdmin})) + "]}]";
  const auto process = Start(yaml);
  const auto other = Start(yaml);
  ASSERT_TRUE(process->directory.RevokeKey("a", "f").ok());
  EXPECT_EQ(process->Holder("f"), "");
  EXPECT_EQ(process->Holder("root"), "a");
  EXPECT_TRUE(absl::IsNotFound(process->directory.RevokeKey("a", "f")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.RevokeKey("a", "root")));
  ASSERT_TRUE(other->directory.Refresh().ok());
  EXPECT_EQ(other->Holder("f"), "") << "in every process";
  EXPECT_EQ(Start(yaml)->Holder("f"), "") << "and after a restart";
  model::ApiKey again = Key("f", {Permission::kRead});
  again.id = "g";
  EXPECT_TRUE(absl::IsAlreadyExists(process->directory.AddKey("a", again)));
  process->directory.ReplaceFile(
      *model::ParseConfig("tenants: [{name: b, keys: [" + EntryOf(again) + "]}]"));
  EXPECT_EQ(process->Holder("f"), "") << "the secret, under whatever name";
  EXPECT_TRUE(process->registry.RequiresKeys());
  model::ApiKey fresh = Key("f", {Permission::kRead});
  fresh.digest = model::DigestOf("secret of fresh");
  process->directory.ReplaceFile(
      *model::ParseConfig("tenants: [{name: a, keys: [" + EntryOf(fresh) + "]}]"));
  EXPECT_EQ(process->Holder("fresh"), "a") << "a new secret may have the old id";
}

TEST_F(TenantDirectoryTest, SomebodyMustBeAbleToAdministrate) {
  const auto process = Start();
  ASSERT_TRUE(process->directory.Put("a", "").ok());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(process->directory.AddKey("a", Key("r", {Permission::kRead}))));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      process->directory.Put("a", "keys: [" + EntryOf(Key("r", {Permission::kRead})) + "]")));
  ASSERT_TRUE(process->directory.AddKey("a", Key("k", {Permission::kAdmin})).ok());
  ASSERT_TRUE(process->directory.AddKey("a", Key("r", {Permission::kRead})).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.RevokeKey("a", "k")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Delete("a")));
  ASSERT_TRUE(process->directory.RevokeKey("a", "r").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.RevokeKey("a", "k")));
  ASSERT_TRUE(process->directory.AddKey("default", Key("k2", {Permission::kAdmin})).ok());
  EXPECT_TRUE(process->directory.RevokeKey("a", "k").ok());
  EXPECT_EQ(process->Holder("k2"), "default");
}

TEST_F(TenantDirectoryTest, PutReplacesKeysOnlyWhenItNamesThem) {
  const auto process = Start();
  ASSERT_TRUE(process->directory.AddKey("default", Key("admin", {Permission::kAdmin})).ok());
  ASSERT_TRUE(
      process->directory.Put("a", "keys: [" + EntryOf(Key("k", {Permission::kRead})) + "]").ok());
  EXPECT_EQ(process->Holder("k"), "a");
  ASSERT_TRUE(process->directory.Put("a", "retention: 1d").ok());
  EXPECT_EQ(process->Holder("k"), "a");
  ASSERT_TRUE(process->directory.Put("a", "keys: []").ok());
  EXPECT_EQ(process->Holder("k"), "");
  EXPECT_EQ(process->registry.Find("a")->retention, absl::InfiniteDuration())
      << "replaced as a whole";
  EXPECT_TRUE(absl::IsAlreadyExists(
      process->directory.Put("b", "keys: [" + EntryOf(Key("admin", {Permission::kRead})) + "]")));
}

TEST_F(TenantDirectoryTest, ADeletedTenantIsShutOutThenRemoved) {
  const auto process = Start("trust_org_id: true");
  ASSERT_TRUE(process->directory.AddKey("default", Key("admin", {Permission::kAdmin})).ok());
  ASSERT_TRUE(process->directory.Put("a", "").ok());
  ASSERT_TRUE(process->directory.AddKey("a", Key("k", {Permission::kRead})).ok());
  ASSERT_TRUE(documents_.Commit({{"jobs/a/1", "x", std::nullopt}}).ok());
  ASSERT_TRUE(process->directory.Delete("a").ok());
  EXPECT_EQ(process->Holder("k"), "");
  EXPECT_EQ(process->registry.Find("a"), nullptr) << "although every name is a tenant";
  EXPECT_NE(process->registry.Find("b"), nullptr);
  EXPECT_TRUE(process->directory.Get("a")->deleting);
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Put("a", "")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Delete("a")));

  ASSERT_TRUE(process->directory.FinishDeletions().ok());
  EXPECT_TRUE(process->removed.empty()) << "others may still let it in";
  clock_.Advance(absl::Seconds(10));
  process->removal = absl::UnavailableError("the ingester is away");
  EXPECT_TRUE(absl::IsUnavailable(process->directory.FinishDeletions()));
  EXPECT_TRUE(process->directory.Get("a")->deleting);
  process->removal = absl::OkStatus();
  ASSERT_TRUE(process->directory.FinishDeletions().ok());
  EXPECT_EQ(process->removed, (std::vector<std::string>{"a", "a"}));
  EXPECT_TRUE(documents_.List("jobs/", "", 0)->empty());
  EXPECT_TRUE(documents_.List("tenants/a/", "", 0)->empty());
  EXPECT_FALSE(process->directory.Get("a")->deleting);
  ASSERT_TRUE(process->directory.FinishDeletions().ok());
  EXPECT_EQ(process->removed.size(), 2u);
}

TEST_F(TenantDirectoryTest, OneProcessRemoves) {
  const auto first = Start();
  const auto second = Start();
  ASSERT_TRUE(first->directory.Put("a", "").ok());
  ASSERT_TRUE(first->directory.Delete("a").ok());
  ASSERT_TRUE(second->directory.Refresh().ok());
  clock_.Advance(absl::Seconds(10));
  ASSERT_TRUE(first->directory.FinishDeletions().ok());
  EXPECT_TRUE(absl::IsAborted(second->directory.FinishDeletions()));
  EXPECT_TRUE(second->removed.empty());
  ASSERT_TRUE(second->directory.FinishDeletions().ok()) << "it has seen the change now";
  EXPECT_TRUE(second->removed.empty());
}

TEST_F(TenantDirectoryTest, NobodyIsLetInBeforeTheDocumentsWereRead) {
  documents_.Fail(absl::UnavailableError("the store is away"));
  Process process("", &documents_, &clock_);
  EXPECT_TRUE(absl::IsUnavailable(process.directory.Refresh()));
  EXPECT_TRUE(absl::IsUnavailable(process.registry.Ready()));
  EXPECT_TRUE(absl::IsUnavailable(process.directory.Put("a", "")));
  documents_.Fail(absl::OkStatus());
  ASSERT_TRUE(process.directory.Refresh().ok());
  EXPECT_TRUE(process.registry.Ready().ok());
  documents_.Fail(absl::UnavailableError("the store is away again"));
  EXPECT_TRUE(absl::IsUnavailable(process.directory.Refresh()));
  EXPECT_TRUE(process.registry.Ready().ok()) << "what was read stays in force";
}

TEST_F(TenantDirectoryTest, WhatCannotBeReadOpensNothing) {
  ASSERT_TRUE(documents_
                  .Commit({{"tenants/a/keys/k", "{broken", std::nullopt},
                           {"tenants/b/definition", "{no_such_key: 1}", std::nullopt}})
                  .ok());
  const auto process = Start();
  EXPECT_TRUE(process->registry.RequiresKeys());
  EXPECT_EQ(process->registry.Find("b"), nullptr);
}

TEST_F(TenantDirectoryTest, RefusesWhatIsWrong) {
  const auto process = Start();
  EXPECT_TRUE(absl::IsInvalidArgument(process->directory.Put("a/b", "")));
  EXPECT_TRUE(absl::IsInvalidArgument(process->directory.Put("a", "limits: {no: 1}")));
  EXPECT_TRUE(absl::IsInvalidArgument(process->directory.Put("a", std::string(70000, ' '))));
  EXPECT_TRUE(absl::IsNotFound(process->directory.Get("a").status()));
  EXPECT_TRUE(absl::IsNotFound(process->directory.Delete("a")));
  EXPECT_TRUE(absl::IsNotFound(process->directory.AddKey("a", Key("k", {Permission::kAdmin}))));
  EXPECT_TRUE(absl::IsNotFound(process->directory.RevokeKey("default", "k")));
  EXPECT_TRUE(absl::IsFailedPrecondition(process->directory.Delete("default")));
}

TEST_F(TenantDirectoryTest, ListsByName) {
  const auto process = Start("tenants: [{name: z}]");
  ASSERT_TRUE(process->directory.Put("b", "").ok());
  ASSERT_TRUE(process->directory.Put("a", "").ok());
  ASSERT_TRUE(process->directory.Delete("b").ok());
  std::vector<std::string> names;
  for (const ManagedTenant& tenant : process->directory.List()) names.push_back(tenant.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "default", "z"}));
}

}  // namespace
}  // namespace tidegate::control
