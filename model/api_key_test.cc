#include "model/api_key.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidegate::model {
namespace {

TEST(KeyDigestTest, IsSha256) {
  // FIPS 180-4, example "abc".
  EXPECT_EQ(ToHex(DigestOf("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(KeyDigestTest, ReadsWhatItWrites) {
  const KeyDigest digest = DigestOf("secret");
  EXPECT_EQ(ParseKeyDigest(ToHex(digest)).value(), digest);
  EXPECT_TRUE(EqualInConstantTime(digest, DigestOf("secret")));
  EXPECT_FALSE(EqualInConstantTime(digest, DigestOf("Secret")));
}

TEST(KeyDigestTest, RefusesOtherTexts) {
  const std::string hex = ToHex(DigestOf("x"));
  EXPECT_FALSE(ParseKeyDigest("").ok());
  EXPECT_FALSE(ParseKeyDigest(hex.substr(1)).ok());
  EXPECT_FALSE(ParseKeyDigest(hex + "0").ok());
  EXPECT_FALSE(ParseKeyDigest("g" + hex.substr(1)).ok());
}

TEST(NewSecretTest, IsLongPrintableAndNeverTheSame) {
  std::set<std::string> secrets;
  for (int i = 0; i < 100; ++i) secrets.insert(NewSecret().value());
  EXPECT_EQ(secrets.size(), 100u);
  for (const std::string& secret : secrets) {
    EXPECT_EQ(secret.size(), 46u);
    EXPECT_EQ(secret.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_"),
              secret.npos)
        << secret;
  }
}

TEST(PermissionTest, NamesAreReadBack) {
  for (Permission permission : {Permission::kRead, Permission::kWrite, Permission::kAdmin}) {
    EXPECT_EQ(ParsePermission(PermissionName(permission)).value(), permission);
  }
  EXPECT_FALSE(ParsePermission("root").ok());
}

TEST(PermissionTest, NoneIncludesAnother) {
  PermissionSet set;
  set.Add(Permission::kAdmin);
  EXPECT_TRUE(set.Has(Permission::kAdmin));
  EXPECT_FALSE(set.Has(Permission::kRead));
  EXPECT_FALSE(set.Has(Permission::kWrite));
}

TEST(ApiKeyTest, IsBoundToItsAddresses) {
  ApiKey key;
  const IpAddress inside = IpAddress::Parse("10.1.2.3").value();
  const IpAddress outside = IpAddress::Parse("203.0.113.1").value();
  EXPECT_TRUE(key.AllowsAddress(outside));
  key.allow_ips.push_back(IpRange::Parse("192.0.2.0/24").value());
  key.allow_ips.push_back(IpRange::Parse("10.0.0.0/8").value());
  EXPECT_TRUE(key.AllowsAddress(inside));
  EXPECT_FALSE(key.AllowsAddress(outside));
}

}  // namespace
}  // namespace tidegate::model
