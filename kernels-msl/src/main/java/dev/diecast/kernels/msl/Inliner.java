package dev.diecast.kernels.msl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces each {@code #include "x.h"} by the text of that file, the first time it is met. Headers
 * are looked for beside the file that includes them, then in the folders above it.
 */
final class Inliner {
  private static final Pattern INCLUDE = Pattern.compile("\\s*#\\s*include\\s*\"([^\"]+)\".*");
  private static final Pattern ONCE = Pattern.compile("\\s*#\\s*pragma\\s+once\\b.*");

  /** No kernel text is this large; a wrong file may be. */
  private static final int MOST_BYTES = 16 << 20;

  /** Reads a file by the name that an include path leads to. */
  interface Reader {
    /**
     * All bytes.
     *
     * @throws NoSuchFileException when there is no such file
     */
    byte[] read(String name) throws IOException;
  }

  private final Reader reader;
  private final Set<String> seen = new HashSet<>();
  private final StringBuilder text = new StringBuilder();
  private final List<SourceLine> lines = new ArrayList<>();

  Inliner(Reader reader) {
    this.reader = reader;
  }

  static Reader files() {
    return name -> {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new IOException(name + ": a folder, not a file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return in.readNBytes(MOST_BYTES + 1);
      }
    };
  }

  static Reader resources() {
    return name -> {
      try (InputStream in = Inliner.class.getResourceAsStream(MslSource.RESOURCES + name)) {
        if (in == null) {
          throw new NoSuchFileException(name);
        }
        return in.readAllBytes();
      }
    };
  }

  static Reader only(String known, String text) {
    return name -> {
      if (!name.equals(known)) {
        throw new NoSuchFileException(name);
      }
      return text.getBytes(StandardCharsets.UTF_8);
    };
  }

  MslSource inline(String name) throws IOException {
    append(name, decode(name, reader.read(name)));
    return new MslSource(name, text.toString(), lines);
  }

  private void append(String file, String content) throws IOException {
    seen.add(file);
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      var here = new SourceLine(file, number);
      Matcher include = INCLUDE.matcher(line);
      if (include.matches()) {
        include(here, include.group(1));
      } else {
        add(here, ONCE.matcher(line).matches() ? "" : line);
      }
    }
  }

  private void include(SourceLine here, String header) throws IOException {
    Path folder = Path.of(here.file()).getParent();
    while (true) {
      String file =
          (folder == null ? Path.of(header) : folder.resolve(header)).normalize().toString();
      if (seen.contains(file)) {
        add(here, "");
        return;
      }
      if (found(file)) {
        return;
      }
      if (folder == null) {
        throw new MslException(here, "no header \"" + header + "\" beside this file or above it");
      }
      folder = folder.getParent();
    }
  }

  private boolean found(String file) throws IOException {
    byte[] bytes;
    try {
      bytes = reader.read(file);
    } catch (NoSuchFileException e) {
      return false;
    }
    append(file, decode(file, bytes));
    return true;
  }

  private void add(SourceLine here, String line) {
    text.append(line).append('\n');
    lines.add(here);
  }

  private static String decode(String file, byte[] bytes) {
    var start = new SourceLine(file, 1);
    if (bytes.length > MOST_BYTES) {
      throw new MslException(start, "too large for kernel text (more than 16 MiB)");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new MslException(start, "not text: it holds NUL bytes");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new MslException(start, "not text: it is not UTF-8");
    }
  }
}
