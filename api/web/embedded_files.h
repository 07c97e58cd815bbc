// The files of the page, as they were when this binary was built.
#ifndef TIDEGATE_API_WEB_EMBEDDED_FILES_H_
#define TIDEGATE_API_WEB_EMBEDDED_FILES_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace tidegate::api {

struct EmbeddedFile {
  std::string_view path;  // "index.html", "assets/index-B8YeSOHO.js".
  std::string_view gzip;  // The whole file (RFC 1952).
  size_t size = 0;        // Of the file, uncompressed.
  std::string_view hash;  // 32 hexadecimal digits; other bytes have another one.
};

// Ascending by path. None in a binary that was built without the page. Defined in a source that
// embed_files.py writes.
std::span<const EmbeddedFile> EmbeddedFiles();

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WEB_EMBEDDED_FILES_H_
