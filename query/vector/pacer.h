// Lets long computations step aside for short ones.
#ifndef TIDEGATE_QUERY_VECTOR_PACER_H_
#define TIDEGATE_QUERY_VECTOR_PACER_H_

namespace tidegate::query {

// Belongs to one query and is used by the thread that runs it.
class Pacer {
 public:
  virtual ~Pacer() = default;
  // Whoever computes calls it every fraction of a millisecond and holds no lock meanwhile: it may
  // block until the processors are free for this query. Returns early when nobody waits for the
  // query any more.
  virtual void Pass() = 0;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_PACER_H_
