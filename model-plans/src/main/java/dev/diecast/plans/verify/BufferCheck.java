package dev.diecast.plans.verify;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Buffers: sizes, windows into the model's files, and which of them a plan must have. */
final class BufferCheck {
  private static final long WINDOW_LIMIT = 1L << 32;
  // Tensors begin at such an offset in every GGUF; a window may begin where a tensor does.
  private static final long WINDOW_ALIGNMENT = 4;

  private final Plan plan;
  private final Findings findings;
  private final long mostTokens;

  private BufferCheck(Plan plan, Findings findings) {
    this.plan = plan;
    this.findings = findings;
    this.mostTokens = plan.programs().stream().mapToInt(Program::tokens).max().orElse(1);
  }

  static void run(Plan plan, Findings findings) {
    BufferCheck check = new BufferCheck(plan, findings);
    Set<String> names = new HashSet<>();
    for (PlanBuffer buffer : plan.buffers()) {
      String place = "buffer " + buffer.name();
      if (!names.add(buffer.name())) {
        findings.add(place, "two buffers have that name");
      }
      if (buffer.bytes() <= 0) {
        findings.add(place, "its size of " + buffer.bytes() + " bytes is not positive");
      }
      check.buffer(place, buffer);
    }
    check.inventory();
  }

  private void buffer(String place, PlanBuffer buffer) {
    switch (buffer) {
      case PlanBuffer.Weights weights -> window(place, weights);
      case PlanBuffer.State state -> exactly(place, StepState.BYTES, state.bytes());
      case PlanBuffer.Io io -> io(place, io);
      case PlanBuffer.Constants _, PlanBuffer.Kv _, PlanBuffer.Arena _, PlanBuffer.Tickets _ -> {}
    }
  }

  private void window(String place, PlanBuffer.Weights window) {
    List<Long> files = plan.model().fileBytes();
    if (window.bytes() >= WINDOW_LIMIT) {
      findings.add(place, "a window of " + window.bytes() + " bytes is not below 4 GiB");
    }
    if (window.fileOffset() % WINDOW_ALIGNMENT != 0) {
      findings.add(
          place, "file offset " + window.fileOffset() + " is no multiple of " + WINDOW_ALIGNMENT);
    }
    if (window.fileIndex() < 0 || window.fileIndex() >= files.size()) {
      findings.add(place, "the model has no file " + window.fileIndex());
    } else if (!Ranges.inside(window.fileOffset(), window.bytes(), files.get(window.fileIndex()))) {
      findings.add(
          place,
          "bytes "
              + window.fileOffset()
              + " + "
              + window.bytes()
              + " are not inside file "
              + window.fileIndex()
              + " of "
              + files.get(window.fileIndex())
              + " bytes");
    }
  }

  private void io(String place, PlanBuffer.Io io) {
    switch (io.name()) {
      case "logits" -> exactly(place, plan.model().vocab() * Float.BYTES, io.bytes());
      case "ring" -> exactly(place, (long) StepState.RING_TOKENS * Integer.BYTES, io.bytes());
      case "prompt" -> {
        long needed = mostTokens * Integer.BYTES;
        if (io.bytes() < needed) {
          findings.add(place, io.bytes() + " bytes do not hold the " + needed + " of a prompt");
        }
      }
      default -> findings.add(place, "no io buffer has that name: logits, prompt and ring exist");
    }
  }

  private void exactly(String place, long expected, long bytes) {
    if (bytes != expected) {
      findings.add(place, "its size of " + bytes + " bytes is not " + expected);
    }
  }

  private void inventory() {
    count("state", PlanBuffer.State.class, 1, 1);
    count("arena", PlanBuffer.Arena.class, 0, 1);
    count("tickets", PlanBuffer.Tickets.class, 0, 1);
    need("logits");
    need("ring");
    if (mostTokens > 1) {
      need("prompt");
    }
  }

  private void count(String what, Class<? extends PlanBuffer> kind, long least, long most) {
    long count = plan.buffers().stream().filter(kind::isInstance).count();
    if (count < least || count > most) {
      findings.add("buffers", count + " buffers hold the " + what + ", not " + most);
    }
  }

  private void need(String io) {
    if (plan.buffers().stream()
        .noneMatch(buffer -> buffer instanceof PlanBuffer.Io && buffer.name().equals(io))) {
      findings.add("buffers", "the io buffer '" + io + "' is missing");
    }
  }
}
