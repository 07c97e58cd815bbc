#include <bit>
#include <cstdint>
#include <utility>

#include "ingest/decode/otlp/otlp_wire.h"
#include "ingest/decode/otlp_metrics/otlp_metrics.h"

namespace tidegate::ingest {
namespace {

using Kind = OtlpMetric::Kind;

class Decoder {
 public:
  Decoder(std::string_view message, const OtlpMetricContext& context, DecodedPush* push)
      : wire_(message), series_(context, push) {}

  absl::Status Run();

 private:
  bool ReadResourceMetrics(WireCursor message);
  bool ReadScopeMetrics(WireCursor message);
  bool ReadMetric(WireCursor message);
  // Finds name and kind; `data` becomes the message with the points.
  bool Describe(WireCursor message, OtlpMetric* metric, WireCursor* data);
  bool ReadPoint(WireCursor message, Kind kind);
  bool ReadNumberField(WireCursor& in, uint32_t tag, OtlpPoint* point);
  bool ReadHistogramField(WireCursor& in, uint32_t tag, OtlpPoint* point);
  bool ReadExponentialField(WireCursor& in, uint32_t tag, OtlpPoint* point);
  bool ReadSummaryField(WireCursor& in, uint32_t tag, OtlpPoint* point);
  bool ReadExemplar(WireCursor& in, OtlpPoint* point);
  bool ReadBuckets(WireCursor& in, OtlpBuckets* buckets);

  OtlpWire wire_;
  OtlpMetricSeries series_;
};

// The type of the points, by the field that holds them.
Kind KindOf(uint32_t tag) {
  switch (tag) {
    case WireBytes(5):
      return Kind::kGauge;
    case WireBytes(7):
      return Kind::kSum;
    case WireBytes(9):
      return Kind::kHistogram;
    case WireBytes(10):
      return Kind::kExponential;
    case WireBytes(11):
      return Kind::kSummary;
    default:
      return Kind::kNone;
  }
}

// Numbers come packed or one by one.
template <typename ReadOne>
bool ReadPacked(WireCursor& in, ReadOne read_one) {
  WireCursor packed = in;
  if (!in.ReadMessage(&packed)) return false;
  while (!packed.done()) {
    if (!read_one(packed)) return false;
  }
  return true;
}

bool ReadSint32(WireCursor& in, int32_t* value) {
  uint64_t number = 0;
  if (!in.ReadVarint(&number)) return false;
  *value = static_cast<int32_t>(ZigZagDecode(static_cast<uint32_t>(number)));
  return true;
}

bool ReadInteger(WireCursor& in, double* value) {
  uint64_t bits = 0;
  if (!in.ReadFixed64(&bits)) return false;
  *value = static_cast<double>(static_cast<int64_t>(bits));
  return true;
}

bool ReadSum(WireCursor& in, OtlpPoint* point) { return in.ReadDouble(&point->sum.emplace()); }

bool ReadQuantile(WireCursor& in, OtlpPoint* point) {
  WireCursor message = in;
  if (!in.ReadMessage(&message)) return false;
  auto& [quantile, value] = point->quantiles.emplace_back();
  return ForEachField(message, [&, q = &quantile, v = &value](WireCursor& field, uint32_t tag) {
    if (tag == WireFixed64(1)) return field.ReadDouble(q);
    if (tag == WireFixed64(2)) return field.ReadDouble(v);
    return field.SkipField(tag);
  });
}

absl::Status Decoder::Run() {
  const bool ok = ForEachField(wire_.request(), [this](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && ReadResourceMetrics(inner);
  });
  if (!series_.status().ok()) return series_.status();
  return ok ? absl::OkStatus() : wire_.Failure();
}

bool Decoder::ReadResourceMetrics(WireCursor message) {
  std::vector<OtlpAttribute> attributes;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor resource = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&resource) && ForEachField(resource, [&](WireCursor& field, uint32_t t) {
             return t == WireBytes(1) ? wire_.ReadAttribute(field, 0, &attributes)
                                      : field.SkipField(t);
           });
  });
  if (!found) return false;
  series_.BeginResource(attributes);
  const bool read = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor scope = in;
    if (tag != WireBytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&scope) && ReadScopeMetrics(scope);
  });
  if (read) series_.EndResource();
  return read;
}

