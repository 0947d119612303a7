/* Counter sample buffers: times at the edges of encoders. */
#pragma once
#include "recording.h"

id soft_counter_sets(id device);
id soft_new_sample_buffer(id device, id descriptor, id *error);
/* Writes the time into a sample; nothing for no buffer or the index UINT64_MAX. */
void soft_take_sample(id buffer, NSUInteger index);
bool soft_resolve_samples(const struct soft_op *op);
bool soft_check_sample(id user, id buffer, NSUInteger index);
