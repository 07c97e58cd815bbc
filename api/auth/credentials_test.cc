#include "api/auth/credentials.h"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace tidegate::api {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

absl::StatusOr<std::optional<Credentials>> Read(const Fields& fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.Add(name, value);
  return ReadCredentials(headers);
}

TEST(CredentialsTest, EveryFormShowsTheSecret) {
  const Fields forms[] = {
      {{"X-Auth-Token", "s3cret"}},
      {{"x-tc-app-key", "s3cret"}},
      {{"X-Api-Key", "s3cret"}},
      {{"Authorization", "Bearer s3cret"}},
      {{"authorization", "bearer  s3cret"}},
      {{"Authorization", "Basic OnMzY3JldA=="}},
  };
  for (const Fields& form : forms) {
    const auto credentials = Read(form);
    ASSERT_TRUE(credentials.ok()) << form[0].first << ": " << credentials.status();
    ASSERT_TRUE(credentials->has_value()) << form[0].first;
    EXPECT_EQ((*credentials)->secret, "s3cret");
    EXPECT_EQ((*credentials)->user, "");
  }
}

TEST(CredentialsTest, BasicHasAUser) {
  const auto credentials = Read({{"Authorization", "Basic dGVhbS1hOmE6Yg=="}});  // team-a:a:b
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ((*credentials)->user, "team-a");
  EXPECT_EQ((*credentials)->secret, "a:b");
}

TEST(CredentialsTest, NoFieldIsNothing) {
  const auto credentials = Read({{"X-Scope-OrgID", "a"}});
  ASSERT_TRUE(credentials.ok());
  EXPECT_FALSE(credentials->has_value());
}

TEST(CredentialsTest, AFailedAttemptIsNotAnonymous) {
  const Fields attempts[] = {
      {{"X-Api-Key", ""}},
      {{"Authorization", ""}},
      {{"Authorization", "Digest abc"}},
      {{"Authorization", "Bearer"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", "Basic !!"}},
      {{"Authorization", "Basic bm9jb2xvbg=="}},
      {{"X-Api-Key", "one"}, {"X-Auth-Token", "two"}},
      {{"X-Api-Key", "one"}, {"Authorization", "Bearer two"}},
  };
  for (const Fields& attempt : attempts) {
    const auto credentials = Read(attempt);
    EXPECT_EQ(credentials.status().code(), absl::StatusCode::kUnauthenticated)
        << attempt[0].first << ": " << attempt[0].second;
  }
}

TEST(CredentialsTest, TheSameKeyTwiceIsOneKey) {
  const auto credentials = Read({{"X-Api-Key", "k"}, {"Authorization", "Bearer k"}});
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ((*credentials)->secret, "k");
}

}  // namespace
}  // namespace tidegate::api
