# Builds the jars when they are missing or older than a source. Sourced by ./diecast.

build_log=$root/target/build.log
build_stamp=$root/target/build.stamp

# Whether a main source or a pom changed since the last build began. Folders count too, so that a
# deleted file is noticed.
is_stale() {
  [ -f "$build_stamp" ] && [ -d "$root/tools/target/lib" ] || return 0
  [ -n "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$build_stamp" -print | head -n 1)" ]
}

build_if_stale() {
  is_stale || return 0
  mkdir -p "$root/target" || fail "cannot write to $root/target" 5
  take_build_lock
  # Another launch may have built while this one waited.
  if is_stale; then
    build
  fi
  drop_build_lock
}

# A folder is the lock: making one is atomic everywhere. A lock whose owner is gone is taken over.
take_build_lock() {
  lock=$root/target/build.lock
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock"
    else
      sleep 1
    fi
  done
  echo $$ >"$lock/pid"
  trap 'drop_build_lock' EXIT
  trap 'echo >&2; exit 130' INT
  trap 'exit 143' TERM
}

drop_build_lock() {
  rm -rf "$root/target/build.lock"
  trap - EXIT INT TERM
}

build() {
  printf 'diecast: building (log: %s) ...' "$build_log" >&2
  # The stamp is as old as the start of the build: what changes meanwhile is built next time.
  : >"$build_stamp.new"
  rm -rf "$root/tools/target/lib"
  if ! (cd "$root" && ./mvnw -B -Pquick -pl tools -am package) >"$build_log" 2>&1 </dev/null; then
    printf ' failed\n' >&2
    grep '^\[ERROR\] /' "$build_log" | sort -u | head -n 5 >&2
    fail "the build failed; all of it is in $build_log" 1
  fi
  mv -f "$build_stamp.new" "$build_stamp"
  printf ' done\n' >&2
}
