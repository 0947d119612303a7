#include "events.h"
#include "blocks.h"
#include <pthread.h>
#include <time.h>

@interface SoftMTLEvent : NSObject {
 @public
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint64_t value;
  struct soft_handler *listeners;
}
@end

@interface SoftMTLSharedEvent : SoftMTLEvent
@end

@interface SoftMTLFence : NSObject
@end
@implementation SoftMTLFence
@end

@interface MTLSharedEventListener : NSObject
@end

@implementation MTLSharedEventListener
+ (id)sharedListener {
  static id shared;
  if (!shared) {
    shared = soft_make((Class)self);
    ((NSObject *)shared)->references = 1 << 30;
  }
  return shared;
}
@end

id soft_new_event(bool shared) {
  SoftMTLEvent *event = soft_make(objc_lookUpClass(shared ? "SoftMTLSharedEvent" : "SoftMTLEvent"));
  pthread_mutex_init(&event->lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&event->changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  return soft_give(event);
}

id soft_new_fence(void) { return soft_give(soft_make(objc_lookUpClass("SoftMTLFence"))); }

/* Takes the listeners that a value has reached. */
static struct soft_handler *due(SoftMTLEvent *event) {
  struct soft_handler *taken = NULL, **at = &event->listeners;
  while (*at) {
    struct soft_handler *l = *at;
    if (l->value > event->value) {
      at = &l->next;
      continue;
    }
    *at = l->next;
    l->next = taken;
    taken = l;
  }
  return taken;
}

static void notify(SoftMTLEvent *event, struct soft_handler *l, uint64_t value) {
  while (l) {
    void *pool = soft_pool_push();
    if (soft_handler_ok(l, event))
      ((void (*)(Block *, id, uint64_t))l->block->invoke)(l->block, event, value);
    soft_pool_pop(pool);
    l = soft_handler_free(l, event);
  }
}

void soft_event_signal(id given, uint64_t value) {
  SoftMTLEvent *event = given;
  pthread_mutex_lock(&event->lock);
  if (value < event->value)
    soft_finding("event-goes-back", event, "signalled %lu after %lu", (unsigned long)value,
                 (unsigned long)event->value);
  else
    event->value = value;
  struct soft_handler *ready = due(event);
  pthread_cond_broadcast(&event->changed);
  pthread_mutex_unlock(&event->lock);
  notify(event, ready, value);
}

bool soft_event_wait(id given, uint64_t value, uint64_t timeout_ms) {
  SoftMTLEvent *event = given;
  uint64_t end = soft_now() + (timeout_ms > 1ull << 40 ? 1ull << 40 : timeout_ms) * 1000000;
  struct timespec until = {end / 1000000000, end % 1000000000};
  int timed = 0;
  pthread_mutex_lock(&event->lock);
  while (event->value < value && timed == 0)
    timed = pthread_cond_timedwait(&event->changed, &event->lock, &until);
  bool reached = event->value >= value;
  pthread_mutex_unlock(&event->lock);
  return reached;
}

@implementation SoftMTLEvent
- (void)finish {
  while (listeners) listeners = soft_handler_free(listeners, self);
  pthread_mutex_destroy(&lock);
  pthread_cond_destroy(&changed);
}
@end

@implementation SoftMTLSharedEvent
- (uint64_t)signaledValue {
  return __atomic_load_n(&value, __ATOMIC_ACQUIRE);
}
- (void)setSignaledValue:(uint64_t)to {
  soft_event_signal(self, to);
}
/* A wait that the caller lets be endless ends with a finding. */
- (BOOL)waitUntilSignaledValue:(uint64_t)wanted timeoutMS:(uint64_t)timeout {
  uint64_t most = soft_settings.event_timeout_ms;
  bool reached = soft_event_wait(self, wanted, timeout < most ? timeout : most);
  if (!reached && timeout > most)
    soft_finding("endless-wait", self, "the host waits for %lu, which nobody signals within %lu ms",
                 (unsigned long)wanted, (unsigned long)most);
  return reached;
}
- (void)notifyListener:(id)listener atValue:(uint64_t)wanted block:(Block *)block {
  if (!soft_is(listener, "MTLSharedEventListener", "the listener")) return;
  struct soft_handler *l = soft_handler_new(block);
  l->value = wanted;
  pthread_mutex_lock(&lock);
  l->next = listeners;
  listeners = l;
  struct soft_handler *ready = due(self);
  uint64_t now = value;
  pthread_mutex_unlock(&lock);
  notify(self, ready, now);
}
@end
