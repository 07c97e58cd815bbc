// A plain TCP client for tests: says exactly the bytes it is told to, reads what comes back.
#ifndef TIDEGATE_API_TESTING_RAW_CLIENT_H_
#define TIDEGATE_API_TESTING_RAW_CLIENT_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace tidegate::api {

struct RawResponse {
  int status = 0;                              // 0: the connection ended before a complete answer.
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // Chunks are joined; not decompressed.
};

// Blocking; every call gives up after `patience`. Owned by one thread.
class RawClient {
 public:
  // "127.0.0.1:port"
  explicit RawClient(const std::string& address, absl::Duration patience = absl::Seconds(10));
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  // False when the peer does not take the bytes any more.
  bool Say(std::string_view bytes);
  // Closes the sending side, or everything. With reset, pending data is dropped on both sides.
  void HalfClose();
  void Close(bool reset = false);
  // One answer; keeps what came behind it. `head` for answers to HEAD requests.
  RawResponse Read(bool head = false);
  // True when the peer closes without saying anything more.
  bool ReadsEnd();
  // A whole request and its answer. A body gets its Content-Length.
  RawResponse Ask(std::string_view method, std::string_view target, std::string_view body = {},
                  std::string_view extra_headers = {});
  // Makes the kernel buffer little, so that a client that does not read stalls its peer soon.
  void ShrinkReceiveBuffer();

 private:
  bool Fill();
  bool FillUntil(size_t bytes);
  std::string ReadChunks();

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_RAW_CLIENT_H_
