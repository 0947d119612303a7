package dev.diecast.tools.model;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.tools.console.Console;
import java.io.IOException;

/**
 * What one token costs, summed over the decode program.
 *
 * @param dispatches kernel launches
 * @param barriers dispatches that wait for earlier ones
 * @param kernels different kernels
 * @param weightBytes weights read for one token
 * @param kvBytes the KV cache of the whole context
 * @param arenaBytes activations, as laid out
 * @param arenaLowerBound what no layout could undercut
 * @param arenaNaive activations if nothing shared memory
 */
public record PlanTotals(
    long dispatches,
    long barriers,
    long kernels,
    long weightBytes,
    long kvBytes,
    long arenaBytes,
    long arenaLowerBound,
    long arenaNaive) {

  /** The totals of a plan's decode program. */
  public static PlanTotals of(Plan plan) {
    Program decode = decode(plan);
    return new PlanTotals(
        decode.dispatches().size(),
        decode.dispatches().stream().filter(Dispatch::barrierBefore).count(),
        decode.dispatches().stream().mapToInt(Dispatch::kernel).distinct().count(),
        decode.dispatches().stream().mapToLong(Dispatch::weightBytes).sum(),
        bytes(plan, PlanBuffer.Kv.class),
        bytes(plan, PlanBuffer.Arena.class),
        decode.arenaLowerBoundBytes(),
        decode.arenaNaiveBytes());
  }

  /** The decode program of a plan; an error when there is none. */
  public static Program decode(Plan plan) {
    return plan.programs().stream()
        .filter(program -> program.name().equals("decode"))
        .findFirst()
        .orElseThrow(() -> new PlanException("plan: has no program 'decode'"));
  }

  private static long bytes(Plan plan, Class<? extends PlanBuffer> kind) {
    return plan.buffers().stream().filter(kind::isInstance).mapToLong(PlanBuffer::bytes).sum();
  }

  /** Prints them for people. */
  public void print(Console console) throws IOException {
    console.line(
        "  per token   %d dispatches of %d kernels, %d barriers, %s of weights read",
        dispatches, kernels, barriers, ByteCount.of(weightBytes));
    console.line(
        "  memory      arena %s for all programs (decode needs %s at least, %s without reuse), KV cache %s",
        ByteCount.of(arenaBytes),
        ByteCount.of(arenaLowerBound),
        ByteCount.of(arenaNaive),
        ByteCount.of(kvBytes));
  }
}
