# Finds a JDK of the wanted version and says what it looked at when there is none.
# Sourced by ./diecast; DIECAST_JDK_DIRS (colon-separated) replaces the usual folders, for tests.

wanted_jdk=25

# Sets `major` to the feature version of the JDK in $1, or to 0. Reads the release file: starting
# every java on the machine to ask for its version would take seconds.
jdk_major() {
  major=0
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      value=${value#\"}
      value=${value%%[!0-9]*}
      major=${value:-0}
    fi
  done <"$1/release"
}

# Offers the folder $1. Returns 0 when it is exactly the wanted version, which ends the search; a
# newer one is kept in `newer`, the oldest of those first.
offer_jdk() {
  jdk_major "$1"
  if [ "$major" -eq "$wanted_jdk" ]; then
    jdk=$1
    return 0
  fi
  if [ "$major" -gt "$wanted_jdk" ] && { [ -z "$newer" ] || [ "$major" -lt "$newer_major" ]; }; then
    newer=$1
    newer_major=$major
  fi
  return 1
}

# The home of the java on PATH, followed through symbolic links, or nothing.
path_jdk() {
  link=$(command -v java) || return 0
  while [ -L "$link" ]; do
    target=$(readlink "$link")
    case $target in
      /*) link=$target ;;
      *) link=${link%/*}/$target ;;
    esac
  done
  case $link in
    */bin/java) printf '%s' "${link%/bin/java}" ;;
  esac
}

# Offers every JDK under one folder, in the layouts of Linux and macOS.
offer_folder() {
  for home in "$1" "$1"/* "$1"/*/Contents/Home "$1"/*/libexec/openjdk.jdk/Contents/Home \
    "$1"/*/libexec; do
    offer_jdk "$home" && return 0
  done
  return 1
}

usual_jdk_dirs() {
  cat <<DIRS
/usr/lib/jvm
/usr/lib64/jvm
/usr/java
/usr/local
/opt
/opt/java
/Library/Java/JavaVirtualMachines
${HOME-}/Library/Java/JavaVirtualMachines
/opt/homebrew/opt
/usr/local/opt
/home/linuxbrew/.linuxbrew/opt
${HOME-}/.sdkman/candidates/java
${HOME-}/.jdks
${HOME-}/.gradle/jdks
${HOME-}/.local/share/mise/installs/java
${HOME-}/.asdf/installs/java
${HOME-}/.jenv/versions
/snap/openjdk/current
DIRS
}

# Sets `jdk`: JAVA_HOME, then PATH, then the usual folders; exactly the wanted version if there is
# one, else the oldest newer one.
find_jdk() {
  jdk=
  newer=
  newer_major=0
  if [ -n "${JAVA_HOME-}" ]; then
    offer_jdk "$JAVA_HOME" && return 0
  fi
  on_path=$(path_jdk)
  if [ -n "$on_path" ]; then
    offer_jdk "$on_path" && return 0
  fi
  if [ -n "${DIECAST_JDK_DIRS+set}" ]; then
    dirs=$(printf '%s' "$DIECAST_JDK_DIRS" | tr ':' '\n')
  else
    dirs=$(usual_jdk_dirs)
  fi
  old_ifs=$IFS
  IFS='
'
  for dir in $dirs; do
    if [ -d "$dir" ] && offer_folder "$dir"; then
      IFS=$old_ifs
      return 0
    fi
  done
  IFS=$old_ifs
  jdk=$newer
  [ -n "$jdk" ]
}

# One line about a place that was looked at.
looked_at() {
  if [ -z "$2" ]; then
    printf '  %-12s not set\n' "$1"
  else
    jdk_major "$2"
    if [ "$major" -gt 0 ]; then
      printf '  %-12s %s is JDK %s\n' "$1" "$2" "$major"
    else
      printf '  %-12s %s is not a JDK\n' "$1" "$2"
    fi
  fi
}

no_jdk_hint() {
  printf 'diecast: error: no JDK %s or newer found (a JDK with javac, not only a runtime)\n' "$wanted_jdk"
  printf 'Looked at:\n'
  looked_at JAVA_HOME "${JAVA_HOME-}"
  on_path=$(path_jdk)
  if [ -n "$on_path" ]; then
    looked_at PATH "$on_path"
  else
    printf '  %-12s no java that belongs to a JDK\n' PATH
  fi
  printf '%s\n' "$dirs" | while IFS= read -r dir; do
    [ -d "$dir" ] && printf '  %-12s %s\n' folder "$dir"
  done
  cat <<HINT
Install one, then run this again; it is found by itself in the usual places:
  macOS          brew install openjdk@$wanted_jdk    or    brew install --cask temurin@$wanted_jdk
  Debian/Ubuntu  apt install openjdk-$wanted_jdk-jdk    (older releases: temurin-$wanted_jdk-jdk from packages.adoptium.net)
  Fedora         dnf install java-$wanted_jdk-openjdk-devel
  Arch           pacman -S jdk$wanted_jdk-openjdk
  anywhere       sdk install java $wanted_jdk-tem    (https://sdkman.io)
  by hand        unpack https://adoptium.net/temurin/releases/?version=$wanted_jdk and set JAVA_HOME to it
HINT
}
