/* Work of one queue that may overlap: encoders that touch the same memory, unordered. */
#pragma once
#include "recording.h"

/* A pass begins; what it follows in order is forgotten. */
void soft_history_begin(struct soft_history *history, const struct soft_recording *recording,
                        const struct soft_pass *pass);
/* The pass touches a buffer; `ordered` when Metal itself orders uses of it. */
void soft_history_touch(struct soft_history *history, SoftMTLBuffer *buffer, bool write,
                        bool ordered);
/* All that came before is complete for what follows. */
void soft_history_acquire(struct soft_history *history);
/* All that came before, and this pass so far, is complete for later passes. */
void soft_history_release(struct soft_history *history);
/* The pass ends: overlaps are findings. */
void soft_history_end(struct soft_history *history);
/* Those of a recording's passes that have run were complete at a time. */
void soft_history_complete(struct soft_history *history, const struct soft_recording *recording,
                           uint64_t time);
