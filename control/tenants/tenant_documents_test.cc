#include "control/tenants/tenant_documents.h"

#include <gtest/gtest.h>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

model::ApiKey Key(const std::string& id) {
  model::ApiKey key;
  key.id = id;
  key.digest = model::DigestOf("secret of " + id);
  key.permissions.Add(model::Permission::kRead);
  return key;
}

class TenantDocumentsTest : public testing::Test {
 protected:
  std::string ValueOf(const std::string& key) { return documents_.Get(key)->value; }
  TenantsChange Change() { return TenantsChange(*ReadTenantsVersion(&documents_)); }

  storage::DocumentsInMemory documents_;
};

// The bytes of docs/formats/tenants.md.
TEST_F(TenantDocumentsTest, Format) {
  TenantsChange change = Change();
  change.PutDefinition("a", R"({"retention": "30d"})");
  change.PutKey("a", Key("k"));
  ASSERT_TRUE(change.Commit(&documents_).ok());
  EXPECT_EQ(ValueOf("tenants/a/definition"), R"({"retention": "30d"})");
  EXPECT_EQ(ValueOf("tenants/a/keys/k"), R"({"id": "k", "sha256": ")" +
                                             model::ToHex(model::DigestOf("secret of k")) +
                                             R"(", "permissions": ["read"], "allow_ips": []})");
  const StoredTenants stored = *ReadTenants(&documents_);
  change = Change();
  change.MarkDeleted("a", stored.tenants.at("a"), absl::FromUnixMillis(1234));
  ASSERT_TRUE(change.Commit(&documents_).ok());
  EXPECT_EQ(ValueOf("tenants/a/deleted"), "1234 0");
  EXPECT_EQ(documents_.List("tenants/", "", 0)->size(), 1u);
}

TEST_F(TenantDocumentsTest, ReadsWhatWasWritten) {
  TenantsChange change = Change();
  change.PutDefinition("a", "{}");
  for (int i = 0; i < 300; ++i) change.PutKey("b", Key("k" + std::to_string(i)));
  ASSERT_TRUE(change.Commit(&documents_).ok());
  const auto stored = ReadTenants(&documents_);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->version, *ReadTenantsVersion(&documents_));
  EXPECT_EQ(stored->tenants.at("a").definition, "{}");
  EXPECT_EQ(stored->tenants.at("b").keys.size(), 300u) << "more than a page";
  EXPECT_TRUE(stored->unreadable.empty());
}

TEST_F(TenantDocumentsTest, TwoChangesAtATimeAreOne) {
  TenantsChange first = Change();
  TenantsChange second = Change();
  first.PutDefinition("a", "{}");
  second.PutDefinition("b", "{}");
  EXPECT_TRUE(first.Commit(&documents_).ok());
  EXPECT_TRUE(absl::IsAborted(second.Commit(&documents_)));
  EXPECT_FALSE(ReadTenants(&documents_)->tenants.contains("b"));
}

TEST_F(TenantDocumentsTest, NamesWhatItCannotRead) {
  for (const char* key : {"tenants/a/keys/k", "tenants/a/other", "tenants/a",
                          "tenants/a b/definition", "tenants/a/deleted"}) {
    ASSERT_TRUE(documents_.Commit({{key, "{", std::nullopt}}).ok());
  }
  const auto stored = ReadTenants(&documents_);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->unreadable.size(), 5u);
}

TEST_F(TenantDocumentsTest, RemovesATenantFromAllCollections) {
  const char* keys[] = {
      "catalogue/segment/1", "jobs/segment/1", "jobs/segment/2", "jobs/segments/1",
      "rules/segment/x",     "rules/other/x",  "single",         "tenants/segment/deleted",
      "zones/segment/a/b"};
  for (const char* key : keys) ASSERT_TRUE(documents_.Commit({{key, "x", std::nullopt}}).ok());
  ASSERT_TRUE(RemoveTenantDocuments(&documents_, "segment").ok());
  std::vector<std::string> left;
  const auto all = documents_.List("", "", 0);
  for (const auto& document : *all) left.push_back(document.key);
  EXPECT_EQ(left, (std::vector<std::string>{"catalogue/segment/1", "jobs/segments/1",
                                            "rules/other/x", "single", "tenants/segment/deleted"}));
}

}  // namespace
}  // namespace tidegate::control
