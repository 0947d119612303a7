package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the cases of a file; see {@link HostCheck} for how they are written. */
final class CheckCases {
  private static final Pattern ARRAY = Pattern.compile("(\\w+)\\[(\\d{1,12})]");
  private static final long DEFAULT_BYTES = 1 << 20;
  private static final long DEFAULT_THREADS = 64;

  /** Metal's limit on the threadgroup memory of every Apple GPU. */
  private static final long MAX_THREADGROUP = 32 << 10;

  private static final long MAX_BYTES = 1 << 30;

  private final MslModule module;
  private final CheckWords words;

  private CheckCases(MslModule module) {
    this.module = module;
    this.words = new CheckWords(module.source());
  }

  /** All described cases, and one default for each kernel that has none. */
  static List<CheckCase> of(MslModule module) {
    var reader = new CheckCases(module);
    var cases = new ArrayList<CheckCase>();
    while (reader.words.hasNext()) {
      cases.add(reader.next());
    }
    for (MslKernel kernel : module.kernels()) {
      if (cases.stream().noneMatch(c -> c.kernel().equals(kernel.name()))) {
        cases.add(reader.defaultCase(kernel));
      }
    }
    return cases;
  }

  private CheckCase next() {
    SourceLine where = words.line();
    if (!words.skip("kernel")) {
      throw words.problem("a check starts with 'kernel NAME', not '" + words.peek() + "'");
    }
    MslKernel kernel = kernel();
    Size3 groups = Size3.of(1);
    Size3 threads = Size3.of(DEFAULT_THREADS);
    var constants = new LinkedHashMap<String, String>();
    var inputs = new LinkedHashMap<String, CheckInput>();
    while (words.hasNext() && !words.peek().equals("kernel")) {
      if (words.skip("grid")) {
        groups = words.size("the number of threadgroups");
      } else if (words.skip("threads")) {
        threads = threads();
      } else if (words.skip("constant")) {
        String name = constantName();
        constants.put(name, words.take("the value of " + name));
      } else if (words.skip("buffer")) {
        inputs.put(argument(kernel), buffer());
      } else if (words.skip("args")) {
        inputs.put(argument(kernel), values());
      } else if (words.skip("threadgroup")) {
        inputs.put(
            argument(kernel),
            new CheckInput.Threadgroup(atMost(MAX_THREADGROUP, "threadgroup memory")));
      } else {
        throw words.problem(
            "'" + words.peek() + "' is none of grid, threads, constant, buffer, args, threadgroup");
      }
    }
    return new CheckCase(kernel.name(), where, false, groups, threads, constants, inputs);
  }

  private MslKernel kernel() {
    String wanted = words.peek();
    MslKernel kernel =
        module
            .kernel(wanted)
            .orElseThrow(() -> words.problem("this file has no kernel '" + wanted + "'"));
    words.take("the kernel's name");
    return kernel;
  }

  private String constantName() {
    String wanted = words.peek();
    if (module.functionConstants().stream().noneMatch(c -> c.name().equals(wanted))) {
      throw words.problem("this file has no function constant '" + wanted + "'");
    }
    return words.take("the constant's name");
  }

  private String argument(MslKernel kernel) {
    String wanted = words.peek();
    if (kernel.argument(wanted).isEmpty()) {
      throw words.problem("kernel " + kernel.name() + " has no argument '" + wanted + "'");
    }
    return words.take("the argument's name");
  }

  private Size3 threads() {
    Size3 threads = words.size("the number of threads");
    if (threads.count() > Size3.MAX_THREADS) {
      throw words.problem("a threadgroup has at most " + Size3.MAX_THREADS + " threads");
    }
    return threads;
  }

  private long atMost(long most, String what) {
    long value = words.count(what);
    if (value > most) {
      throw words.problem(what + " is at most " + most + ", not " + value);
    }
    return value;
  }

  private CheckInput buffer() {
    String word = words.peek();
    Matcher array = ARRAY.matcher(word);
    Scalar type = array.matches() ? Scalar.named(array.group(1)).orElse(null) : null;
    if (type == null) {
      throw words.problem("a buffer is like f32[1024] or u8[18], not '" + word + "'");
    }
    long count = Long.parseLong(array.group(2));
    if (count < 1 || count > MAX_BYTES / type.bytes()) {
      throw words.problem("a buffer has 1 byte to 1 GiB");
    }
    words.take("the buffer's type");
    if (words.skip("random")) {
      boolean bounded = words.nextIsNumber();
      double low = bounded ? words.number("the least value") : type.isFloat() ? -1 : 0;
      double high = bounded ? words.number("the bound of values") : type.isFloat() ? 1 : 256;
      return new CheckInput.Buffer(type, count, CheckInput.Fill.RANDOM, low, high);
    }
    if (words.skip("ramp")) {
      return new CheckInput.Buffer(type, count, CheckInput.Fill.RAMP, 0, 0);
    }
    if (words.skip("undefined")) {
      return new CheckInput.Buffer(type, count, CheckInput.Fill.UNDEFINED, 0, 0);
    }
    if (words.skip("zero") || !words.nextIsNumber()) {
      return new CheckInput.Buffer(type, count, CheckInput.Fill.CONSTANT, 0, 0);
    }
    return new CheckInput.Buffer(
        type, count, CheckInput.Fill.CONSTANT, words.number("the value"), 0);
  }

  private CheckInput values() {
    var fields = new LinkedHashMap<String, Double>();
    if (words.nextIsNumber()) {
      fields.put("", words.number("the value"));
      return new CheckInput.Values(fields);
    }
    while (words.peek().contains("=")) {
      String word = words.peek();
      int equals = word.indexOf('=');
      try {
        fields.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
      } catch (NumberFormatException e) {
        throw words.problem("'" + word + "' is not FIELD=NUMBER");
      }
      words.take("a field");
    }
    return new CheckInput.Values(fields);
  }

  /** One threadgroup, zeroes in large buffers, constants that are 1. */
  private CheckCase defaultCase(MslKernel kernel) {
    var constants = new LinkedHashMap<String, String>();
    for (FunctionConstant constant : module.functionConstants()) {
      constants.put(constant.name(), "1");
    }
    Map<String, CheckInput> inputs = new LinkedHashMap<>();
    for (MslArgument argument : kernel.arguments()) {
      if (argument.kind() == MslArgument.Kind.THREADGROUP) {
        inputs.put(argument.name(), new CheckInput.Threadgroup(DEFAULT_BYTES / 32));
      } else if (argument.kind() != MslArgument.Kind.GRID) {
        inputs.put(
            argument.name(),
            new CheckInput.Buffer(Scalar.U8, DEFAULT_BYTES, CheckInput.Fill.CONSTANT, 0, 0));
      }
    }
    long threads = Math.min(DEFAULT_THREADS, kernel.maxThreads().orElse((int) DEFAULT_THREADS));
    return new CheckCase(
        kernel.name(), kernel.where(), true, Size3.of(1), Size3.of(threads), constants, inputs);
  }
}
