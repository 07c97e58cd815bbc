// The server's certificates, replaceable while it runs. Internal to the server.
#ifndef TIDEGATE_API_HTTP_TLS_CONTEXT_H_
#define TIDEGATE_API_HTTP_TLS_CONTEXT_H_

#include <openssl/ssl.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "api/http/server.h"

namespace tidegate::api {

// Thread safe. TLS 1.2 and newer, forward secrecy only. Each connection keeps what was current at
// its handshake: a rotation disturbs none, and a session of before is not resumed after.
class TlsContext {
 public:
  explicit TlsContext(HttpTlsOptions options) : options_(std::move(options)) {}

  // Reads the files again. NotFound and InvalidArgument as model::ReadTlsMaterial says; what was
  // current stays then.
  absl::Status Load();
  // nullptr before the first Load.
  std::shared_ptr<SSL_CTX> current() const;

 private:
  const HttpTlsOptions options_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<SSL_CTX> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_TLS_CONTEXT_H_