bool Decoder::ReadScopeMetrics(WireCursor message) {
  OtlpScope scope;
  std::string_view schema_url;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag == WireBytes(3)) return in.ReadBytes(&schema_url);
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && wire_.ReadScope(inner, &scope);
  });
  if (!found) return false;
  series_.BeginScope(scope, schema_url);
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor metric = in;
    if (tag != WireBytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&metric) && ReadMetric(metric);
  });
}

bool Decoder::Describe(WireCursor message, OtlpMetric* metric, WireCursor* data) {
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag == WireBytes(1)) return in.ReadBytes(&metric->name);
    if (tag == WireBytes(2)) return in.ReadBytes(&metric->description);
    if (tag == WireBytes(3)) return in.ReadBytes(&metric->unit);
    const Kind kind = KindOf(tag);
    if (kind == Kind::kNone) return in.SkipField(tag);
    metric->kind = kind;
    return in.ReadMessage(data);
  });
  if (!found || metric->kind == Kind::kNone || metric->kind == Kind::kGauge) return found;
  return ForEachField(*data, [&](WireCursor& in, uint32_t tag) {
    uint64_t number = 0;
    if (tag != WireVarint(2) && tag != WireVarint(3)) return in.SkipField(tag);
    if (!in.ReadVarint(&number)) return false;
    if (tag == WireVarint(3)) {
      metric->monotonic = number != 0;
    } else {
      metric->temporality = static_cast<OtlpTemporality>(number > 2 ? 0 : number);
    }
    return true;
  });
}

bool Decoder::ReadMetric(WireCursor message) {
  OtlpMetric metric;
  WireCursor data = message;
  if (!wire_.Charge(sizeof(model::MetricMetadata) / 8) || !Describe(message, &metric, &data)) {
    return false;
  }
  series_.BeginMetric(metric);
  if (metric.kind == Kind::kNone) return true;
  return ForEachField(data, [&](WireCursor& in, uint32_t tag) {
    WireCursor point = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&point) && ReadPoint(point, metric.kind);
  });
}

bool Decoder::ReadPoint(WireCursor message, Kind kind) {
  if (!wire_.Charge(sizeof(OtlpPoint) / 16)) return false;
  OtlpPoint point;
  const bool read = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag == WireFixed64(2)) return in.ReadFixed64(&point.start_time);
    if (tag == WireFixed64(3)) return in.ReadFixed64(&point.time);
    switch (kind) {
      case Kind::kHistogram:
        return ReadHistogramField(in, tag, &point);
      case Kind::kExponential:
        return ReadExponentialField(in, tag, &point);
      case Kind::kSummary:
        return ReadSummaryField(in, tag, &point);
      default:
        return ReadNumberField(in, tag, &point);
    }
  });
  if (!read) return false;
  series_.Add(&point);
  return series_.status().ok();
}

