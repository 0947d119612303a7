# Starts the Java program. Sourced by ./diecast and by the launcher of a distribution.

# run_jvm JAVA LIB ARCHIVE ARGUMENTS...: replaces this shell by the JVM, so that signals and the exit
# code are the program's own. Weights and KV cache lie outside the heap, which may grow for long
# texts but stays close to what is alive in it. LIB holds the jars; ARCHIVE keeps preparsed classes,
# which halves the start-up time; the JVM writes it by itself at the end of a run.
run_jvm() {
  java=$1
  lib=$2
  archive=$3
  shift 3
  in_tty=false
  err_tty=false
  [ -t 0 ] && in_tty=true
  [ -t 2 ] && err_tty=true
  # Kernels address all of memory, so the bounds check of every vector access compares with 2^63 and
  # can never fail; ranges are checked when a dispatch is bound. The property leaves those checks out.
  # DIECAST_JAVA_OPTS is a list of words; no file names are meant.
  set -f
  set -- --module-path "$lib" --add-modules jdk.incubator.vector \
    --enable-native-access=dev.diecast.bindings,dev.diecast.kernels,dev.diecast.plans,dev.diecast.replay \
    -XX:+UseSerialGC -Xms16m -Xmx1g -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 \
    -XX:ReservedCodeCacheSize=64m -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0 \
    -XX:SharedArchiveFile="$archive" -XX:+AutoCreateSharedArchive -Xlog:disable -Xlog:all=off \
    -Ddiecast.stdin.terminal=$in_tty -Ddiecast.stderr.terminal=$err_tty ${DIECAST_JAVA_OPTS-} \
    --module dev.diecast.tools/dev.diecast.tools.Diecast "$@"
  # The JVM itself announces incubating modules on stderr and has no switch for that. It gets
  # /dev/null there, and the program puts the real stderr back (from descriptor 3) as it starts.
  # Whoever changes the JVM's options, or debugs, sees all that it has to say.
  if [ -n "${DIECAST_JAVA_OPTS-}${JAVA_TOOL_OPTIONS-}${DIECAST_DEBUG-}" ]; then
    exec "$java" "$@"
  fi
  exec "$java" -Ddiecast.stderr.descriptor=3 "$@" 3>&2 2>/dev/null
}
