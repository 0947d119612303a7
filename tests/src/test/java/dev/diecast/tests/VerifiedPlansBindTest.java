package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgStruct;
import dev.diecast.kernels.ArgType;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.cpu.CpuDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The verifier and the cpu device judge arguments apart from each other. What the verifier lets
 * pass, the device binds: so no argument leads out of a buffer that only the device would notice.
 */
final class VerifiedPlansBindTest {
  private static final int MUTATIONS = 120;

  static List<OracleModel> models() {
    return OracleModels.bundled();
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatTheVerifierLetsPassTheDeviceBinds(OracleModel model) {
    Random random = new Random(model.name().hashCode());
    try (GgufFile file = GgufFile.open(model.gguf())) {
      for (String passes : List.of("", "-fuse")) {
        CompileOptions options =
            CompileOptions.DEFAULTS
                .withContext(16)
                .withPrefillTokens(4)
                .withPasses(PassSelection.parse(passes));
        Plan plan = PlanCompiler.compile(file, options);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
          Plan mutant = mutant(plan, random);
          if (PlanVerifier.verify(mutant).isEmpty()) {
            assertThatCode(() -> CpuDevice.open(mutant, List.of(file.part(0)), 1).close())
                .as("mutation %d", i)
                .doesNotThrowAnyException();
          } else {
            refused++;
          }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 3);
      }
    }
  }

  /** The plan with one argument of one dispatch changed. */
  private static Plan mutant(Plan p, Random random) {
    List<Program> programs = new ArrayList<>(p.programs());
    int which = random.nextInt(programs.size());
    Program program = programs.get(which);
    List<Dispatch> dispatches = new ArrayList<>(program.dispatches());
    int at = random.nextInt(dispatches.size());
    Dispatch d = dispatches.get(at);
    ArgStruct struct = KernelCatalog.get(p.kernels().get(d.kernel()).name()).args();
    dispatches.set(at, d.withArgs(changed(struct, d.args(), random)));
    programs.set(which, program.withDispatches(dispatches));
    return p.withPrograms(programs);
  }

  private static byte[] changed(ArgStruct struct, byte[] args, Random random) {
    List<ArgField> whole = struct.fields().stream().filter(f -> f.type() != ArgType.F32).toList();
    ArgField field = whole.get(random.nextInt(whole.size()));
    ByteBuffer bytes = ByteBuffer.wrap(args.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int at = struct.offsetOf(field.name());
    if (field.type() == ArgType.I64) {
      bytes.putLong(at, other(bytes.getLong(at), random));
    } else {
      bytes.putInt(at, (int) other(bytes.getInt(at), random));
    }
    return bytes.array();
  }

  private static long other(long value, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> value + 1;
      case 3 -> value - 1;
      case 4 -> value * 2;
      case 5 -> value / 2;
      case 6 -> -value;
      default -> Integer.MAX_VALUE;
    };
  }
}
