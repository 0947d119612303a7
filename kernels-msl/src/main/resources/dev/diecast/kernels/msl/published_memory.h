// Results that other threadgroups of the same dispatch read, and the counters by which they learn that they are there.
//
// What is published goes through relaxed atomics, which all threadgroups see in one place and no cache of a core holds
// back. Between publishing and counting, and between counting and reading, stands a barrier with mem_device: on CUDA it
// fences device memory; on Metal it makes a thread's accesses finish in its threadgroup's view, and where the language
// has a fence for the whole device (Metal 3.2), there is that too. Before 3.2 Metal promises no more than that relaxed
// atomics are coherent; that the count, issued after the barrier, does not overtake the values is how its GPUs work.
struct PublishedMemory {
  static float load(device const float* p) {
    return as_type<float>(atomic_load_explicit((device const atomic_uint*)p, memory_order_relaxed));
  }

  static void store(device float* p, float x) {
    atomic_store_explicit((device atomic_uint*)p, as_type<uint>(x), memory_order_relaxed);
  }
};

inline void device_fence() {
#if defined(__METAL_VERSION__) && __METAL_VERSION__ >= 320
  atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_device);
#endif
}

// Counters in two words, a field for each block of heads, as wide as `most` needs.
struct TicketField {
  uint word;
  uint shift;
  int mask;
};

inline uint bits_for(uint most) {
  uint bits = 1;
  while (most >> bits != 0) bits++;
  return bits;
}

inline TicketField ticket_field(uint block, uint most) {
  uint bits = bits_for(most);
  uint fields = 32 / bits;
  TicketField field;
  field.word = block / fields;
  field.shift = block % fields * bits;
  field.mask = int((1u << bits) - 1u);
  return field;
}

// How many blocks of `parts` arrivals each fit the two words.
inline uint fields_for(uint parts) { return 2 * (32 / bits_for(parts)); }

// Counts one arrival of `most`; whether it was the last, which puts the field back to zero.
inline bool arrive(device atomic_int* tickets, TicketField field, uint most) {
  device_fence();
  int one = int(1u << field.shift);
  int before = atomic_fetch_add_explicit(tickets + field.word, one, memory_order_relaxed);
  bool last = (before >> field.shift & field.mask) == int(most) - 1;
  if (last) atomic_fetch_sub_explicit(tickets + field.word, int(most << field.shift), memory_order_relaxed);
  device_fence();
  return last;
}
