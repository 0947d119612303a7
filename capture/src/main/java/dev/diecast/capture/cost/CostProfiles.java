package dev.diecast.capture.cost;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The checked-in profiles, from {@code profiles.txt} beside this class. */
public final class CostProfiles {
  private static final String RESOURCE = "profiles.txt";

  // The device that a plan's target means when nobody names one.
  private static final Map<String, String> BY_TARGET =
      Map.of("cpu", "generic-cpu", "metal", "m3-pro", "cuda", "h200");

  private static final List<CostProfile> ALL = load();

  private CostProfiles() {}

  /** Every profile, in the order of the file. */
  public static List<CostProfile> all() {
    return ALL;
  }

  /** The profile of that name; an error that lists them otherwise. */
  public static CostProfile of(String name) {
    return ALL.stream()
        .filter(profile -> profile.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new PlanException(
                "no cost profile is called '"
                    + name
                    + "'; there are "
                    + ALL.stream().map(CostProfile::name).collect(Collectors.joining(", "))));
  }

  /** The profile that stands for a plan's target: {@code cpu}, {@code metal} or {@code cuda}. */
  public static CostProfile forTarget(String target) {
    return of(BY_TARGET.getOrDefault(target, "generic-cpu"));
  }

  private static List<CostProfile> load() {
    try (InputStream in =
        Objects.requireNonNull(CostProfiles.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return ProfileText.parse(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
