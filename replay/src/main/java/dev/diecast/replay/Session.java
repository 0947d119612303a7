package dev.diecast.replay;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.replay.device.Device;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one model: a plan bound to a device, and the KV cache of what was said so
 * far. Methods exclude each other, so that threads may share a session without harm; they do not
 * run in parallel.
 *
 * <p>Errors: {@link PlanException} for input that cannot be used, {@link ReplayException} when a
 * step fails on the device, after which only {@link #reset()} and {@link #close()} work, and {@link
 * IllegalStateException} for calls out of order.
 */
public final class Session implements AutoCloseable {
  private final Plan plan;
  private final ModelSource model;
  private final Device device;
  private final Programs programs;
  private final StepBuffers step;
  private final Stepper stepper;
  private final int capacity;
  private final int vocab;

  private @Nullable Tokenizer tokenizer;
  private boolean closed;
  private boolean hasLogits;
  private boolean hasToken;
  private StartUp startUp = StartUp.UNKNOWN;

  private Session(Plan plan, ModelSource model, Device device, @Nullable Observation observation) {
    this.plan = plan;
    this.model = model;
    this.device = device;
    this.programs = new Programs(plan);
    this.step = new StepBuffers(plan, device::buffer);
    this.stepper = new Stepper(device, step, programs.decode(), observation);
    this.capacity = Math.toIntExact(plan.model().context());
    this.vocab = Math.toIntExact(plan.model().vocab());
    step.sampling(Sampling.greedy());
  }

  /**
   * Binds a plan to its model. The model must stay open as long as the session.
   *
   * @throws PlanException when the plan is for another model or another device, does not hold, or
   *     needs more memory than there is
   */
  public static Session open(Plan plan, GgufFile model, SessionOptions options) {
    return open(plan, model, parts(model), options);
  }

  /**
   * The same with an observer that sees what every dispatch wrote, for debugging: dispatches then
   * run one at a time. There is no warm-up.
   */
  public static Session open(
      Plan plan, GgufFile model, SessionOptions options, DispatchObserver observer) {
    return open(plan, model, parts(model), options, observer);
  }

  private static List<MemorySegment> parts(GgufFile model) {
    List<MemorySegment> parts = new ArrayList<>();
    for (int i = 0; i < model.parts(); i++) {
      parts.add(model.part(i));
    }
    return parts;
  }

  /** The same for parts that are mapped already. */
  static Session open(
      Plan plan, ModelSource model, List<MemorySegment> parts, SessionOptions options) {
    return open(plan, model, parts, options, null);
  }

  static Session open(
      Plan plan,
      ModelSource model,
      List<MemorySegment> parts,
      SessionOptions options,
      @Nullable DispatchObserver observer) {
    long start = System.nanoTime();
    Devices.requireKnown(plan);
    PlanVerifier.check(plan);
    ModelMatch.check(plan.model(), model);
    Device device = Devices.open(plan, parts, options);
    try {
      Session session = over(plan, model, device, observer);
      long opened = System.nanoTime() - start;
      int millis = observer == null ? Devices.warmUpMillis(plan, options) : 0;
      WarmUp warmUp = WarmUp.run(session, millis);
      session.startUp = new StartUp(device.notes(), opened, warmUp);
      return session;
    } catch (Throwable t) {
      device.close();
      throw t;
    }
  }

  /** A session over a device that is open already, which it takes over. */
  static Session over(
      Plan plan, ModelSource model, Device device, @Nullable DispatchObserver observer) {
    Observation observation = observer == null ? null : new Observation(plan, device, observer);
    return new Session(plan, model, device, observation);
  }

  /** The plan that this session replays. */
  public Plan plan() {
    return plan;
  }

  /** Tokens in the KV cache, which is the position of the next token. */
  public synchronized int position() {
    checkOpen();
    return stepper.position();
  }

  /** Tokens that the KV cache holds. */
  public int capacity() {
    return capacity;
  }

  /** Tokens in the vocabulary, the width of a logits row. */
  public int vocab() {
    return vocab;
  }

  /** Sets how tokens are chosen from now on; greedy at first. */
  public synchronized void sampling(Sampling sampling) {
    checkOpen();
    stepper.settle();
    step.sampling(sampling);
  }

  /** Consumes tokens, many at a time; leaves the last one's logits and emits nothing. */
  public synchronized void prefill(int[] tokens) {
    consume(tokens, false);
  }

  /**
   * Consumes tokens like {@link #prefill} and chooses the next one from the last one's logits, with
   * no extra step. {@link #step()} goes on from there.
   */
  public synchronized int start(int[] tokens) {
    consume(tokens, true);
    return emitted();
  }

  /** Consumes one given token in a decode step; leaves its logits and emits nothing. */
  public synchronized void feed(int token) {
    checkUsable();
    checkToken(token);
    stepper.settle();
    checkRoom(1);
    step.token(token);
    run(programs.decode(), 1, false);
  }

  /**
   * Consumes the token that {@link #start} or the last {@code step} returned and chooses the next.
   */
  public synchronized int step() {
    checkHasToken();
    stepper.settle();
    checkRoom(1);
    run(programs.decode(), 1, true);
    return emitted();
  }

