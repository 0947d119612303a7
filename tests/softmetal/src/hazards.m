#include "hazards.h"
#include <pthread.h>

struct touch {
  uintptr_t start, end;
  uint64_t serial;
  bool write, ordered;
};
struct past {
  struct touch *touches;
  size_t count, room;
  uint64_t recording; /* when it was committed */
  uint64_t completed; /* 0: not yet */
  id updates;         /* the fence that it updates */
  char label[64];
};

enum { PASSES = 256 };
struct soft_history {
  struct past pasts[PASSES], now;
  size_t count;
  bool released;
};

struct soft_history *soft_history_new(void) { return calloc(1, sizeof(struct soft_history)); }

static void drop_first(struct soft_history *h, size_t count) {
  for (size_t i = 0; i < count; i++) free(h->pasts[i].touches);
  h->count -= count;
  memmove(h->pasts, h->pasts + count, h->count * sizeof *h->pasts);
}

void soft_history_free(struct soft_history *h) {
  drop_first(h, h->count);
  free(h->now.touches);
  free(h);
}

/* What was complete before the commit, or is behind a fence that the pass waits for. */
void soft_history_begin(struct soft_history *h, const struct soft_recording *r,
                        const struct soft_pass *pass) {
  for (size_t i = h->count; i-- > 0;)
    if ((h->pasts[i].completed && h->pasts[i].completed <= r->committed)
        || (pass->waits && h->pasts[i].updates == pass->waits)) {
      drop_first(h, i + 1);
      break;
    }
  free(h->now.touches);
  h->now = (struct past){.recording = r->committed, .updates = pass->updates};
  memcpy(h->now.label, pass->label, sizeof h->now.label);
  h->released = false;
}

void soft_history_touch(struct soft_history *h, SoftMTLBuffer *buffer, bool write, bool ordered) {
  h->released = false;
  struct past *now = &h->now;
  for (size_t i = 0; i < now->count; i++)
    if (now->touches[i].serial == buffer->serial) {
      now->touches[i].write |= write;
      now->touches[i].ordered &= ordered;
      return;
    }
  if (now->count == now->room) {
    now->room = now->room ? now->room * 2 : 32;
    now->touches = realloc(now->touches, now->room * sizeof *now->touches);
  }
  uintptr_t start = (uintptr_t)buffer->bytes;
  now->touches[now->count++] =
      (struct touch){start, start + buffer->length, buffer->serial, write, ordered};
}

void soft_history_acquire(struct soft_history *h) { drop_first(h, h->count); }

void soft_history_release(struct soft_history *h) {
  drop_first(h, h->count);
  h->released = true;
}

static void compare(const struct past *a, const struct past *b) {
  for (size_t i = 0; i < a->count; i++)
    for (size_t j = 0; j < b->count; j++) {
      const struct touch *s = &a->touches[i], *t = &b->touches[j];
      if (s->start < t->end && t->start < s->end && (s->write || t->write)
          && !(s->ordered && t->ordered)) {
        soft_finding("unordered-encoders", nil,
                     "two encoders of a queue use buffer #%lu, one writes it, and neither hazard"
                     " tracking nor a barrier, fence or event orders them",
                     (unsigned long)t->serial);
        return;
      }
    }
}

void soft_history_end(struct soft_history *h) {
  for (size_t i = 0; i < h->count; i++) compare(&h->pasts[i], &h->now);
  if (h->released) return;
  if (h->count == PASSES) drop_first(h, 1);
  h->pasts[h->count++] = h->now;
  h->now.touches = NULL;
}

void soft_history_complete(struct soft_history *h, const struct soft_recording *r,
                           uint64_t time) {
  for (size_t i = 0; i < h->count; i++)
    if (h->pasts[i].recording == r->committed && !h->pasts[i].completed)
      h->pasts[i].completed = time;
}
