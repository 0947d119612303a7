// A kernel may load its weights before this marker; what earlier dispatches wrote, it reads behind it.
// Metal starts a dispatch when its inputs are there. The CUDA dialect brings its own, which waits for them.
#ifndef MSL_CUDA
inline void wait_for_inputs() {}
#endif
