#include "proto/grpc/rpc_status.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::rpc {
namespace {

constexpr absl::StatusCode kErrors[] = {
    absl::StatusCode::kCancelled,          absl::StatusCode::kUnknown,
    absl::StatusCode::kInvalidArgument,    absl::StatusCode::kDeadlineExceeded,
    absl::StatusCode::kNotFound,           absl::StatusCode::kAlreadyExists,
    absl::StatusCode::kPermissionDenied,   absl::StatusCode::kResourceExhausted,
    absl::StatusCode::kFailedPrecondition, absl::StatusCode::kAborted,
    absl::StatusCode::kOutOfRange,         absl::StatusCode::kUnimplemented,
    absl::StatusCode::kInternal,           absl::StatusCode::kUnavailable,
    absl::StatusCode::kDataLoss,           absl::StatusCode::kUnauthenticated};

TEST(RpcStatusTest, EveryCodeAndTextComesBack) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  for (const absl::StatusCode code : kErrors) {
    const absl::Status status(code, "what went wrong");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
}

// The names, not only the numbers, are the same.
TEST(RpcStatusTest, CodesMeanTheSame) {
  EXPECT_EQ(ToGrpc(absl::UnavailableError("")).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ToGrpc(absl::InvalidArgumentError("")).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ToGrpc(absl::ResourceExhaustedError("")).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpc(absl::DataLossError("")).error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(ToGrpc(absl::DeadlineExceededError("")).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(ToGrpc(absl::CancelledError("")).error_code(), grpc::StatusCode::CANCELLED);
}

TEST(RpcStatusTest, ACodeThatIsNoneIsUnknown) {
  for (const int code : {-1, 17, 31}) {
    const absl::Status status = FromGrpc({static_cast<grpc::StatusCode>(code), "odd"});
    EXPECT_EQ(status, absl::UnknownError("odd")) << code;
    EXPECT_EQ(status.raw_code(), static_cast<int>(absl::StatusCode::kUnknown));
  }
}

TEST(RpcStatusTest, ALongTextIsCutBetweenCharacters) {
  const std::string fits(kMaxStatusTextBytes, 'x');
  EXPECT_EQ(ToGrpc(absl::InternalError(fits)).error_message(), fits);
  std::string text(kMaxStatusTextBytes - 1, 'x');
  const std::string whole = text;
  text += "é and more";
  EXPECT_EQ(ToGrpc(absl::InternalError(text)).error_message(), whole);
}

// A text of nothing but continuation bytes has no place to be cut, and must not hang the cutting.
TEST(RpcStatusTest, BytesThatAreNoTextAreCutToo) {
  const std::string bytes(3 * kMaxStatusTextBytes, '\x80');
  EXPECT_LE(ToGrpc(absl::InternalError(bytes)).error_message().size(), kMaxStatusTextBytes);
}

TEST(RpcStatusTest, UnavailableNamesThePeer) {
  EXPECT_EQ(FromPeer("store", {grpc::StatusCode::UNAVAILABLE, "connection refused"}),
            absl::UnavailableError("store: connection refused"));
  EXPECT_TRUE(FromPeer("store", grpc::Status::OK).ok());
}

TEST(RpcStatusTest, OtherCodesOfAPeerAreLeftAlone) {
  for (const absl::StatusCode code : kErrors) {
    if (code == absl::StatusCode::kUnavailable) continue;
    const absl::Status status(code, "text");
    EXPECT_EQ(FromPeer("store", ToGrpc(status)), status);
  }
}

TEST(RpcStatusTest, APeerWithoutAFreeThreadIsUnavailable) {
  EXPECT_EQ(
      FromPeer("store", {grpc::StatusCode::RESOURCE_EXHAUSTED, "Server Threadpool Exhausted"}),
      absl::UnavailableError("store: Server Threadpool Exhausted"));
}

}  // namespace
}  // namespace tidegate::rpc
