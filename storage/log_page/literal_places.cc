#include "storage/log_page/literal_places.h"

#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

constexpr size_t kMostPlaces = 64;
constexpr size_t kMostSteps = 20'000;

class Finder {
 public:
  Finder(const LineTemplate& lines, std::string_view literal, std::vector<LiteralPlace>* places)
      : lines_(lines), literal_(literal), places_(*places) {}

  bool Find() {
    uint32_t variable = 0;
    for (size_t at = 0; at < lines_.text.size() && within_; ++at) {
      if (IsMark(lines_.text[at])) {
        StartInside(at, variable++);
      } else if (lines_.text[at] == literal_[0]) {
        GoOn(at, variable, 0);
      }
    }
    return within_;
  }

 private:
  // The literal begins with the end of a variable, or is part of it.
  void StartInside(size_t at, uint32_t variable) {
    const VariableShape& shape = lines_.variables[variable];
    if (FitsInto(shape, literal_) && MayBe(shape, PieceKind::kHolds, literal_)) {
      pieces_.push_back({variable, PieceKind::kHolds, literal_});
      Add();
      pieces_.pop_back();
    }
    for (size_t size = 1; size < literal_.size(); ++size) {
      const std::string_view piece = literal_.substr(0, size);
      if (!FitsInto(shape, piece)) return;
      if (!MayBe(shape, PieceKind::kEnds, piece)) continue;
      pieces_.push_back({variable, PieceKind::kEnds, piece});
      GoOn(at + 1, variable + 1, size);
      pieces_.pop_back();
    }
  }

  // The literal from `done` on begins at the template's byte `at`.
  void GoOn(size_t at, uint32_t variable, size_t done) {
    for (; within_; ++at, ++done) {
      if (++steps_ > kMostSteps) within_ = false;
      if (done == literal_.size()) return Add();
      if (at == lines_.text.size()) return;
      if (IsMark(lines_.text[at])) return Pass(at, variable, done);
      if (lines_.text[at] != literal_[done]) return;
    }
  }

  void Pass(size_t at, uint32_t variable, size_t done) {
    const std::string_view rest = literal_.substr(done);
    for (size_t size = 1; size <= rest.size() && within_; ++size) {
      const std::string_view piece = rest.substr(0, size);
      const VariableShape& shape = lines_.variables[variable];
      if (!FitsInto(shape, piece)) return;
      const bool last = size == rest.size();
      const PieceKind kind = last ? PieceKind::kBegins : PieceKind::kEquals;
      if (!MayBe(shape, kind, piece)) continue;
      pieces_.push_back({variable, kind, piece});
      if (last) {
        Add();
      } else {
        GoOn(at + 1, variable + 1, done + size);
      }
      pieces_.pop_back();
    }
  }

  void Add() {
    places_.push_back(pieces_);
    if (places_.size() > kMostPlaces) within_ = false;
  }

  const LineTemplate& lines_;
  const std::string_view literal_;
  std::vector<LiteralPlace>& places_;
  LiteralPlace pieces_;
  size_t steps_ = 0;
  bool within_ = true;
};

}  // namespace

bool FindLiteralPlaces(const LineTemplate& lines, std::string_view literal,
                       std::vector<LiteralPlace>* places) {
  return Finder(lines, literal, places).Find();
}

}  // namespace tidegate::storage
