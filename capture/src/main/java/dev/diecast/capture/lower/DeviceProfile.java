package dev.diecast.capture.lower;

import dev.diecast.plans.PlanException;
import java.util.List;

/**
 * What lowering knows of a device. The numbers of a device stand here and nowhere else.
 *
 * @param name {@code cpu}, {@code metal} or {@code cuda}
 * @param decodeSplits parts of the context that one head's attention is cut into when a step has
 *     one token: enough work items to fill the device
 * @param prefillSplits the same when a step has many tokens, which fill the cpu by themselves; on a
 *     GPU a threadgroup that walked all of a long context alone would end last
 */
public record DeviceProfile(String name, int decodeSplits, int prefillSplits) {
  private static final List<DeviceProfile> ALL =
      List.of(
          new DeviceProfile("cpu", 8, 1),
          new DeviceProfile("metal", 16, 4),
          new DeviceProfile("cuda", 32, 4));

  /** The device of that name; an error that lists them otherwise. */
  public static DeviceProfile of(String name) {
    return ALL.stream()
        .filter(device -> device.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new PlanException(
                "no device is called '"
                    + name
                    + "'; there are "
                    + String.join(", ", ALL.stream().map(DeviceProfile::name).toList())));
  }

  /** This device with another number of decode splits; 0 keeps its own. */
  public DeviceProfile withDecodeSplits(int splits) {
    return splits == 0 ? this : new DeviceProfile(name, splits, prefillSplits);
  }

  /** Whether it runs the MSL kernels. */
  boolean gpu() {
    return !name.equals("cpu");
  }

  /** Context splits of a program for that many tokens. */
  int splits(int tokens) {
    return tokens == 1 ? decodeSplits : prefillSplits;
  }
}
