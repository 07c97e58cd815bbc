#include "model/config/http_client_config.h"

#include <gtest/gtest.h>

namespace tidegate::model {
namespace {

std::string Shown(const std::string& yaml) { return YAML::Dump(WithoutSecrets(YAML::Load(yaml))); }

TEST(WithoutSecretsTest, HidesEveryKindOfSecret) {
  EXPECT_EQ(Shown("{basic_auth: {username: u, password: p}, bearer_token: t}"),
            YAML::Dump(YAML::Load("basic_auth:\n  username: u\n  password: <secret>\n"
                                  "bearer_token: <secret>")));
  EXPECT_EQ(Shown("{authorization: {type: Bearer, credentials: c, credentials_file: f}}"),
            YAML::Dump(YAML::Load("authorization:\n  type: Bearer\n  credentials: <secret>\n"
                                  "  credentials_file: f")));
  const std::string shown =
      Shown("{tls_config: {cert: c, key: k}, http_headers: {X: {values: [a], secrets: [b, c]}}}");
  EXPECT_EQ(shown.find(": k"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("- b"), std::string::npos) << shown;
  EXPECT_NE(shown.find("- a"), std::string::npos) << shown;
  EXPECT_EQ(Shown("[http://u:p@h:1/x]"), "- http://u:<secret>@h:1/x");
}

TEST(WithoutPasswordTest, LeavesTheRest) {
  EXPECT_EQ(WithoutPassword("http://u:p@h:1/x@y"), "http://u:<secret>@h:1/x@y");
  EXPECT_EQ(WithoutPassword("http://u:p@q@h"), "http://u:<secret>@h");
  for (const char* url : {"http://h:1/x", "http://u@h", "h:1", "http://h/a:b@c", "https://"}) {
    EXPECT_EQ(WithoutPassword(url), url);
  }
}

TEST(TlsMistakeTest, NamesWhatDoesNotFit) {
  TlsConfig tls;
  EXPECT_EQ(TlsMistake(tls), "");
  tls.cert = "c";
  EXPECT_EQ(TlsMistake(tls), "tls_config: a certificate and its key go together");
  tls.key_file = "k";
  EXPECT_EQ(TlsMistake(tls), "");
  tls.key = "k";
  EXPECT_EQ(TlsMistake(tls), "tls_config: at most one of a text and a file may be there");
}

}  // namespace
}  // namespace tidegate::model
