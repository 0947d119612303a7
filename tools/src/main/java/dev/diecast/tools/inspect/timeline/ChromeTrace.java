package dev.diecast.tools.inspect.timeline;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.KernelLabels;
import dev.diecast.tools.inspect.timeline.Schedule.Span;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schedule in the Chrome trace event format (complete events, times in microseconds), which
 * Perfetto and chrome://tracing open. Thread 0 shows the layers, the threads after it the
 * dispatches; where several ran at once each has a thread of its own.
 */
public final class ChromeTrace {
  private static final int PROCESS = 1;

  private final Program program;
  private final Schedule schedule;
  private final Plan plan;
  private final ArrayNode events;

  private ChromeTrace(Plan plan, Program program, Schedule schedule, ArrayNode events) {
    this.program = program;
    this.schedule = schedule;
    this.plan = plan;
    this.events = events;
  }

  /** The trace of one run of a program as one JSON document. */
  public static String of(Plan plan, Program program, Schedule schedule) {
    if (schedule.spans().size() != program.dispatches().size()) {
      throw new IllegalArgumentException(
          schedule.spans().size() + " times for " + program.dispatches().size() + " dispatches");
    }
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode root = mapper.createObjectNode();
    root.put("displayTimeUnit", "ns");
    root.putObject("otherData")
        .put("times", schedule.basis())
        .put("device", schedule.device())
        .put("model", Display.name(plan.model().name()))
        .put("program", Display.name(program.name()))
        .put("producer", Display.name(plan.producer()));
    new ChromeTrace(plan, program, schedule, root.putArray("traceEvents")).events();
    return mapper.writeValueAsString(root) + "\n";
  }

  private void events() {
    int[] lanes = Lanes.of(schedule.spans());
    int last = -1;
    for (int lane : lanes) {
      last = Math.max(last, lane);
    }
    String times = "%s on %s".formatted(schedule.basis(), schedule.device());
    named("process_name", 0, Display.name(plan.model().name()) + ", " + times);
    named("thread_name", 0, "layers");
    for (int lane = 0; lane <= last; lane++) {
      named("thread_name", lane + 1, lane == 0 ? "dispatches" : "at once " + (lane + 1));
    }
    layers();
    for (int i = 0; i < lanes.length; i++) {
      dispatch(i, lanes[i] + 1);
    }
  }

  private void named(String what, int thread, String name) {
    events
        .addObject()
        .put("ph", "M")
        .put("name", what)
        .put("pid", PROCESS)
        .put("tid", thread)
        .putObject("args")
        .put("name", name);
  }

  /** Dispatches in a row of the same layer as one event. */
  private void layers() {
    List<Dispatch> dispatches = program.dispatches();
    int end;
    for (int first = 0; first < dispatches.size(); first = end) {
      int layer = dispatches.get(first).layer();
      double until = 0;
      long bytes = 0;
      for (end = first; end < dispatches.size() && dispatches.get(end).layer() == layer; end++) {
        until = Math.max(until, schedule.spans().get(end).end());
        bytes += schedule.spans().get(end).bytes();
      }
      // Where no barrier parts two layers, the next one begins while this one still works.
      if (end < dispatches.size()) {
        until = Math.min(until, schedule.spans().get(end).start());
      }
      double start = schedule.spans().get(first).start();
      event(
          layer < 0 ? "outside layers" : "layer " + layer,
          0,
          new Span(start, until - start, bytes));
    }
  }

  private ObjectNode event(String name, int thread, Span span) {
    return events
        .addObject()
        .put("ph", "X")
        .put("name", name)
        .put("cat", schedule.basis())
        .put("pid", PROCESS)
        .put("tid", thread)
        .put("ts", span.start())
        .put("dur", span.duration());
  }

  private void dispatch(int index, int thread) {
    Dispatch dispatch = program.dispatches().get(index);
    Span span = schedule.spans().get(index);
    ObjectNode args = event(Display.name(dispatch.label()), thread, span).putObject("args");
    args.put("dispatch", index)
        .put("kernel", KernelLabels.of(plan, dispatch))
        .put("layer", dispatch.layer())
        .put("barrier_before", dispatch.barrierBefore())
        .put("weight_bytes", dispatch.weightBytes())
        .put("bytes", span.bytes())
        .put("flops", dispatch.flops());
    if (span.duration() > 0) {
      args.put("gb_per_s", Math.round(span.bytes() / span.duration()) / 1e3);
    }
    ArrayNode ops = args.putArray("source_ops");
    dispatch.sourceOps().forEach(op -> ops.add(Display.name(op)));
  }
}
