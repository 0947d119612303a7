/* Events and fences. */
#pragma once
#include "foundation.h"
#include "soft.h"

id soft_new_event(bool shared);
id soft_new_fence(void);
void soft_event_signal(id event, uint64_t value);
/* False after the time. */
bool soft_event_wait(id event, uint64_t value, uint64_t timeout_ms);
