package dev.diecast.replay;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the metal device works.
 *
 * @param encoder how a token's commands reach the GPU
 * @param tokensInFlight how many decode steps of a generation may be submitted before the host has
 *     seen their tokens; 1 waits for each
 * @param archives the folder that keeps compiled pipelines; without one they are compiled each time
 * @param warmUpMillis how long opening may replay throw-away steps, since a GPU is slow at first; 0
 *     is off
 */
public record MetalOptions(
    Encoder encoder, int tokensInFlight, Optional<Path> archives, int warmUpMillis) {
  private static final int USUAL_IN_FLIGHT = 3;
  private static final int USUAL_WARM_UP = 200;
  private static final int MOST_IN_FLIGHT = StepState.RING_TOKENS / 16;

  /** Ways to bring a program's commands to the GPU. */
  public enum Encoder {
    /** What the plan's tuning says, or else what is fastest in a short measurement. */
    AUTO(0),
    /** One compute encoder per token, every dispatch encoded anew. */
    DIRECT(1),
    /** Commands encoded once at load, one {@code executeCommandsInBuffer} per token. */
    ICB(2),
    /** Metal 4: argument tables prepared at load. */
    MTL4(3);

    private final int number;

    Encoder(int number) {
      this.number = number;
    }

    /** What stands for it in the tuning database, under {@code metal encoder ...: encoder}. */
    public int number() {
      return number;
    }
  }

  /** Refuses values outside their range with a {@link PlanException}. */
  public MetalOptions {
    if (tokensInFlight < 1 || tokensInFlight > MOST_IN_FLIGHT) {
      throw new PlanException(
          "tokens in flight is " + tokensInFlight + ", it must be 1 to " + MOST_IN_FLIGHT);
    }
    if (warmUpMillis < 0) {
      throw new PlanException("the warm-up is " + warmUpMillis + " ms, it must be 0 or more");
    }
  }

  /** The encoder that is fastest, 3 tokens in flight, pipelines kept in the user's cache folder. */
  public static MetalOptions defaults() {
    return new MetalOptions(
        Encoder.AUTO, USUAL_IN_FLIGHT, Optional.of(cacheFolder()), USUAL_WARM_UP);
  }

  /** The same with another encoder. */
  public MetalOptions withEncoder(Encoder other) {
    return new MetalOptions(other, tokensInFlight, archives, warmUpMillis);
  }

  /** The same with another number of tokens in flight. */
  public MetalOptions withTokensInFlight(int tokens) {
    return new MetalOptions(encoder, tokens, archives, warmUpMillis);
  }

  /** The same with compiled pipelines in that folder. */
  public MetalOptions withArchives(Path folder) {
    return new MetalOptions(encoder, tokensInFlight, Optional.of(folder), warmUpMillis);
  }

  /** The same with pipelines compiled each time. */
  public MetalOptions withoutArchives() {
    return new MetalOptions(encoder, tokensInFlight, Optional.empty(), warmUpMillis);
  }

  /** The same with another warm-up. */
  public MetalOptions withWarmUpMillis(int millis) {
    return new MetalOptions(encoder, tokensInFlight, archives, millis);
  }

  /** The system property {@code diecast.metal.cache} names another folder. */
  private static Path cacheFolder() {
    String named = System.getProperty("diecast.metal.cache");
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    String configured = System.getenv("XDG_CACHE_HOME");
    Path caches =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(configured);
    return caches.resolve("diecast").resolve("metal");
  }
}
