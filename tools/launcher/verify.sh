# Builds everything and runs every test. Sourced by ./diecast.

# verify MAVEN-ARGUMENTS...: all of Maven's output, then what was skipped and why.
verify() {
  mkdir -p "$root/target" || fail "cannot write to $root/target" 5
  status=$root/target/verify.status
  log=$root/target/verify.log
  # Reports of tests that are gone would be counted again.
  rm -rf "$root"/*/target/surefire-reports
  {
    (cd "$root" && ./mvnw -B --no-transfer-progress verify "$@")
    echo $? >"$status"
  } 2>&1 | tee "$log"
  skipped_tests
  return "$(cat "$status")"
}

# Reads Surefire's XML reports. A test switched off says why in an attribute, an assumption that
# does not hold in the first line of a stack trace: <skipped ...><![CDATA[TestAbortedException: why
skipped_tests() {
  printf '\nTests that were skipped, and why:\n'
  cat "$root"/*/target/surefire-reports/TEST-*.xml 2>/dev/null | awk '
    function attribute(line, name,    from) {
      from = index(line, " " name "=\"")
      if (!from) return ""
      line = substr(line, from + length(name) + 3)
      return substr(line, 1, index(line, "\"") - 1)
    }
    function reason(line) {
      if (index(line, " message=\"")) return attribute(line, "message")
      if (!index(line, "<![CDATA[")) return ""
      sub(/.*<!\[CDATA\[/, "", line); sub(/\]\]>.*/, "", line)
      sub(/^[A-Za-z0-9.]*TestAbortedException: */, "", line)
      sub(/^Assumption failed: */, "", line)
      return line
    }
    /<testcase / { test = attribute($0, "classname") "." attribute($0, "name") }
    /<skipped/ {
      why = reason($0)
      gsub(/&quot;/, "\"", why); gsub(/&apos;/, "\047", why); gsub(/&#10;/, " ", why)
      gsub(/&lt;/, "<", why); gsub(/&gt;/, ">", why); gsub(/&amp;/, "\\&", why)
      print "  " test ": " (why == "" ? "no reason given" : why)
      count++
    }
    END { if (!count) print "  none" }'
}
