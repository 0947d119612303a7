#include "recording.h"
#include <pthread.h>
#include <time.h>

struct job {
  void (*run)(id);
  id object;
  struct job *next;
};
struct soft_worker {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct job *first, **last;
  bool ended;
};

static pthread_mutex_t busy_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static size_t busy;

static void count_busy(int by) {
  pthread_mutex_lock(&busy_lock);
  busy += by;
  if (busy == 0) pthread_cond_broadcast(&idle);
  pthread_mutex_unlock(&busy_lock);
}

/* A pool around each job, as the system's own queues have. */
static void run(struct job *job) {
  void *pool = soft_pool_push();
  job->run(job->object);
  soft_drop(job->object);
  soft_pool_pop(pool);
  free(job);
  count_busy(-1);
}

static void *work(void *argument) {
  struct soft_worker *w = argument;
  for (;;) {
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->ended) pthread_cond_wait(&w->changed, &w->lock);
    struct job *job = w->first;
    if (job && !(w->first = job->next)) w->last = &w->first;
    pthread_mutex_unlock(&w->lock);
    if (!job) break;
    run(job);
  }
  pthread_mutex_destroy(&w->lock);
  pthread_cond_destroy(&w->changed);
  free(w);
  return NULL;
}

struct soft_worker *soft_worker_new(void) {
  struct soft_worker *w = calloc(1, sizeof *w);
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->changed, NULL);
  w->last = &w->first;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 4 << 20);
  pthread_t thread;
  pthread_create(&thread, &attributes, work, w);
  pthread_attr_destroy(&attributes);
  return w;
}

/* Holds the object until the job is done. */
void soft_worker_add(struct soft_worker *w, void (*run)(id), id object) {
  count_busy(1);
  struct job *job = calloc(1, sizeof *job);
  *job = (struct job){run, soft_hold(object), NULL};
  pthread_mutex_lock(&w->lock);
  *w->last = job;
  w->last = &job->next;
  pthread_cond_signal(&w->changed);
  pthread_mutex_unlock(&w->lock);
}

/* The thread ends when its jobs are done. */
void soft_worker_end(struct soft_worker *w) {
  pthread_mutex_lock(&w->lock);
  w->ended = true;
  pthread_cond_signal(&w->changed);
  pthread_mutex_unlock(&w->lock);
}

int32_t soft_settle(int64_t timeout_ms) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += timeout_ms / 1000;
  int timed = 0;
  pthread_mutex_lock(&busy_lock);
  while (busy && timed == 0) timed = pthread_cond_timedwait(&idle, &busy_lock, &until);
  bool done = busy == 0;
  pthread_mutex_unlock(&busy_lock);
  return done;
}
