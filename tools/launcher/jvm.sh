# Starts the Java program. Sourced by ./diecast and by the launcher of a distribution.

# run_jvm JAVA LIB ARCHIVE ARGUMENTS...: replaces this shell by the JVM, so that signals and the exit
# code are the program's own. LIB holds the jars; ARCHIVE keeps preparsed classes, which halves the
# start-up time; the JVM writes it by itself at the end of a run.
run_jvm() {
  java=$1
  lib=$2
  archive=$3
  shift 3
  tty=false
  [ -t 2 ] && tty=true
  set -- --module-path "$lib" --add-modules jdk.incubator.vector \
    --enable-native-access=dev.diecast.bindings,dev.diecast.plans,dev.diecast.replay \
    -XX:+UseSerialGC -Xms16m -Xmx160m -XX:ReservedCodeCacheSize=64m \
    -XX:SharedArchiveFile="$archive" -XX:+AutoCreateSharedArchive -Xlog:disable -Xlog:all=off \
    -Ddiecast.stderr.terminal=$tty ${DIECAST_JAVA_OPTS-} \
    --module dev.diecast.tools/dev.diecast.tools.Diecast "$@"
  # The JVM itself announces incubating modules on stderr and has no switch for that. It gets
  # /dev/null there, and the program puts the real stderr back (from descriptor 3) as it starts.
  # Whoever changes the JVM's options, or debugs, sees all that it has to say.
  if [ -n "${DIECAST_JAVA_OPTS-}${JAVA_TOOL_OPTIONS-}${DIECAST_DEBUG-}" ]; then
    exec "$java" "$@"
  fi
  exec "$java" -Ddiecast.stderr.descriptor=3 "$@" 3>&2 2>/dev/null
}