  /**
   * Like that many calls of {@link #step()}, of which the last one's token is returned, but the
   * device need not wait for the host between them.
   *
   * @param count at least 1
   */
  public synchronized int steps(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " steps, it must be 1 or more");
    }
    checkHasToken();
    checkRoom(count);
    int token = 0;
    try {
      for (int left = count; left > 0; left--) {
        token = stepAhead(left);
      }
    } finally {
      settle();
    }
    return token;
  }

  /**
   * Like {@link #step()}, but the device may go on by itself with the tokens behind this one until
   * {@link #settle}.
   *
   * @param useful how many more tokens could be wanted, this one included
   */
  int stepAhead(int useful) {
    if (!stepper.runsAhead()) {
      return step();
    }
    checkHasToken();
    checkRoom(1);
    int token = stepper.next(Math.min(useful, capacity - stepper.position()));
    checkToken(token);
    if (token == 0) {
      // It is also what is chosen when no logit is a number; only its logit can tell.
      stepper.refreshLogits();
      checkChosen(token);
    }
    return token;
  }

  /** Ends what {@link #stepAhead} set in motion. */
  void settle() {
    if (!closed && !stepper.broken()) {
      stepper.settle();
    }
  }

  /**
   * Generates a text from a prompt, from an empty context.
   *
   * @param sink takes the text piece by piece, as soon as it is certain; no piece ends within a
   *     character
   */
  public synchronized Generation generate(
      String prompt, GenerateOptions options, Consumer<String> sink) {
    long began = System.nanoTime();
    reset();
    int[] tokens = tokenizer().encode(prompt, options.addSpecial(), options.parseSpecial());
    return new Generator(this, tokenizer(), options, sink).run(tokens, began);
  }

  /** Generates a text from tokens, which are appended to the context as it is. */
  public synchronized Generation generate(
      int[] tokens, GenerateOptions options, Consumer<String> sink) {
    long began = System.nanoTime();
    return new Generator(this, tokenizer(), options, sink).run(tokens, began);
  }

  /** The model's tokenizer. */
  public synchronized Tokenizer tokenizer() {
    Tokenizer known = tokenizer;
    if (known == null) {
      known = Tokenizer.of(model.metadata());
      tokenizer = known;
    }
    return known;
  }

  /** A copy of the logits of the last token consumed: {@link #vocab()} values. */
  public synchronized float[] logits() {
    float[] copy = new float[vocab];
    logits(copy);
    return copy;
  }

  /** Copies the logits of the last token consumed into an array of {@link #vocab()} values. */
  public synchronized void logits(float[] into) {
    checkUsable();
    if (!hasLogits) {
      throw new IllegalStateException("no token was consumed yet: there are no logits");
    }
    if (into.length < vocab) {
      throw new IllegalArgumentException(
          "logits are " + vocab + " values, the array has " + into.length);
    }
    stepper.refreshLogits();
    step.logits(into);
  }

  /** Forgets everything but the sampling parameters; position 0. */
  public synchronized void reset() {
    checkOpen();
    stepper.restart();
    hasLogits = false;
    hasToken = false;
  }

  /** Ends the threads and frees the memory; the model stays open. */
  @Override
  public synchronized void close() {
    closed = true;
    device.close();
  }

  /** Nanoseconds spent on the device since the session began; the rest of a step is host time. */
  public synchronized long deviceNanos() {
    return stepper.deviceNanos();
  }

  /** How opening went, and how fast the first steps were. */
  public synchronized StartUp startUp() {
    return startUp;
  }

  private void consume(int[] tokens, boolean emit) {
    checkUsable();
    if (tokens.length == 0) {
      throw new PlanException("the prompt is empty");
    }
    for (int token : tokens) {
      checkToken(token);
    }
    stepper.settle();
    checkRoom(tokens.length);
    int done = 0;
    while (done < tokens.length) {
      int program = programs.forPrompt(tokens.length - done);
      int count = Math.min(plan.programs().get(program).tokens(), tokens.length - done);
      if (program == programs.decode()) {
        step.token(tokens[done]);
      } else {
        step.prompt(tokens, done, count);
      }
      done += count;
      run(program, count, emit && done == tokens.length);
    }
  }

  private void run(int program, int active, boolean emit) {
    hasToken = false;
    hasLogits = false;
    stepper.run(program, active, emit);
    hasLogits = true;
    hasToken = emit;
  }

  private int emitted() {
    int token = step.sampled();
    checkToken(token);
    checkChosen(token);
    return token;
  }

  private void checkChosen(int token) {
    float logit = step.logit(token);
    if (Float.isNaN(logit) || logit == Float.NEGATIVE_INFINITY) {
      stepper.breakDown();
      throw new ReplayException(
          "position "
              + (step.position() - 1)
              + ": no logit is a number; the weights may be damaged");
    }
  }

  private void checkToken(int token) {
    if (token < 0 || token >= vocab) {
      throw new PlanException("token " + token + " is not in the vocabulary of " + vocab);
    }
  }

  private void checkHasToken() {
    checkUsable();
    if (!hasToken) {
      throw new IllegalStateException("no token was chosen yet: start(tokens) comes before step()");
    }
  }

  private void checkRoom(int tokens) {
    int position = stepper.position();
    if (tokens > capacity - position) {
      throw new PlanException(
          "the context holds "
              + capacity
              + " tokens: "
              + position
              + " are in use, "
              + tokens
              + " more do not fit");
    }
  }

  private void checkUsable() {
    checkOpen();
    if (stepper.broken()) {
      throw new IllegalStateException("an earlier step failed: reset() the session first");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
