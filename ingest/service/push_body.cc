#include "ingest/service/push_body.h"

#include <snappy.h>

#include <cstdint>
#include <cstring>

#include "model/labels.h"

namespace tidegate::ingest {
namespace {

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendField(char tag, std::string_view content, std::string* out) {
  out->push_back(tag);
  AppendVarint(content.size(), out);
  out->append(content);
}

}  // namespace

PushBody& PushBody::Series(const Pairs& labels, const Samples& samples) {
  std::string series;
  for (const auto& [name, value] : labels) model::AppendLabelBytes(name, value, &series);
  for (const auto& [timestamp, value] : samples) {
    std::string sample(9, '\x09');
    std::memcpy(sample.data() + 1, &value, sizeof(value));
    sample.push_back('\x10');
    AppendVarint(static_cast<uint64_t>(timestamp), &sample);
    AppendField('\x12', sample, &series);
  }
  AppendField('\x0a', series, &message_);
  return *this;
}

PushBody& PushBody::Metadata(std::string_view family, std::string_view help) {
  std::string metadata;
  AppendField('\x12', family, &metadata);
  AppendField('\x22', help, &metadata);
  AppendField('\x1a', metadata, &message_);
  return *this;
}

PushBody& PushBody::Bytes(std::string_view bytes) {
  message_.append(bytes);
  return *this;
}

std::string PushBody::Compressed() const {
  std::string block;
  snappy::Compress(message_.data(), message_.size(), &block);
  return block;
}

}  // namespace tidegate::ingest
