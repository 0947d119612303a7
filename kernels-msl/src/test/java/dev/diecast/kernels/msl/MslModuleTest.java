package dev.diecast.kernels.msl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.kernels.Access;
import dev.diecast.kernels.msl.MslArgument.Kind;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class MslModuleTest {

  @Test
  void argumentsSayHowTheyArePassed() {
    MslKernel kernel =
        kernel(
            """
            constant bool has_up [[function_constant(3)]];
            [[kernel]] [[max_total_threads_per_threadgroup(2 * 64)]] void k(
                device const half4* w [[buffer(2)]],
                device atomic_uint* count,
                constant Args& args [[buffer(5)]],
                constant float* table,
                device float* up [[buffer(8), function_constant(has_up)]],
                threadgroup float* shared [[threadgroup(0)]],
                threadgroup half* more,
                uint3 tg [[threadgroup_position_in_grid]],
                ushort lane [[thread_index_in_simdgroup]]) {}
            """);
    assertThat(kernel.maxThreads()).hasValue(128);
    assertThat(kernel.arguments())
        .extracting(MslArgument::name, MslArgument::kind, MslArgument::index)
        .containsExactly(
            tuple("w", Kind.BUFFER, 2),
            tuple("count", Kind.BUFFER, 3),
            tuple("args", Kind.BYTES, 5),
            tuple("table", Kind.BUFFER, 6),
            tuple("up", Kind.BUFFER, 8),
            tuple("shared", Kind.THREADGROUP, 0),
            tuple("more", Kind.THREADGROUP, 1),
            tuple("tg", Kind.GRID, -1),
            tuple("lane", Kind.GRID, -1));
    assertThat(kernel.argument("w").orElseThrow().access()).isEqualTo(Access.READ);
    assertThat(kernel.argument("count").orElseThrow().access()).isEqualTo(Access.READ_WRITE);
    assertThat(kernel.argument("table").orElseThrow().addressSpace())
        .isEqualTo(AddressSpace.CONSTANT);
    assertThat(kernel.argument("up").orElseThrow().enabledBy()).isEqualTo("has_up");
    assertThat(kernel.argument("tg").orElseThrow().semantic())
        .isEqualTo(GridSemantic.THREADGROUP_POSITION_IN_GRID);
  }

  @Test
  void instantiationsFillInTheTemplate() {
    MslModule module =
        module(
            """
            #define ROWS 4
            template <typename T, int N = ROWS, void (*load)(device const T*, thread T&) = plain>
            kernel void k(device const vec<T, 4>* x, device T* y) {
              threadgroup T part[N * 8][2];
              if (y) { threadgroup float one; }
              threadgroup T* not_memory = part[0];
            }
            typedef decltype(k<float>) k_t;
            template [[host_name("k_" "f16")]] kernel k_t k<half, (ROWS >> 1)>;
            template [[host_name("k_f32")]] [[kernel]] void k<float>(device const float4*, device float*);
            """);
    MslKernel half = module.kernel("k_f16").orElseThrow();
    assertThat(half.templateArguments()).containsExactly("half", "(ROWS>>1)");
    assertThat(half.argument("x").orElseThrow().elementType()).isEqualTo("vec<half, 4>");
    assertThat(half.threadgroupVariables())
        .extracting(ThreadgroupVariable::name, v -> v.bytes().orElse(-1))
        .containsExactly(tuple("part", 2L * 8 * 2 * 2), tuple("one", 4L));
    assertThat(module.kernel("k_f32").orElseThrow().staticThreadgroupBytes())
        .hasValue(4 * 8 * 2 * 4 + 4);
  }

  @Test
  void structsAreLaidOutAsMetalDoes() {
    MslModule module =
        module(
            """
            enum Mode : uchar { a, b = 5, c };
            constant int N = c + 2;
            using index = uint32_t;
            struct Inner { half d; union { struct { half lo; half hi; }; half2 both; }; };
            typedef struct { uchar q[N / 2]; } block;
            struct Args {
              index n; Mode mode; float3 v; packed_float3 p;
              Inner inner[2]; device float* next; block last; float4x4 m; bool flag;
              float sum() const { return v.x; }
            };
            struct Derived : Args { int more; };
            """);
    assertThat(module.struct("Inner").orElseThrow().bytes()).isEqualTo(8);
    assertThat(module.struct("block").orElseThrow().bytes()).isEqualTo(4);
    StructLayout args = module.struct("Args").orElseThrow();
    assertThat(args.fields())
        .extracting(StructLayout.Field::name, StructLayout.Field::offset)
        .containsExactly(
            tuple("n", 0L),
            tuple("mode", 4L),
            tuple("v", 16L),
            tuple("p", 32L),
            tuple("inner", 44L),
            tuple("next", 64L),
            tuple("last", 72L),
            tuple("m", 80L),
            tuple("flag", 144L));
    assertThat(args.bytes()).isEqualTo(160);
    assertThat(args.alignment()).isEqualTo(16);
    assertThat(module.struct("Derived")).isEmpty();
  }

  @Test
  void functionConstantsAndWhatFollowsFromThem() {
    MslModule module =
        module(
            """
            #define FIRST 100
            constant int up_type [[function_constant(FIRST + 1)]];
            constant bool has_up = up_type >= 0;
            constant bool both = has_up && up_type != 3;
            constant float table[2] = {1, 2};
            """);
    assertThat(module.functionConstants())
        .containsExactly(new FunctionConstant(101, "up_type", "int"));
    assertThat(module.derivedConstants())
        .containsExactly(
            new DerivedConstant("has_up", "bool", "up_type>=0"),
            new DerivedConstant("both", "bool", "has_up&&up_type!=3"));
  }

  @Test
  void sharedIndicesNeedFunctionConstants() {
    MslModule module =
        module(
            """
            constant bool a [[function_constant(0)]];
            constant bool b = !a;
            kernel void k(device float* x [[buffer(0), function_constant(a)]],
                          device half* y [[buffer(0), function_constant(b)]]) {}
            """);
    assertThat(module.kernel("k").orElseThrow().arguments()).hasSize(2);
    assertThatThrownBy(() ->
            module(
                """
                constant bool a [[function_constant(0)]];
                kernel void k(device float* x [[buffer(0), function_constant(a)]],
                              device half* y [[buffer(0)]]) {}
                """))
        .hasMessage("text.metal:3: y: buffer(0) is taken");
  }

  @Test
  void hugeAndHostileTextEndsInAnError() {
    assertThatThrownBy(() -> module("(".repeat(100_000))).isInstanceOf(MslException.class);
    assertThatThrownBy(() -> module("kernel void k(" + "<".repeat(100_000)))
        .isInstanceOf(MslException.class);
    String deep = "constant int n = " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + ";";
    assertThat(module(deep + "struct S { int a[n]; };").structs()).isEmpty();
    assertThat(module("#define A A\nstruct S { int a[A]; };").structs()).isEmpty();
    assertThatThrownBy(() -> module("template\nkernel void k<")).isInstanceOf(MslException.class);
    assertThatThrownBy(() -> module("kernel [[")).isInstanceOf(MslException.class);
    assertThatThrownBy(() -> module("kernel [[]] void k(device float*) {}"))
        .isInstanceOf(MslException.class);
    assertThatThrownBy(
            () -> module("kernel void k(device float x[4294967296][4294967296][[buffer(99)]]) {}"))
        .isInstanceOf(MslException.class);
    assertThat(module("struct S { int a[4294967296][4294967296]; };").structs()).isEmpty();
  }

  private static MslModule module(String text) {
    return MslModule.parse(MslSource.ofText("text.metal", text));
  }

  private static MslKernel kernel(String text) {
    return module(text).kernel("k").orElseThrow();
  }

  private static Tuple tuple(Object... values) {
    return Tuple.tuple(values);
  }
}
