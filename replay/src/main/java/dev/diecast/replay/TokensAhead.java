package dev.diecast.replay;

import dev.diecast.replay.device.Device;

/**
 * Decode steps that run before the host has seen the tokens of those in front of them. The device
 * passes the token on by itself; the host drains the output ring and never waits for the step that
 * it submitted last, so that the device always has work.
 *
 * <p>What ran too far is undone by {@link #settle}.
 */
final class TokensAhead {
  private final Device device;
  private final StepBuffers step;
  private final int decode;
  private final StepMirror mirror = new StepMirror();

  private boolean following;
  private boolean stale;
  private int ahead;
  private long last;
  private long waited;

  TokensAhead(Device device, StepBuffers step, int decode) {
    this.device = device;
    this.step = step;
    this.decode = decode;
  }

  /** Whether the device may be further than the host. */
  boolean following() {
    return following;
  }

  /** The position behind the last token taken; only while {@link #following}. */
  int position() {
    return mirror.position();
  }

  /** Nanoseconds of the last {@link #next} that were spent waiting for the device. */
  long waited() {
    return waited;
  }

  /**
   * The next token.
   *
   * @param useful how many more tokens could be wanted, this one included; no step beyond is
   *     submitted
   */
  int next(int useful) {
    if (!following) {
      step.next(1, true);
      mirror.begin(step);
      following = true;
    }
    for (int most = Math.min(useful, device.depth()); ahead < most; ahead++) {
      last = device.submit(decode);
    }
    long before = System.nanoTime();
    device.await(last - ahead + 1);
    waited = System.nanoTime() - before;
    ahead--;
    int token = step.emittedToken(mirror.emitted());
    mirror.follow(token);
    return token;
  }

  /** Waits for all steps and undoes those whose tokens nobody took. */
  void settle() {
    if (!following) {
      return;
    }
    following = false;
    if (ahead > 0) {
      ahead = 0;
      device.await(last);
      mirror.restore(step);
      stale = true;
    }
  }

  /** Computes the logits of the last token again where a step that was undone overwrote them. */
  void refreshLogits() {
    if (stale) {
      stale = false;
      // The host may have changed the sampling since.
      mirror.begin(step);
      mirror.rewindOne(step);
      step.next(1, false);
      device.await(device.submit(decode));
      mirror.restore(step);
    }
  }

  /** Other steps follow, or the session starts anew: nothing is left to undo. */
  void forget() {
    following = false;
    stale = false;
    ahead = 0;
  }
}
