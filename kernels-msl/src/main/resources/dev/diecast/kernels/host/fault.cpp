// Faults and hangs of kernel code become findings. The process may have handlers of its own (a Java virtual machine
// does): a signal that did not come from a running fiber goes to them.
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstring>

#include "runtime.h"

namespace msl_rt {

static constexpr int FAULTS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGVTALRM};
static struct sigaction earlier[NSIG];
static constexpr size_t SIGNAL_STACK = 64 * 1024;

static const void* program_counter(void* context) {
  const mcontext_t& m = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return reinterpret_cast<const void*>(m.gregs[REG_RIP]);
#else
  return reinterpret_cast<const void*>(m.pc);
#endif
}

static void pass_on(int signal, siginfo_t* info, void* context) {
  const struct sigaction& old = earlier[signal];
  if (old.sa_flags & SA_SIGINFO) old.sa_sigaction(signal, info, context);
  else if (old.sa_handler == SIG_DFL) sigaction(signal, &old, nullptr);  // happens again, for the default action
  else if (old.sa_handler != SIG_IGN) old.sa_handler(signal);
}

static bool in_kernel(const world& w, const void* pc) { return library_offset(w, pc) != 0; }

static void on_signal(int signal, siginfo_t* info, void* context) {
  world* w = active;
  bool in_time_limit = signal == SIGVTALRM && info->si_code == SI_TIMER;
  if (in_time_limit) {
    // The runtime may hold a lock of malloc: only kernel code is left behind, and the timer fires again until then.
    if (w == nullptr || w->current < 0 || !in_kernel(*w, program_counter(context))) return;
  } else if (w == nullptr || w->current < 0) {
    return pass_on(signal, info, context);
  }
  finding f = blank_finding();
  f.kind = signal == SIGVTALRM ? TIMEOUT : FAULT;
  f.thread = w->current;
  // A return address is one past a call, and lines are looked up just before it: here the instruction itself counts.
  f.pc = library_offset(*w, static_cast<const char*>(program_counter(context)) + 1);
  f.offset = signal;
  report(*w, f);
  abandon(*w);
}

void install_fault_handlers() {
  static const bool once = [] {
    struct sigaction a = {};
    a.sa_sigaction = on_signal;
    a.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;  // on_signal leaves by switching away
    sigemptyset(&a.sa_mask);
    for (int s : FAULTS) sigaction(s, &a, &earlier[s]);
    return true;
  }();
  (void)once;
}

fault_scope::fault_scope(int seconds) {
  stack_t s = {};
  stack_ = mmap(nullptr, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack_ == MAP_FAILED) stack_ = nullptr;
  if (stack_ != nullptr) {
    s.ss_sp = stack_;
    s.ss_size = SIGNAL_STACK;
    sigaltstack(&s, &earlier_stack_);
  }
  sigevent e = {};
  e.sigev_notify = SIGEV_THREAD_ID;
  e.sigev_signo = SIGVTALRM;
  e._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  timer_t t = nullptr;
  if (timer_create(CLOCK_MONOTONIC, &e, &t) != 0) return;
  timer_ = t;
  has_timer_ = true;
  itimerspec limit = {};
  limit.it_value.tv_sec = seconds;
  limit.it_interval.tv_nsec = 1000000;
  timer_settime(t, 0, &limit, nullptr);
}

fault_scope::~fault_scope() {
  if (has_timer_) timer_delete(timer_);
  if (stack_ == nullptr) return;
  sigaltstack(&earlier_stack_, nullptr);
  munmap(stack_, SIGNAL_STACK);
}

}  // namespace msl_rt
