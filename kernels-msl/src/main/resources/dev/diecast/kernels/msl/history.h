// The ring of recent tokens in the step state.

enum { HISTORY_TOKENS = 256 };

inline uint history_slot(int index) { return uint(index) & (HISTORY_TOKENS - 1); }

// Appends the step's tokens; returns how many were ever appended.
inline int append(device StepState* step, device const int* tokens, uint active, Threads at) {
  int appended = step->history_count;
  threadgroup_barrier(mem_flags::mem_device);
  // Of more tokens than the ring holds, the last ones stay.
  if (at.index < min(active, uint(HISTORY_TOKENS))) {
    uint i = active - 1 - at.index;
    step->history[history_slot(appended + int(i))] = tokens[i];
  }
  if (at.index == 0) step->history_count = appended + int(active);
  threadgroup_barrier(mem_flags::mem_device);
  return appended + int(active);
}

// How many recent tokens the repetition penalty covers.
inline uint penalty_window(device const StepState* step, int appended) {
  return uint(min(clamp(step->repeat_window, 0, int(HISTORY_TOKENS)), max(appended, 0)));
}
