#include "control/outbound/route_decision.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace tidegate::control {
namespace {

std::vector<model::IpRange> Ranges(std::initializer_list<std::string_view> texts) {
  std::vector<model::IpRange> ranges;
  for (std::string_view text : texts) ranges.push_back(*model::IpRange::Parse(text));
  return ranges;
}

class RouteDecisionTest : public testing::Test {
 protected:
  absl::Status Decide(std::string_view address, bool own_port = false) {
    return DecideRoute(rules_, strict_, {*model::IpAddress::Parse(address), own_port});
  }
  bool Reaches(std::string_view address, bool own_port = false) {
    const absl::Status status = Decide(address, own_port);
    EXPECT_TRUE(status.ok() || absl::IsPermissionDenied(status)) << status;
    return status.ok();
  }

  model::OutboundRules rules_;
  bool strict_ = true;
};

TEST_F(RouteDecisionTest, WithoutAuthenticationEverythingIsReached) {
  strict_ = false;
  for (std::string_view address : {"127.0.0.1", "::1", "169.254.169.254", "192.0.2.1"}) {
    EXPECT_TRUE(Reaches(address)) << address;
    EXPECT_TRUE(Reaches(address, /*own_port=*/true)) << address;
  }
}

TEST_F(RouteDecisionTest, WithAuthenticationTheMachineItselfIsNot) {
  for (std::string_view address :
       {"127.0.0.1", "127.255.0.9", "::1", "::", "0.0.0.0", "0.1.2.3", "169.254.0.1",
        "169.254.169.254", "fe80::1", "febf::1", "fd00:ec2::254", "224.0.0.1", "ff02::1",
        "255.255.255.255", "100.100.100.200", "168.63.129.16"}) {
    EXPECT_FALSE(Reaches(address)) << address;
  }
  for (std::string_view address : {"10.0.0.1", "192.0.2.1", "2001:db8::1", "fd00::1", "8.8.8.8"}) {
    EXPECT_TRUE(Reaches(address)) << address;
    EXPECT_FALSE(Reaches(address, /*own_port=*/true)) << address;
  }
}

TEST_F(RouteDecisionTest, Ipv6DoesNotHideAnIpv4Address) {
  for (std::string_view address :
       {"::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::169.254.169.254",
        "2002:7f00:1::", "2002:a9fe:a9fe::1"}) {
    EXPECT_FALSE(Reaches(address)) << address;
  }
  EXPECT_TRUE(Reaches("64:ff9b::192.0.2.1"));
  rules_.deny = Ranges({"192.0.2.0/24"});
  EXPECT_FALSE(Reaches("64:ff9b::192.0.2.1"));
  EXPECT_FALSE(Reaches("::ffff:192.0.2.1"));
}

TEST_F(RouteDecisionTest, AnAllowListClosesTheRest) {
  rules_.allow = Ranges({"10.0.0.0/8"});
  EXPECT_TRUE(Reaches("10.1.2.3"));
  EXPECT_FALSE(Reaches("192.0.2.1"));
  EXPECT_FALSE(Reaches("2001:db8::1"));
  strict_ = false;
  EXPECT_FALSE(Reaches("127.0.0.1"));
}

TEST_F(RouteDecisionTest, TheLongestPrefixDecides) {
  rules_.allow = Ranges({"10.0.0.0/8", "10.1.2.0/24"});
  rules_.deny = Ranges({"10.1.0.0/16"});
  EXPECT_TRUE(Reaches("10.2.0.1"));
  EXPECT_FALSE(Reaches("10.1.0.1"));
  EXPECT_TRUE(Reaches("10.1.2.3"));
  rules_.deny = Ranges({"10.1.2.0/24"});
  EXPECT_FALSE(Reaches("10.1.2.3")) << "deny wins at a tie";
}

TEST_F(RouteDecisionTest, AWideRangeOpensNothingThatIsReserved) {
  rules_.allow = Ranges({"0.0.0.0/0", "::/0"});
  for (std::string_view address : {"127.0.0.1", "::1", "169.254.169.254", "fe80::1"}) {
    EXPECT_FALSE(Reaches(address)) << address;
  }
  EXPECT_TRUE(Reaches("192.0.2.1"));
  rules_.allow = Ranges({"127.0.0.0/8", "169.254.0.0/16", "::1"});
  EXPECT_TRUE(Reaches("127.0.0.1"));
  EXPECT_TRUE(Reaches("::1"));
  EXPECT_TRUE(Reaches("169.254.1.1"));
  EXPECT_FALSE(Reaches("169.254.169.254")) << "a metadata service needs its own address";
}

TEST_F(RouteDecisionTest, OwnPortsNeedTheirOwnAddress) {
  rules_.allow = Ranges({"127.0.0.0/8", "10.0.0.0/8"});
  EXPECT_FALSE(Reaches("127.0.0.1", /*own_port=*/true));
  EXPECT_FALSE(Reaches("10.0.0.5", /*own_port=*/true));
  rules_.allow = Ranges({"127.0.0.1"});
  EXPECT_TRUE(Reaches("127.0.0.1", /*own_port=*/true));
  EXPECT_FALSE(Reaches("127.0.0.2", /*own_port=*/true));
}

TEST_F(RouteDecisionTest, SaysWhatDecided) {
  EXPECT_EQ(Decide("127.0.0.1").message(),
            "outgoing requests may not reach 127.0.0.1: 127.0.0.0/8 is denied by default");
  EXPECT_EQ(Decide("192.0.2.1", true).message(),
            "outgoing requests may not reach 192.0.2.1: it is a port of this server");
  rules_.deny = Ranges({"192.0.2.0/24"});
  EXPECT_EQ(Decide("192.0.2.1").message(),
            "outgoing requests may not reach 192.0.2.1: 192.0.2.0/24 is in outbound_deny");
  rules_.allow = Ranges({"10.0.0.0/8"});
  EXPECT_EQ(Decide("8.8.8.8").message(),
            "outgoing requests may not reach 8.8.8.8: it is not in outbound_allow");
}

}  // namespace
}  // namespace tidegate::control
