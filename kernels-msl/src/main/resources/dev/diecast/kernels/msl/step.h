// The step state: what changes from token to token, while commands and arguments stay. The offsets are
// those of StepState in model-plans; a test compares them.
struct StepState {
  int token;            // that the next decode step consumes
  int position;         // rows in the KV cache
  int active;           // tokens that this step consumes
  int emit;             // 1: sample a token and emit it
  int64_t emitted;      // tokens since the session began
  int64_t seed;
  float temperature;    // 0 is greedy
  int top_k;            // 0 keeps all
  float top_p;          // 1 keeps all
  float min_p;          // 0 keeps all
  float repeat_penalty; // 1 is off
  int repeat_window;
  int sampled;          // the token that the last emitting step chose
  int history_count;    // tokens ever appended to the history
  int history[256];     // a ring
};

// Tokens of this step.
inline uint active_tokens(int most, device const StepState* step) {
  int active = step->active;
  return uint(active < 0 ? 0 : active < most ? active : most);
}
