#include "api/web/page_files.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "api/http/content_coding.h"

namespace tidegate::api {
namespace {

struct Type {
  std::string_view suffix;
  std::string_view name;
};

constexpr Type kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".json", "application/json"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
};

// `data:` images are the underlines that the editor draws below mistakes.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string_view TypeOf(std::string_view path) {
  for (const Type& type : kTypes) {
    if (path.ends_with(type.suffix)) return type.name;
  }
  return "application/octet-stream";
}

// Whether a list of entity tags names this one (RFC 9110 section 13.1.2: compared weakly).
bool Names(std::string_view tags, std::string_view hash) {
  return tags == "*" || tags.find(fmt::format("\"{}\"", hash)) != tags.npos;
}

// For the rare client that takes no gzip. Empty when memory is short.
std::string Unpacked(const EmbeddedFile& file) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string bytes(file.size, '\0');
  const bool done =
      decompressor != nullptr &&
      libdeflate_gzip_decompress(decompressor.get(), file.gzip.data(), file.gzip.size(),
                                 bytes.data(), bytes.size(), nullptr) == LIBDEFLATE_SUCCESS;
  return done ? bytes : std::string();
}

HttpResponse FileResponse(const EmbeddedFile& file, const Headers& headers) {
  HttpResponse response;
  response.content_type = TypeOf(file.path);
  response.headers.emplace_back("ETag", fmt::format("W/\"{}\"", file.hash));
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (Names(headers.Get("If-None-Match"), file.hash)) {
    response.status = 304;
    return response;
  }
  if (ChooseCoding(headers.Get("Accept-Encoding")) == ContentCoding::kGzip) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = Unpacked(file);
  }
  return response;
}

}  // namespace

HttpResponse PageFiles::Answer(std::string_view path, const Headers& headers) const {
  const bool asset = path.starts_with("assets/");
  const EmbeddedFile* file = Find(path);
  if (file == nullptr && !asset) file = Find("index.html");
  HttpResponse response = file == nullptr ? TextResponse(404, "the page has no such file")
                                          : FileResponse(*file, headers);
  response.headers.emplace_back("Cache-Control", asset && file != nullptr
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  AddSecurityFields(&response);
  return response;
}

const EmbeddedFile* PageFiles::Find(std::string_view path) const {
  const auto found = std::lower_bound(
      files_.begin(), files_.end(), path,
      [](const EmbeddedFile& file, std::string_view wanted) { return file.path < wanted; });
  return found == files_.end() || found->path != path ? nullptr : &*found;
}

void AddSecurityFields(HttpResponse* response) {
  response->headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
  response->headers.emplace_back("X-Content-Type-Options", "nosniff");
  // For browsers that do not know frame-ancestors.
  response->headers.emplace_back("X-Frame-Options", "DENY");
  response->headers.emplace_back("Referrer-Policy", "same-origin");
  response->headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response->headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace tidegate::api
