package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run of neighbouring dispatches of one layer amounts to.
 *
 * @param layer the layer, -1 outside the layers
 * @param first index of its first dispatch
 * @param dispatches how many
 * @param barriers waits before them; none for the first dispatch of a program
 * @param kernels kernel indices in order: layers of one kind have the same
 * @param weightBytes weight bytes read
 * @param kvBytes cache bytes read
 * @param predictedMicros predicted time
 * @param rooflineMicros sum of the bounds of the dispatches
 */
record LayerCost(
    int layer,
    int first,
    long dispatches,
    long barriers,
    List<Integer> kernels,
    long weightBytes,
    long kvBytes,
    double predictedMicros,
    double rooflineMicros) {

  /** The layers of a program in order; what lies outside comes as layers of their own. */
  static List<LayerCost> of(Program program, ProgramCost cost) {
    List<LayerCost> layers = new ArrayList<>();
    List<Dispatch> all = program.dispatches();
    int from = 0;
    for (int i = 1; i <= all.size(); i++) {
      if (i == all.size() || all.get(i).layer() != all.get(from).layer()) {
        layers.add(of(all, from, i, cost.dispatches().subList(from, i)));
        from = i;
      }
    }
    return layers;
  }

  /** Whether both look the same in a table. */
  boolean alike(LayerCost other) {
    return kernels.equals(other.kernels)
        && barriers == other.barriers
        && weightBytes == other.weightBytes
        && kvBytes == other.kvBytes
        && Math.abs(predictedMicros - other.predictedMicros) < 0.005;
  }

  private static LayerCost of(List<Dispatch> all, int from, int to, List<DispatchCost> costs) {
    List<Dispatch> own = all.subList(from, to);
    long waits = own.stream().filter(Dispatch::barrierBefore).count();
    boolean startWaits = from == 0 && own.getFirst().barrierBefore();
    return new LayerCost(
        own.getFirst().layer(),
        from,
        own.size(),
        startWaits ? waits - 1 : waits,
        own.stream().map(Dispatch::kernel).toList(),
        costs.stream().mapToLong(DispatchCost::weightBytes).sum(),
        costs.stream().mapToLong(DispatchCost::kvBytes).sum(),
        costs.stream().mapToDouble(DispatchCost::predictedMicros).sum(),
        costs.stream().mapToDouble(DispatchCost::rooflineMicros).sum());
  }
}
