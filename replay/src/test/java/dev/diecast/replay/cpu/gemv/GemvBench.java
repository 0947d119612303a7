package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.LongVector;

/**
 * Weight bytes per second of {@code gemv}, out of memory that no cache holds, next to a loop that
 * only reads, interleaved in the same run because machines are noisy. Arguments: types and shapes
 * (rows x cols), each separated by commas, tokens, seconds per cell.
 *
 * <pre>GemvBench q4_0,q8_0 2048x2048,32000x2048 1 1.0</pre>
 */
final class GemvBench {
  private static final long WEIGHTS = Long.getLong("weights", 384L << 20);

  private final MemorySegment weights;
  private final Arena arena;
  private final Team team = new Team();

  private GemvBench(Arena arena) {
    this.arena = arena;
    this.weights = arena.allocate(WEIGHTS, 4096);
  }

  static void main(String[] args) {
    String[] types = args[0].split(",", -1);
    String[] shapes = args[1].split(",", -1);
    int tokens = Integer.parseInt(args[2]);
    double seconds = Double.parseDouble(args[3]);
    try (Arena arena = Arena.ofShared()) {
      GemvBench bench = new GemvBench(arena);
      for (String type : types) {
        bench.fill(TensorType.ofSuffix(type).orElseThrow());
        for (String shape : shapes) {
          String[] size = shape.split("x", -1);
          bench.cell(type, Integer.parseInt(size[0]), Integer.parseInt(size[1]), tokens, seconds);
        }
      }
    }
  }

  private void fill(TensorType type) {
    long stretch = type.blockBytes() * 4096L;
    RandomBlocks.fill(type, weights.address(), stretch, new Random(1));
    for (long at = stretch; at < WEIGHTS; at += stretch) {
      long n = Math.min(stretch, WEIGHTS - at);
      MemorySegment.copy(weights, 0, weights, at, n);
    }
  }

  private void cell(String suffix, int rows, int cols, int tokens, double seconds) {
    TensorType type = TensorType.ofSuffix(suffix).orElseThrow();
    long bytes = type.rowBytes(cols) * rows;
    List<BoundKernel> kernels = new ArrayList<>();
    for (long at = 0; at + bytes <= WEIGHTS; at += (bytes + 63) / 64 * 64) {
      kernels.add(bind(suffix, weights.asSlice(at, bytes), rows, cols, tokens));
    }
    List<BoundKernel> readers = List.of(new Reading(weights.address(), WEIGHTS));
    warm(kernels, readers);
    double[][] rates = new double[4][64];
    int rounds = 0;
    long slice = (long) (seconds * 1e9 / 32);
    for (long end = System.nanoTime() + (long) (seconds * 1e9);
        rounds < 64 && (rounds < 4 || System.nanoTime() < end);
        rounds++) {
      rates[0][rounds] = cpuRate(readers, WEIGHTS, slice);
      rates[1][rounds] = cpuRate(kernels, bytes, slice);
      rates[2][rounds] = rate(readers, WEIGHTS, 2, slice);
      rates[3][rounds] = rate(kernels, bytes, 2, slice);
    }
    double flops = 2.0 * rows * cols * tokens / bytes;
    System.out.printf(
        Locale.ROOT,
        "%-5s %5dx%-5d T=%d GB/s 1 thread %s of %s; 2 threads %s of %s; GFLOP/s %.0f %.0f%n",
        suffix,
        rows,
        cols,
        tokens,
        spread(rates[1], rounds),
        spread(rates[0], rounds),
        spread(rates[3], rounds),
        spread(rates[2], rounds),
        flops * median(rates[1], rounds),
        flops * median(rates[3], rounds));
  }

