// Answers for the page's files, from memory.
#ifndef TIDEGATE_API_WEB_PAGE_FILES_H_
#define TIDEGATE_API_WEB_PAGE_FILES_H_

#include <span>
#include <string_view>

#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "api/web/embedded_files.h"

namespace tidegate::api {

// The page's address below which its files and its own addresses are.
inline constexpr std::string_view kPagePrefix = "/ui/";

// Immutable and thread safe; holds views of the files.
class PageFiles {
 public:
  explicit PageFiles(std::span<const EmbeddedFile> files) : files_(files) {}

  // Whether there is a page at all.
  bool empty() const { return Find("index.html") == nullptr; }

  // The answer to a GET of what is behind kPagePrefix. Files in assets/ have their content's hash
  // in their name: they may be kept for ever, and one that is not there is 404. Every other path is
  // a place in the page, which finds out itself whether it exists: index.html, to be asked for
  // again each time (304 when it is the same). Bytes go out as they are stored, compressed, where
  // the client takes gzip. Every answer has the page's security fields.
  HttpResponse Answer(std::string_view path, const Headers& headers) const;

 private:
  const EmbeddedFile* Find(std::string_view path) const;

  const std::span<const EmbeddedFile> files_;
};

// Adds what keeps a browser from running, loading, framing or telling anything but this server's
// own files: Content-Security-Policy and its relatives.
void AddSecurityFields(HttpResponse* response);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WEB_PAGE_FILES_H_
