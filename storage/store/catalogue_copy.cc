#include "storage/store/catalogue_copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kVersion = 2;
constexpr uint8_t kVersionWithoutDeletions = 1;
constexpr size_t kLeastSegmentBytes = 9;
constexpr size_t kLeastProducerBytes = 2;
constexpr size_t kLeastDeletionBytes = 9;

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status Failed(const std::string& path) {
  const int error = errno;
  const std::string text = fmt::format("cannot write {}: {}", path, std::strerror(error));
  return error == ENOSPC ? absl::ResourceExhaustedError(text) : absl::UnavailableError(text);
}

}  // namespace

std::string EncodeCatalogueState(const CatalogueState& state) {
  std::string bytes;
  PutU8(kVersion, &bytes);
  PutVarint(state.commits, &bytes);
  PutVarint(state.next_number, &bytes);
  PutVarint(state.producers.size(), &bytes);
  for (const auto& [producer, position] : state.producers) {
    PutVarint(producer, &bytes);
    PutVarint(position.value, &bytes);
  }
  PutVarint(state.segments.size(), &bytes);
  for (const auto& [id, entry] : state.segments) PutBytes(EncodeSegmentEntry(entry), &bytes);
  PutVarint(state.deletions.size(), &bytes);
  for (const auto& [number, deletion] : state.deletions) {
    PutBytes(EncodeDeletion(deletion), &bytes);
  }
  PutFixed(static_cast<uint64_t>(XXH3_64bits(bytes.data(), bytes.size())), &bytes);
  return bytes;
}

absl::StatusOr<CatalogueState> DecodeCatalogueState(std::string_view bytes) {
  if (bytes.size() < 9) return absl::DataLossError("the copy of the catalogue is cut off");
  const std::string_view checked = bytes.substr(0, bytes.size() - 8);
  ByteReader checksum(bytes.substr(checked.size()));
  if (checksum.Fixed<uint64_t>() != XXH3_64bits(checked.data(), checked.size())) {
    return absl::DataLossError("the checksum of the copy of the catalogue does not match");
  }
  ByteReader in(checked);
  const uint8_t version = in.U8();
  if (version != kVersion && version != kVersionWithoutDeletions) {
    return absl::FailedPreconditionError(
        fmt::format("the copy of the catalogue has format version {}, this program reads {}",
                    version, kVersion));
  }
  CatalogueState state;
  state.commits = in.Varint();
  state.next_number = in.Varint();
  for (uint64_t left = in.Count(kLeastProducerBytes); left > 0; --left) {
    const uint64_t producer = in.Varint();
    state.producers[producer] = {in.Varint()};
  }
  for (uint64_t left = in.Count(kLeastSegmentBytes); left > 0; --left) {
    auto entry = DecodeSegmentEntry(in.Bytes());
    if (!entry.ok()) return entry.status();
    state.segments[entry->id] = *entry;
  }
  if (version != kVersionWithoutDeletions) {
    for (uint64_t left = in.Count(kLeastDeletionBytes); left > 0; --left) {
      auto deletion = DecodeDeletion(in.Bytes());
      if (!deletion.ok()) return deletion.status();
      state.deletions[deletion->number] = *deletion;
    }
  }
  if (!in.done()) return absl::DataLossError("the copy of the catalogue makes no sense");
  return state;
}

absl::Status WriteCatalogueCopy(const std::string& path, const CatalogueState& state) {
  const std::string bytes = EncodeCatalogueState(state);
  const std::string draft = path + ".new";
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return Failed(draft);
  const bool written = WriteAll(file, bytes) && fsync(file) == 0;
  const absl::Status status = written ? absl::OkStatus() : Failed(draft);
  close(file);
  if (!status.ok()) return status;
  if (rename(draft.c_str(), path.c_str()) != 0) return Failed(path);
  const std::string parent = std::filesystem::path(path).parent_path();
  const int folder = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return Failed(parent);
  const bool synced = fsync(folder) == 0;
  const absl::Status named = synced ? absl::OkStatus() : Failed(parent);
  close(folder);
  return named;
}

absl::StatusOr<CatalogueState> ReadCatalogueCopy(const std::string& path) {
  if (!std::filesystem::exists(path)) return absl::NotFoundError(path + " does not exist");
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return DecodeCatalogueState(bytes);
}

}  // namespace tidegate::storage
