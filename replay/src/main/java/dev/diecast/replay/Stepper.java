package dev.diecast.replay;

import dev.diecast.replay.device.Device;
import dev.diecast.replay.device.DeviceFailure;
import org.jspecify.annotations.Nullable;

/** Runs programs for a session and knows whether the last one ended well. */
final class Stepper {
  private final Device device;
  private final StepBuffers step;
  private final @Nullable Observation observation;
  private final TokensAhead ahead;

  private boolean broken;
  private long deviceNanos;

  Stepper(Device device, StepBuffers step, int decode, @Nullable Observation observation) {
    this.device = device;
    this.step = step;
    this.observation = observation;
    this.ahead = new TokensAhead(device, step, decode);
  }

  /** Whether a run failed since the last {@link #restart}. */
  boolean broken() {
    return broken;
  }

  /** Takes the session for broken from now on. */
  void breakDown() {
    broken = true;
  }

  /** Nanoseconds spent waiting for the device. */
  long deviceNanos() {
    return deviceNanos;
  }

  int position() {
    return ahead.following() ? ahead.position() : step.position();
  }

  /** Whether {@link #next} may be used. */
  boolean runsAhead() {
    return device.depth() > 1 && observation == null;
  }

  /** Runs a program, by its index in the plan, to its end. */
  void run(int program, int active, boolean emit) {
    ahead.forget();
    step.next(active, emit);
    try {
      if (observation == null) {
        long run = device.submit(program);
        long start = System.nanoTime();
        device.await(run);
        deviceNanos += System.nanoTime() - start;
      } else {
        observation.run(program);
      }
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** The next token of the plan's own; see {@link TokensAhead#next}. */
  int next(int useful) {
    try {
      int token = ahead.next(useful);
      deviceNanos += ahead.waited();
      return token;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** Ends and undoes what {@link #next} started and nobody took. */
  void settle() {
    try {
      ahead.settle();
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** Makes the logits those of the last token again. */
  void refreshLogits() {
    settle();
    try {
      ahead.refreshLogits();
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** Back to an empty cache, also after a failure; throws when the device is gone. */
  void restart() {
    if (!broken) {
      try {
        settle();
      } catch (ReplayException _) {
        // A step that nobody asked for failed; what it broke is recovered below.
      }
    }
    ahead.forget();
    if (broken) {
      try {
        device.recover();
      } catch (RuntimeException e) {
        throw failed(e);
      }
    }
    step.rewind();
    broken = false;
  }

  private RuntimeException failed(RuntimeException e) {
    broken = true;
    ahead.forget();
    return e instanceof DeviceFailure ? new ReplayException(String.valueOf(e.getMessage()), e) : e;
  }
}
