#include "control/outbound/outbound_policy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "model/config/config_tenant_registry.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kWithKeys = R"(
tenants:
  - name: a
    keys: [{id: k, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b,
            permissions: [read]}]
    outbound_allow: [127.0.0.0/8, 192.0.2.0/24]
  - name: b
)";

class OutboundPolicyTest : public testing::Test {
 protected:
  static OutboundPolicyOptions Options() {
    OutboundPolicyOptions options;
    options.own_ports = {9009};
    options.own_addresses = [] {
      return std::vector<model::IpAddress>{*model::IpAddress::Parse("192.0.2.7")};
    };
    return options;
  }
  absl::Status CheckV4(std::string_view tenant, const char* address, uint16_t port) {
    sockaddr_in socket{};
    socket.sin_family = AF_INET;
    socket.sin_port = htons(port);
    inet_pton(AF_INET, address, &socket.sin_addr);
    return policy_.Check(tenant, reinterpret_cast<const sockaddr*>(&socket), sizeof(socket));
  }
  absl::Status CheckV6(std::string_view tenant, const char* address, uint16_t port) {
    sockaddr_in6 socket{};
    socket.sin6_family = AF_INET6;
    socket.sin6_port = htons(port);
    inet_pton(AF_INET6, address, &socket.sin6_addr);
    return policy_.Check(tenant, reinterpret_cast<const sockaddr*>(&socket), sizeof(socket));
  }

  model::ConfigTenantRegistry registry_{*model::ParseConfig(kWithKeys)};
  OutboundPolicy policy_{&registry_, Options()};
};

TEST_F(OutboundPolicyTest, EachTenantHasItsOwnRules) {
  EXPECT_TRUE(CheckV4("a", "127.0.0.1", 9100).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV4("b", "127.0.0.1", 9100)));
  EXPECT_TRUE(CheckV4("b", "198.51.100.1", 80).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV4("a", "198.51.100.1", 80)));
}

TEST_F(OutboundPolicyTest, ReadsIpv6) {
  EXPECT_TRUE(CheckV6("b", "2001:db8::1", 80).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV6("b", "::1", 80)));
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV6("b", "::ffff:127.0.0.1", 80)));
  EXPECT_TRUE(CheckV6("a", "::ffff:127.0.0.1", 80).ok());
}

TEST_F(OutboundPolicyTest, OwnPortsOnOwnAddressesOnly) {
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV4("a", "192.0.2.7", 9009)));
  EXPECT_TRUE(CheckV4("a", "192.0.2.7", 9100).ok());
  EXPECT_TRUE(CheckV4("a", "192.0.2.8", 9009).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckV4("a", "127.0.0.5", 9009)));
}

TEST_F(OutboundPolicyTest, AReloadHoldsForTheNextQuestion) {
  registry_.Replace(model::ConfigFile());
  EXPECT_TRUE(CheckV4("default", "127.0.0.1", 9009).ok()) << "authentication is off now";
  EXPECT_EQ(CheckV4("a", "192.0.2.1", 80).message(), "tenant a does not exist");
}

TEST_F(OutboundPolicyTest, RefusesOtherSockets) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_TRUE(absl::IsPermissionDenied(
      policy_.Check("b", reinterpret_cast<const sockaddr*>(&local), sizeof(local))));
  sockaddr_in cut{};
  cut.sin_family = AF_INET;
  EXPECT_TRUE(
      absl::IsPermissionDenied(policy_.Check("b", reinterpret_cast<const sockaddr*>(&cut), 4)));
  EXPECT_TRUE(absl::IsPermissionDenied(policy_.Check("b", nullptr, 0)));
}

TEST(InterfaceAddressesTest, HasTheLoopback) {
  const auto addresses = InterfaceAddresses();
  EXPECT_NE(std::find(addresses.begin(), addresses.end(), *model::IpAddress::Parse("127.0.0.1")),
            addresses.end());
}

}  // namespace
}  // namespace tidegate::control
