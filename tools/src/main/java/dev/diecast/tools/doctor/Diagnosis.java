package dev.diecast.tools.doctor;

import dev.diecast.bindings.objc.MetalException;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.model.ByteCount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was found, and what follows from it.
 *
 * @param sections facts
 * @param uses what Diecast will use and why, a sentence each
 */
public record Diagnosis(List<Section> sections, List<String> uses) {
  /** Copies the lists. */
  public Diagnosis {
    sections = List.copyOf(sections);
    uses = List.copyOf(uses);
  }

  /**
   * Looks at this machine.
   *
   * @param folder where compiled kernels lie
   */
  public static Diagnosis here(Path folder) throws IOException {
    List<Section> sections = new ArrayList<>(HostSections.all());
    List<String> uses = new ArrayList<>();
    uses.add(HostSections.use());
    List<MetalFacts> gpus = List.of();
    String problem = MetalFacts.problem().orElse("");
    try {
      gpus = problem.isEmpty() ? MetalFacts.all() : gpus;
    } catch (MetalException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (gpus.isEmpty()) {
      sections.add(Section.named("metal").with("available", false).with("why", problem).done());
      uses.add("metal: cannot be used: " + problem);
    } else {
      sections.addAll(GpuSections.of(gpus));
      uses.addAll(GpuUse.of(gpus.getFirst()));
    }
    sections.add(CompiledKernels.section(folder));
    uses.addAll(CompiledKernels.use(folder));
    return new Diagnosis(sections, uses);
  }

  /** Writes it for people, in a form that can be pasted into an issue. */
  public void printText(Console console) throws IOException {
    for (Section section : sections) {
      console.println(section.name());
      for (Map.Entry<String, Object> fact : section.facts().entrySet()) {
        console.line("  %-26s %s", words(fact.getKey()), text(fact));
      }
    }
    console.println("what Diecast will use");
    for (String use : uses) {
      console.line("  %s", Display.text(use, Integer.MAX_VALUE - 1));
    }
  }

  private static String words(String name) {
    return name.replaceFirst("_bytes$", "").replace('_', ' ');
  }

  private static String text(Map.Entry<String, Object> fact) {
    return switch (fact.getValue()) {
      case Boolean yes -> yes ? "yes" : "no";
      case Long bytes when fact.getKey().endsWith("_bytes") -> ByteCount.of(bytes);
      case List<?> list ->
          list.stream()
              .map(item -> Display.text(String.valueOf(item), 1000))
              .collect(Collectors.joining(", "));
      default -> Display.text(String.valueOf(fact.getValue()), 1000);
    };
  }

  /** Writes the documented JSON document. */
  public void printJson(Console console) throws IOException {
    ObjectNode root = Json.object();
    root.put("kind", "doctor");
    ArrayNode list = root.putArray("sections");
    for (Section section : sections) {
      ObjectNode node = list.addObject().put("name", section.name());
      section.facts().forEach((name, value) -> put(node, name, value));
    }
    ArrayNode used = root.putArray("uses");
    uses.forEach(used::add);
    Json.write(root, console.out());
  }

  private static void put(ObjectNode node, String name, Object value) {
    switch (value) {
      case Boolean yes -> node.put(name, yes);
      case Long number -> node.put(name, number);
      case List<?> items -> {
        ArrayNode array = node.putArray(name);
        items.forEach(item -> array.add(String.valueOf(item)));
      }
      default -> node.put(name, String.valueOf(value));
    }
  }
}
