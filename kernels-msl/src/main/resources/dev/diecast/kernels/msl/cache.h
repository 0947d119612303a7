// Whether the cache has a row for a position. The planner and the host see to it; a kernel that is wrong about it
// would write into other memory, so each one looks.
inline bool is_cached(int position, int capacity) { return position >= 0 && position < capacity; }
