// A tenant's relabelling of what it pushes.
#ifndef TIDEGATE_INGEST_ADMIT_WRITE_RELABEL_H_
#define TIDEGATE_INGEST_ADMIT_WRITE_RELABEL_H_

#include <vector>

#include "ingest/admit/rejections.h"
#include "ingest/decode/decoded_push.h"
#include "model/relabel.h"

namespace tidegate::ingest {

// Applies the rules to every series of the batch, with its points. A series that they drop leaves
// the batch and is counted, silently: the sender has done nothing wrong. Labels that are no label
// set are left to admission. Series that become the same stay apart; the head joins them. Without
// rules nothing is looked at.
void RelabelBatch(const std::vector<model::RelabelRule>& rules, DecodedPush* push,
                  Rejections* rejections);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_WRITE_RELABEL_H_
