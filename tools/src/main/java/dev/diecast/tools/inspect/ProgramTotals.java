package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of a program amounts to.
 *
 * @param dispatches kernel launches
 * @param barriers waits between them; the start of the program counts as none
 * @param kernels distinct kernels
 * @param weightsBytes size of all weights of the plan
 * @param kvBytes size of the KV cache
 * @param arenaBytes arena bytes that this program uses, from 0 to the end of its last value
 * @param arenaLowerBoundBytes the most arena bytes alive at one dispatch
 * @param arenaNaiveBytes what the arena would take without reuse
 * @param weightsReadBytes weight bytes that one run reads
 * @param activationBytes other bytes that one run reads and writes
 * @param flops floating-point operations of one run
 */
public record ProgramTotals(
    long dispatches,
    long barriers,
    long kernels,
    long weightsBytes,
    long kvBytes,
    long arenaBytes,
    long arenaLowerBoundBytes,
    long arenaNaiveBytes,
    long weightsReadBytes,
    long activationBytes,
    long flops) {

  /** Adds up a program. */
  public static ProgramTotals of(Plan plan, Program program) {
    return new ProgramTotals(
        program.dispatches().size(),
        program.dispatches().stream().skip(1).filter(Dispatch::barrierBefore).count(),
        program.dispatches().stream().mapToInt(Dispatch::kernel).distinct().count(),
        plan.tensors().stream().mapToLong(PlanTensor::bytes).sum(),
        plan.buffers().stream()
            .filter(PlanBuffer.Kv.class::isInstance)
            .mapToLong(PlanBuffer::bytes)
            .sum(),
        program.arenaValues().stream().mapToLong(v -> v.offset() + v.bytes()).max().orElse(0),
        program.arenaLowerBoundBytes(),
        program.arenaNaiveBytes(),
        program.dispatches().stream().mapToLong(Dispatch::weightBytes).sum(),
        program.dispatches().stream().mapToLong(Dispatch::activationBytes).sum(),
        program.dispatches().stream().mapToLong(Dispatch::flops).sum());
  }

  /** The totals under the names that reports use, in order. */
  public Map<String, Long> named() {
    Map<String, Long> named = new LinkedHashMap<>();
    named.put("dispatches", dispatches);
    named.put("barriers", barriers);
    named.put("kernels", kernels);
    named.put("weights_bytes", weightsBytes);
    named.put("kv_bytes", kvBytes);
    named.put("arena_bytes", arenaBytes);
    named.put("arena_lower_bound_bytes", arenaLowerBoundBytes);
    named.put("arena_naive_bytes", arenaNaiveBytes);
    named.put("weights_read_bytes", weightsReadBytes);
    named.put("activation_bytes", activationBytes);
    named.put("flops", flops);
    return named;
  }
}