  private BoundKernel bind(String suffix, MemorySegment w, int rows, int cols, int tokens) {
    Dispatch d = new Dispatch("gemv_" + suffix, arena);
    d.bind("w", w);
    float[] x = new float[tokens * cols];
    Random random = new Random(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    d.floats("x", x);
    d.buffer("y", 4L * rows * tokens);
    d.arg("n_tokens", tokens).arg("rows", rows).arg("cols", cols);
    d.arg("x_stride", cols).arg("y_stride", rows).arg("residual_stride", 0);
    d.arg("row_bytes", w.byteSize() / rows);
    d.active(tokens);
    return d.bind();
  }

  /** Runs on one thread until speed stops improving: two spinning threads starve the compiler. */
  private void warm(List<BoundKernel> kernels, List<BoundKernel> readers) {
    double best = 0;
    long improved = System.nanoTime();
    long limit = improved + Long.getLong("warm", 20) * 1_000_000_000L;
    while (System.nanoTime() < limit && System.nanoTime() - improved < 2_500_000_000L) {
      double rate = rate(kernels, 1, 1, 20_000_000);
      rate(readers, 1, 1, 1_000_000);
      if (rate > best * 1.05) {
        best = rate;
        improved = System.nanoTime();
      }
    }
  }

  private int next;

  private double rate(List<BoundKernel> kernels, long bytes, int threads, long nanos) {
    long start = System.nanoTime();
    long now = start;
    int runs = 0;
    while (now - start < nanos || runs == 0) {
      team.run(kernels.get(next++ % kernels.size()), threads, arena);
      runs++;
      now = System.nanoTime();
    }
    return (double) bytes * runs / (now - start);
  }

  /** Bytes per nanosecond of processor time: what one thread does while it is not put aside. */
  private double cpuRate(List<BoundKernel> kernels, long bytes, long nanos) {
    long before = cpuNanos();
    long start = System.nanoTime();
    int runs = 0;
    while (System.nanoTime() - start < nanos || runs == 0) {
      team.run(kernels.get(next++ % kernels.size()), 1, arena);
      runs++;
    }
    return (double) bytes * runs / (cpuNanos() - before);
  }

  /** Processor time of this thread; wall time where Linux does not tell. */
  private static long cpuNanos() {
    try {
      return Long.parseLong(
          Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ", -1)[0]);
    } catch (IOException e) {
      return System.nanoTime();
    }
  }

  private static String spread(double[] rates, int n) {
    double[] sorted = Arrays.copyOf(rates, n);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT, "%.1f (%.1f-%.1f)", sorted[n / 2], sorted[n / 10], sorted[n - 1 - n / 10]);
  }

  private static double median(double[] rates, int n) {
    double[] sorted = Arrays.copyOf(rates, n);
    Arrays.sort(sorted);
    return sorted[n / 2];
  }

  /** Two threads at most; the caller is the first. Other work on the machine makes it yield. */
  @SuppressWarnings("ThreadPriorityCheck")
  private static final class Team {
    private final AtomicLong claim = new AtomicLong();
    private final AtomicLong posted = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private BoundKernel kernel = new Reading(0, 0);
    private final long[] scratch = new long[2];
    private final long[] size = new long[2];

    Team() {
      Thread second = new Thread(this::follow);
      second.setDaemon(true);
      second.start();
    }

    void run(BoundKernel next, int threads, Arena arena) {
      for (int i = 0; i < 2; i++) {
        if (size[i] < next.scratchBytes()) {
          scratch[i] = arena.allocate(next.scratchBytes(), 64).address();
          size[i] = next.scratchBytes();
        }
      }
      kernel = next;
      claim.set(0);
      if (threads == 2) {
        long turn = posted.incrementAndGet();
        work(0);
        for (int spins = 0; done.get() != turn; spins++) {
          pause(spins);
        }
      } else {
        work(0);
      }
    }

    private void work(int index) {
      BoundKernel now = kernel;
      Worker worker = new Worker(index, scratch[index]);
      now.begin(worker);
      long items = now.items();
      long grain = now.grain();
      for (long from = claim.getAndAdd(grain); from < items; from = claim.getAndAdd(grain)) {
        now.run(from, Math.min(items, from + grain), worker);
      }
    }

    private void follow() {
      long turn = 0;
      for (int spins = 0; ; spins++) {
        if (posted.get() != turn) {
          work(1);
          done.set(++turn);
          spins = 0;
        }
        pause(spins);
      }
    }

    private static void pause(int spins) {
      if (spins < 1000) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /** The limit: touches every byte. */
  private static final class Reading implements BoundKernel {
    private final long from;
    private final long bytes;
    private final AtomicLong sink = new AtomicLong();

    Reading(long from, long bytes) {
      this.from = from;
      this.bytes = bytes;
    }

    @Override
    public long items() {
      return bytes >> 18;
    }

    @Override
    public long grain() {
      return 1;
    }

    @Override
    public void run(long first, long last, Worker worker) {
      sink.set(read(from + (first << 18), from + (last << 18)));
    }

    private static long read(long p, long end) {
      LongVector a = LongVector.zero(LongVector.SPECIES_PREFERRED);
      LongVector b = a;
      int n = LongVector.SPECIES_PREFERRED.vectorByteSize();
      for (; p < end; p += 2L * n) {
        a =
            a.or(
                LongVector.fromMemorySegment(
                    LongVector.SPECIES_PREFERRED, Memory.ALL, p, Memory.LE));
        b =
            b.or(
                LongVector.fromMemorySegment(
                    LongVector.SPECIES_PREFERRED, Memory.ALL, p + n, Memory.LE));
      }
      return a.or(b).lane(0);
    }
  }
}