bool Decoder::ReadNumberField(WireCursor& in, uint32_t tag, OtlpPoint* point) {
  switch (tag) {
    case WireFixed64(4):
      return in.ReadDouble(&point->value);
    case WireFixed64(6):
      return ReadInteger(in, &point->value);
    case WireBytes(5):
      return ReadExemplar(in, point);
    case WireBytes(7):
      return wire_.ReadAttribute(in, 0, &point->attributes);
    case WireVarint(8):
      return ReadUint32(in, &point->flags);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadHistogramField(WireCursor& in, uint32_t tag, OtlpPoint* point) {
  const auto count = [point](WireCursor& from) {
    return from.ReadFixed64(&point->bucket_counts.emplace_back());
  };
  const auto bound = [point](WireCursor& from) {
    return from.ReadDouble(&point->bounds.emplace_back());
  };
  switch (tag) {
    case WireFixed64(4):
      return in.ReadFixed64(&point->count);
    case WireFixed64(5):
      return ReadSum(in, point);
    case WireBytes(6):
      return ReadPacked(in, count);
    case WireFixed64(6):
      return count(in);
    case WireBytes(7):
      return ReadPacked(in, bound);
    case WireFixed64(7):
      return bound(in);
    case WireBytes(8):
      return ReadExemplar(in, point);
    case WireBytes(9):
      return wire_.ReadAttribute(in, 0, &point->attributes);
    case WireVarint(10):
      return ReadUint32(in, &point->flags);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadExponentialField(WireCursor& in, uint32_t tag, OtlpPoint* point) {
  switch (tag) {
    case WireBytes(1):
      return wire_.ReadAttribute(in, 0, &point->attributes);
    case WireFixed64(4):
      return in.ReadFixed64(&point->count);
    case WireFixed64(5):
      return ReadSum(in, point);
    case WireVarint(6):
      return ReadSint32(in, &point->scale);
    case WireFixed64(7):
      return in.ReadFixed64(&point->zero_count);
    case WireBytes(8):
      return ReadBuckets(in, &point->positive);
    case WireBytes(9):
      return ReadBuckets(in, &point->negative);
    case WireVarint(10):
      return ReadUint32(in, &point->flags);
    case WireBytes(11):
      return ReadExemplar(in, point);
    case WireFixed64(14):
      return in.ReadDouble(&point->zero_threshold);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadBuckets(WireCursor& in, OtlpBuckets* buckets) {
  const auto count = [buckets](WireCursor& from) {
    return from.ReadVarint(&buckets->counts.emplace_back());
  };
  WireCursor message = in;
  return in.ReadMessage(&message) && ForEachField(message, [&](WireCursor& field, uint32_t tag) {
           if (tag == WireVarint(1)) return ReadSint32(field, &buckets->offset);
           if (tag == WireVarint(2)) return count(field);
           if (tag == WireBytes(2)) return ReadPacked(field, count);
           return field.SkipField(tag);
         });
}

bool Decoder::ReadSummaryField(WireCursor& in, uint32_t tag, OtlpPoint* point) {
  switch (tag) {
    case WireFixed64(4):
      return in.ReadFixed64(&point->count);
    case WireFixed64(5):
      return ReadSum(in, point);
    case WireBytes(6):
      return wire_.Charge(sizeof(point->quantiles[0])) && ReadQuantile(in, point);
    case WireBytes(7):
      return wire_.ReadAttribute(in, 0, &point->attributes);
    case WireVarint(8):
      return ReadUint32(in, &point->flags);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadExemplar(WireCursor& in, OtlpPoint* point) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !wire_.Charge(sizeof(OtlpExemplar) / 4)) return false;
  OtlpExemplar& exemplar = point->exemplars.emplace_back();
  return ForEachField(message, [&](WireCursor& field, uint32_t tag) {
    switch (tag) {
      case WireFixed64(2):
        return field.ReadFixed64(&exemplar.time);
      case WireFixed64(3):
        return field.ReadDouble(&exemplar.value);
      case WireBytes(4):
        return field.ReadBytes(&exemplar.span_id);
      case WireBytes(5):
        return field.ReadBytes(&exemplar.trace_id);
      case WireFixed64(6):
        return ReadInteger(field, &exemplar.value);
      case WireBytes(7):
        return wire_.ReadAttribute(field, 0, &exemplar.attributes);
      default:
        return field.SkipField(tag);
    }
  });
}

}  // namespace

absl::Status DecodeOtlpMetricsProtobuf(std::string_view message, const OtlpMetricContext& context,
                                       DecodedPush* push) {
  return Decoder(message, context, push).Run();
}

}  // namespace tidegate::ingest
