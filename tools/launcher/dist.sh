# Makes a distribution that runs with no JDK: a jlinked runtime, the jars, a small launcher.
# Sourced by ./diecast.

runtime_modules=java.base,java.logging,java.management,jdk.management,jdk.incubator.vector,jdk.unsupported

dist() {
  [ $# -eq 0 ] || fail "dist takes no arguments; try 'diecast --help'" 2
  build_if_stale
  version=$(sed -n 's/^ *<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml" | head -n 1)
  name=diecast-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
  staging=$root/target/dist
  image=$staging/$name
  rm -rf "$staging"
  mkdir -p "$image/bin" "$image/lib" "$root/dist" || fail "cannot write to $root" 5

  printf 'diecast: linking a runtime ...' >&2
  "$jdk/bin/jlink" --add-modules "$runtime_modules" --output "$image/runtime" --compress zip-6 \
    --strip-debug --no-header-files --no-man-pages >"$root/target/dist.log" 2>&1 ||
    fail "jlink failed; see $root/target/dist.log"
  printf ' done\n' >&2

  cp "$root"/tools/target/lib/*.jar "$root/tools/launcher/jvm.sh" "$image/lib/" || exit 5
  cp "$root/tools/launcher/installed-diecast" "$image/bin/diecast" || exit 5
  chmod +x "$image/bin/diecast"
  for text in LICENSE README.md; do
    [ -f "$root/$text" ] && cp "$root/$text" "$image/"
  done

  # A distribution that cannot run is not handed out. No JDK must be needed to run it.
  env -i PATH=/usr/bin:/bin "$image/bin/diecast" version >>"$root/target/dist.log" 2>&1 ||
    fail "the distribution does not run; see $root/target/dist.log"
  rm -f "$image/lib/diecast.jsa"
  archive=$root/dist/$name.tar.gz
  (cd "$staging" && tar -cf - "$name" | gzip -9) >"$archive.new" || fail "tar failed" 5
  mv -f "$archive.new" "$archive"
  printf '%s\n' "$archive"
}
