// Where the certificates of an endpoint lie, and their content.
#ifndef TIDEGATE_MODEL_TLS_FILES_H_
#define TIDEGATE_MODEL_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"

namespace tidegate::model {

// PEM files. Without a certificate an endpoint does not speak TLS.
struct TlsFiles {
  std::string cert_file;  // The certificate, and those between it and its authority.
  std::string key_file;   // Its private key, without a passphrase.
  std::string ca_file;    // Authorities of peers. Empty = peers are not asked for a certificate.

  bool enabled() const { return !cert_file.empty() || !key_file.empty() || !ca_file.empty(); }
};

// What the files hold, as it is; it has been checked.
struct TlsMaterial {
  std::string cert_pem;
  std::string key_pem;
  std::string ca_pem;  // Empty without a ca_file.
};

// Reads and checks all of them together, so that a rotation which is half done is noticed and what
// was in force can stay. NotFound names a file that cannot be read; InvalidArgument says that one
// is missing from the options, holds no PEM of its kind, or that key and certificate are not a
// pair. Dates are not judged: that is the peer's. Never repeats what a file holds.
absl::StatusOr<TlsMaterial> ReadTlsMaterial(const TlsFiles& files);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_TLS_FILES_H_
