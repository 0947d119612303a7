package dev.diecast.tests.softmetal;

import dev.diecast.kernels.host.HostCompiler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The software Metal: a library that answers the Objective-C messages of Metal on Linux, runs MSL
 * through the host execution, and keeps a list of rules that were broken. There is one per process;
 * {@link #load} names it to the bindings.
 */
public final class SoftMetal {
  private static final Path KERNELS = Path.of("target", "softmetal", "kernels");
  private static SoftMetal loaded;

  private final NativeFunctions library;
  private final KernelExecutor executor;
  private Set<String> aliveBefore = Set.of();

  private SoftMetal(Path file) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
    this.library = new NativeFunctions(symbols);
    this.executor = new KernelExecutor(library, KERNELS);
    MemorySegment functions = executor.functions(Arena.global());
    library.run("soft_set_executor", functions);
    Facts.read().availability(library);
  }

  /** Asked once: it tries compilers. */
  private static final class Machine {
    static final Optional<String> PROBLEM =
        HostCompiler.isAvailable()
            ? LibraryBuild.problem()
            : Optional.of("the software Metal needs clang++ 17 or later on Linux");
  }

  /** Why it cannot run here, or empty. */
  public static Optional<String> problem() {
    return Machine.PROBLEM;
  }

  /** Builds and loads it, once, and puts it into the state after {@link #reset}. */
  public static synchronized SoftMetal load() {
    if (loaded == null) {
      Path file = LibraryBuild.library();
      System.setProperty("diecast.metal.library", file.toString());
      loaded = new SoftMetal(file);
    }
    loaded.reset();
    return loaded;
  }

  /** The library as the test in hand left it: what {@link #load} gave, not reset. */
  static synchronized SoftMetal inUse() {
    return Objects.requireNonNull(loaded, "no test has loaded the software Metal");
  }

  /** Settings as at first, no faults, no findings, messages and objects counted from here. */
  public void reset() {
    settle();
    library.run("soft_defaults");
    library.run("soft_inject_nothing");
    library.run("soft_device_found");
    library.run("soft_forget_findings");
    executor.setChecked(false);
    aliveBefore = Set.copyOf(library.lines("soft_live_objects"));
    mark();
  }

  /** Sets what it pretends to be or how it runs. */
  public SoftMetal set(Setting setting, long value) {
    if (!library.yes("soft_set", setting.key(), value)) {
      throw new IllegalArgumentException("the library knows no setting " + setting);
    }
    return this;
  }

  /** The device's name. */
  public SoftMetal setDeviceName(String name) {
    library.run("soft_set_device_name", name);
    return this;
  }

  /** Checks every access of kernels that pipelines made from now on run. */
  public SoftMetal checkKernels() {
    executor.setChecked(true);
    return this;
  }

  /** Waits until no queue has anything to do. */
  public void settle() {
    if (!library.yes("soft_settle", 60_000L)) {
      throw new IllegalStateException("the software Metal is still busy after a minute");
    }
  }

  /** The rules that were broken since the last reset. */
  public List<Finding> findings() {
    return library.lines("soft_findings").stream().map(Finding::parse).toList();
  }

  /**
   * How many objects of each class are alive, without those that live as long as the process and
   * those that somebody left before the last reset, such as a planted misuse.
   */
  public Map<String, Long> liveObjects() {
    return library.lines("soft_live_objects").stream()
        .filter(line -> !aliveBefore.contains(line))
        .collect(
            Collectors.groupingBy(
                line -> line.split("\t", -1)[0], TreeMap::new, Collectors.counting()));
  }

  /** Counts messages from here. */
  public void mark() {
    library.run("soft_mark");
  }

  /** How many messages of each selector were sent since the last mark. */
  public Map<String, Long> messages() {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : library.lines("soft_messages")) {
      String[] columns = line.split("\t", -1);
      counts.put(columns[0], Long.parseLong(columns[1]));
    }
    return counts;
  }

  /** All messages since the last mark that could have failed. */
  public List<CallSite> callSites() {
    Map<String, String> ways = new HashMap<>();
    methods().stream()
        .filter(method -> !method.wayToFail().isEmpty())
        .forEach(method -> ways.put(method.selector(), method.wayToFail()));
    List<CallSite> sites = new ArrayList<>();
    messages()
        .forEach((selector, count) -> {
          for (long n = 1; n <= count && ways.containsKey(selector); n++) {
            sites.add(new CallSite(selector, n, ways.get(selector)));
          }
        });
    return sites;
  }

  /**
   * Lets a message fail.
   *
   * @param occurrence which one since the last mark, from 1; 0 for each
   */
  public SoftMetal inject(String selector, long occurrence, Fault fault) {
    library.run("soft_inject", selector, occurrence, fault.kind(), fault.detail());
    return this;
  }

  /** Lets a message fail in the way that it can. */
  public SoftMetal inject(CallSite site) {
    return inject(
        site.selector(),
        site.occurrence(),
        site.way().equals("gpu") ? new Fault.Gpu(INTERNAL) : new Fault.Call());
  }

  /** MTLCommandBufferErrorInternal. */
  private static final long INTERNAL = 1;

  /** No message fails any more. */
  public void injectNothing() {
    library.run("soft_inject_nothing");
  }

  /**
   * A counter: {@code dispatches}, {@code faults}, {@code archive-hits}, {@code archive-misses}.
   */
  public long counter(String name) {
    return library.number("soft_counter", name);
  }

  /** All methods that it has. */
  List<Implemented> methods() {
    return library.lines("soft_methods").stream().map(Implemented::parse).toList();
  }
}
