// A kernel may load its weights before this marker; what earlier dispatches wrote, it reads behind it.
// Metal starts a dispatch when its inputs are there. The other dialects bring their own.
#if !defined(MSL_CUDA) && !defined(MSL_HOST)
inline void wait_for_inputs() {}
#endif
