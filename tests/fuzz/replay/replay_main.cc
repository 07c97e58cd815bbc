// Runs a fuzz target over its seed files and over mutations of them, without libFuzzer, so that
// the daily gcc build exercises it too. The mutations are the same on every run and machine: a
// failure that appears here appears again.

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutations = 4000;           // a second or two for a typical decoder
constexpr size_t kMaxSeedBytes = 1 << 16;  // a larger seed is replayed but not mutated

using Bytes = std::vector<uint8_t>;

// A copy in a block of exactly this size, so that ASan sees every read beyond the end.
void Run(const Bytes& input) {
  const Bytes exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

// std::mt19937 is specified to the bit by the standard; the distributions are not, hence the %.
class Mutator {
 public:
  explicit Mutator(const std::vector<Bytes>& seeds) : seeds_(seeds) {}

  Bytes Next() {
    Bytes bytes = seeds_[Below(seeds_.size())];
    for (size_t rounds = 1 + Below(4); rounds > 0; --rounds) MutateOnce(bytes);
    return bytes;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void MutateOnce(Bytes& bytes) {
    // Edges that length and varint decoders trip over, beside random bytes.
    static constexpr uint8_t kEdges[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    const size_t at = Below(bytes.size() + 1);
    switch (Below(6)) {
      case 0:
        if (at < bytes.size()) bytes[at] ^= static_cast<uint8_t>(1u << Below(8));
        return;
      case 1:
        if (at < bytes.size()) bytes[at] = kEdges[Below(std::size(kEdges))];
        return;
      case 2:
        bytes.resize(at);
        return;
      case 3:
        bytes.insert(bytes.begin() + at, 1 + Below(16), static_cast<uint8_t>(random_()));
        return;
      case 4:
        bytes.erase(bytes.begin() + at, bytes.begin() + at + Below(bytes.size() - at + 1));
        return;
      default:
        Splice(bytes, at);
        return;
    }
  }

  // Replaces the tail with the tail of another seed.
  void Splice(Bytes& bytes, size_t at) {
    const Bytes& other = seeds_[Below(seeds_.size())];
    bytes.resize(at);
    bytes.insert(bytes.end(), other.begin() + Below(other.size() + 1), other.end());
  }

  const std::vector<Bytes>& seeds_;
  std::mt19937 random_;  // default seed on purpose
};

bool ReadSeeds(int argc, char** argv, std::vector<Bytes>& seeds) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "cannot read seed %s\n", argv[i]);
      return false;
    }
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return !seeds.empty();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Bytes> seeds;
  if (!ReadSeeds(argc, argv, seeds)) {
    std::fprintf(stderr, "usage: %s SEED_FILE...\n", argv[0]);
    return 2;
  }
  for (const Bytes& seed : seeds) Run(seed);
  Run({});
  std::erase_if(seeds, [](const Bytes& seed) { return seed.size() > kMaxSeedBytes; });
  if (seeds.empty()) return 0;
  Mutator mutator(seeds);
  for (int i = 0; i < kMutations; ++i) Run(mutator.Next());
  std::printf("%zu seeds and %d mutations replayed\n", seeds.size(), kMutations);
  return 0;
}
