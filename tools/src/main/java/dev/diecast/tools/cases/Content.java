package dev.diecast.tools.cases;

import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.Map;

/** What lies in the buffer of a slot before the kernel runs. */
public sealed interface Content {
  /** Size of the buffer; 0 where another slot has it. */
  long bytes();

  /** What the buffer is an array of. */
  default Element element() {
    return Element.INT;
  }

  /** Random float32 values, normally distributed. */
  record Floats(long count, double mean, double deviation) implements Content {
    @Override
    public long bytes() {
      return Math.multiplyExact(count, 4L);
    }

    @Override
    public Element element() {
      return Element.FLOAT;
    }
  }

  /** Random float16 values, normally distributed about 0. */
  record Halves(long count, double deviation) implements Content {
    @Override
    public long bytes() {
      return Math.multiplyExact(count, 2L);
    }

    @Override
    public Element element() {
      return Element.HALF;
    }
  }

  /** These float32 values. */
  record GivenFloats(List<Float> values) implements Content {
    /** Copies the list. */
    public GivenFloats {
      values = List.copyOf(values);
    }

    @Override
    public long bytes() {
      return 4L * values.size();
    }

    @Override
    public Element element() {
      return Element.FLOAT;
    }
  }

  /** These float64 values. */
  record Doubles(List<Double> values) implements Content {
    /** Copies the list. */
    public Doubles {
      values = List.copyOf(values);
    }

    @Override
    public long bytes() {
      return 8L * values.size();
    }
  }

  /** These int32 values. */
  record Ints(List<Integer> values) implements Content {
    /** Copies the list. */
    public Ints {
      values = List.copyOf(values);
    }

    @Override
    public long bytes() {
      return 4L * values.size();
    }
  }

  /** Rows of random but valid blocks. */
  record Blocks(TensorType type, long rows, long cols, double deviation) implements Content {
    @Override
    public long bytes() {
      return Math.multiplyExact(rows, type.rowBytes(cols));
    }
  }

  /** The step state; fields that are not given are 0. Keys are offsets of {@link StepState}. */
  record State(Map<Long, Number> fields) implements Content {
    /** Copies the map. */
    public State {
      fields = Map.copyOf(fields);
    }

    @Override
    public long bytes() {
      return StepState.BYTES;
    }
  }

  /** Zeros: tickets. */
  record Zeros(long bytes) implements Content {}

  /** Room for results. What it holds is no value that a kernel gives, so that writes show. */
  record Room(Element element, long count) implements Content {
    @Override
    public long bytes() {
      return Math.multiplyExact(count, (long) element.bytes());
    }
  }

  /** The memory of another slot, for kernels that work in place. */
  record Same(String slot) implements Content {
    @Override
    public long bytes() {
      return 0;
    }
  }
}
