package dev.diecast.plans.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InPlaceTest {
  private static final Pattern PROMISE = Pattern.compile("(\\w+) may be (\\w+)(?: or (\\w+))?");

  /** The table says in data what the contracts say in words. */
  @Test
  void allowsExactlyWhatTheContractsPromise() {
    Set<InPlace.Pair> promised = new HashSet<>();
    for (KernelContract contract : KernelCatalog.all()) {
      Matcher promise = PROMISE.matcher(contract.meaning());
      while (promise.find()) {
        for (int group = 2; group <= promise.groupCount(); group++) {
          if (promise.group(group) != null) {
            promised.addAll(pairs(contract, promise.group(1), promise.group(group)));
          }
        }
      }
    }

    assertThat(InPlace.PAIRS).containsExactlyInAnyOrderElementsOf(promised);
  }

  /** What is promised of {@code y_i} holds for each number i that slots have. */
  private static List<InPlace.Pair> pairs(KernelContract contract, String one, String other) {
    if (!one.endsWith("_i")) {
      return List.of(pair(contract, one, other));
    }
    String y = one.substring(0, one.length() - 1);
    String x = other.substring(0, other.length() - 1);
    return contract.slots().stream()
        .filter(slot -> slot.name().startsWith(y))
        .map(slot -> slot.name().substring(y.length()))
        .map(number -> pair(contract, y + number, x + number))
        .toList();
  }

  private static InPlace.Pair pair(KernelContract contract, String one, String other) {
    return contract.slot(one).access().writes()
        ? new InPlace.Pair(contract.name(), other, one)
        : new InPlace.Pair(contract.name(), one, other);
  }
}
