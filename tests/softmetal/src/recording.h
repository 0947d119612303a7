/* What encoders write down, and how a queue's thread runs it. Metal 3 and Metal 4 share it. */
#pragma once
#include "pipelines.h"
#include "resources.h"

struct soft_bind {
  SoftMTLBuffer *buffer; /* NULL: bound by address */
  uint64_t offset;       /* or the address */
};

/* A dispatch as it was encoded; indirect commands are the same. */
struct soft_dispatch {
  SoftMTLComputePipelineState *pipeline;
  struct soft_bind binds[SOFT_SLOTS];
  uint32_t bound; /* bit n: slot n is bound */
  uint64_t threadgroup[SOFT_SLOTS];
  MTLSize groups, threads;
  bool counts_threads; /* whether `groups` counts threads */
  bool barrier;        /* of an indirect command: wait for those before */
};

enum soft_op_kind {
  SOFT_DISPATCH,
  SOFT_BARRIER,
  SOFT_QUEUE_BARRIER,
  SOFT_EXECUTE,
  SOFT_FILL,
  SOFT_COPY,
  SOFT_RESOLVE,
  SOFT_STAMP,
};
struct soft_op {
  enum soft_op_kind kind;
  int64_t fault;                  /* MTLCommandBufferError to end with, 0 for none */
  struct soft_dispatch *dispatch; /* of SOFT_EXECUTE: what it hands on */
  id table;                       /* the argument table of Metal 4 that it was read from */
  id a, b;                        /* source or indirect buffer, destination */
  uint64_t from, to, size;        /* ranges in bytes, commands or samples */
  uint8_t value;
};

/* What one encoder wrote. */
struct soft_pass {
  char label[64];
  bool concurrent, blit, explicit_residency;
  struct soft_op *ops;
  size_t count, room;
  id *resident; /* useResource and useHeap */
  NSUInteger residentCount, residentRoom;
  uint64_t *usage;
  SoftMTLComputePipelineState *touched[64]; /* pipelines set on this encoder */
  NSUInteger touchedCount;
  id samples;
  NSUInteger sampleStart, sampleEnd;
  id waits, updates; /* fences: the last of each */
  int64_t state;     /* MTLCommandEncoderErrorState */
  bool landed;       /* no longer in flight */
};

enum soft_item_kind { SOFT_PASS, SOFT_SIGNAL, SOFT_WAIT };
struct soft_item {
  enum soft_item_kind kind;
  struct soft_pass *pass;
  id event;
  uint64_t value;
};

struct soft_recording {
  struct soft_item *items;
  size_t count, room;
  id *held; /* retained for as long as the recording lives */
  size_t heldCount, heldRoom;
  id *sets; /* residency sets of the command buffer */
  size_t setCount;
  int64_t fault, delay_ms;
  uint64_t committed; /* when */
};

struct soft_recording *soft_recording_new(void);
void soft_recording_free(struct soft_recording *recording);
struct soft_pass *soft_add_pass(struct soft_recording *recording);
void soft_add_item(struct soft_recording *recording, enum soft_item_kind kind, id event,
                   uint64_t value);
struct soft_op *soft_add_op(struct soft_pass *pass, enum soft_op_kind kind);
void soft_recording_hold(struct soft_recording *recording, id object);
void soft_recording_use_set(struct soft_recording *recording, id set);
void soft_pass_use(struct soft_pass *pass, id resource, uint64_t usage);
/* The fault that the current call carries becomes that of an operation. */
void soft_op_fault(struct soft_op *op);

/* Counts what a recording uses as being in flight, or no longer; freed objects are findings. */
void soft_fly(struct soft_recording *recording, int by);
/* The first items are no longer in flight: an event tells the host so. */
void soft_land(struct soft_recording *recording, size_t items);

/* Residency sets of a queue. */
struct soft_sets { SoftMTLResidencySet *sets[32]; NSUInteger count; };
void soft_sets_add(struct soft_sets *sets, id set);
void soft_sets_remove(struct soft_sets *sets, id set);
void soft_sets_clear(struct soft_sets *sets);

/* How a run ended; code 0 is well. */
struct soft_outcome { int64_t code; char text[512]; double start, end; };
struct soft_history;
struct soft_history *soft_history_new(void);
void soft_history_free(struct soft_history *history);
void soft_run(struct soft_recording *recording, struct soft_sets *queue_sets,
              struct soft_history *history, struct soft_outcome *outcome);
extern int soft_device_lost;

/* Rules of a dispatch that hold where it is encoded; false when it cannot run. */
bool soft_check_dispatch(id encoder, const struct soft_dispatch *dispatch);
/* Rules of slots and offsets. */
bool soft_check_slot(id encoder, NSUInteger index, NSUInteger slots);
bool soft_check_bind(id encoder, id buffer, NSUInteger offset, NSUInteger index, NSUInteger slots);

/* A thread that runs jobs one after the other. */
struct soft_worker;
struct soft_worker *soft_worker_new(void);
void soft_worker_add(struct soft_worker *worker, void (*run)(id), id job);
void soft_worker_end(struct soft_worker *worker);
/* Waits until all workers have nothing to do; false after the time. */
int32_t soft_settle(int64_t timeout_ms);
